//! Users that carry out flows.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use harness_core::value::Value;
use tokio::time::{Instant, sleep};

use super::connected::Crew;
use super::history::Mark;
use super::replies::Answer;
use super::station::Station;
use super::watch::{Awaited, Awaiting, Taken};
use crate::load::engine::{CycleError, Identity, Recorder, User};
use crate::load::flow::{Argument, Program, ReadyStep, ReadyUntil, Surroundings, Text};
use crate::load::measure::{ResultClass, Sample};

/// A user that carries out flows on its device.
/// [`ConnectedFleet::flows`](super::ConnectedFleet::flows) makes them.
pub struct FleetUser {
    identity: Identity,
    random: fastrand::Rng,
    cycle: u64,
    /// Where its device is among all.
    place: usize,
    crew: Arc<Crew>,
    program: Arc<Program>,
}

/// One step under way.
struct Doing<'a> {
    station: &'a Station,
    recorder: &'a Recorder,
    around: Surroundings<'a>,
    /// When it should begin.
    planned: Instant,
    measured: bool,
}

impl FleetUser {
    pub(super) fn new(identity: Identity, crew: Arc<Crew>, program: Arc<Program>) -> FleetUser {
        FleetUser {
            identity,
            random: fastrand::Rng::with_seed(identity.seed),
            cycle: 0,
            place: crew.place(identity),
            crew,
            program,
        }
    }

    /// Listens to what is waited for.
    async fn listen(&self) -> Result<(), CycleError> {
        let station = &self.crew.stations[self.place];
        let around = self.surroundings(station);
        for flow in &self.program.flows {
            let steps = flow.begin.iter().chain(&flow.steps).chain(&flow.end);
            for until in steps.filter_map(ReadyStep::until) {
                let attribute = until.attribute.filled(&around);
                let heard = match attribute.eq_ignore_ascii_case(&station.charter.state) {
                    true => station.deaf().map_or(Ok(()), |error| Err(error.clone())),
                    false => self.crew.hear(self.place, &attribute).await,
                };
                heard.map_err(|error| {
                    let answer = Answer::of_error(&error);
                    CycleError::new(answer.class, answer.words.unwrap_or_default())
                })?;
            }
        }
        Ok(())
    }

    fn surroundings<'a>(&'a self, station: &'a Station) -> Surroundings<'a> {
        Surroundings {
            user: self.identity.number,
            cycle: self.cycle,
            device: station.name(),
            data: self.program.row(self.identity.number),
        }
    }

    /// Carries out steps, one after the other.
    async fn carry_out(
        &mut self,
        recorder: &Recorder,
        steps: &[ReadyStep],
        planned: Instant,
        measured: bool,
    ) -> Result<(), CycleError> {
        let mut planned = planned;
        for step in steps {
            if let ReadyStep::Pause(shortest, longest) = step {
                let more = (*longest - *shortest).mul_f64(self.random.f64());
                sleep(*shortest + more).await;
                planned = Instant::now();
                continue;
            }
            let station = &self.crew.stations[self.place];
            planned = recorder.admitted(planned).await;
            let doing = Doing {
                station,
                recorder,
                around: self.surroundings(station),
                planned,
                measured,
            };
            planned = doing.step(step).await?;
        }
        Ok(())
    }
}

impl Doing<'_> {
    /// Carries out one step, and says when it ended.
    async fn step(&self, step: &ReadyStep) -> Result<Instant, CycleError> {
        match step {
            ReadyStep::Command {
                action,
                command,
                argument,
                until,
                may_be_rejected,
            } => {
                let argument = argument
                    .as_ref()
                    .map_or(Value::Void, |it| it.filled(&self.around));
                let taken = (action.as_str(), *may_be_rejected);
                self.command(taken, command, argument, until.as_ref()).await
            }
            ReadyStep::Read {
                action,
                attribute,
                expect,
            } => self.read(action, attribute, expect.as_ref()).await,
            ReadyStep::Write {
                action,
                attribute,
                value,
            } => self.write(action, attribute, value).await,
            ReadyStep::Wait(until) => self.wait(until, None, None, self.planned).await,
            ReadyStep::Pause(..) => Ok(self.planned),
        }
    }

    async fn command(
        &self,
        (action, may_be_rejected): (&str, bool),
        command: &Text,
        argument: Value,
        until: Option<&ReadyUntil>,
    ) -> Result<Instant, CycleError> {
        let command = command.filled(&self.around);
        let user = self.around.user;
        // what is news of another attribute is news after this
        let other = until.map(|until| until.attribute.filled(&self.around));
        let other = other.filter(|it| !it.eq_ignore_ascii_case(&self.station.charter.state));
        let other = other.map(|it| self.station.mark_of(&it));
        let sent = self.station.send(&command, argument, user).await;
        let answer = &sent.answer;
        self.record(&Sample {
            action,
            from: sent.from.as_deref(),
            class: answer.class,
            planned: self.planned,
            begun: sent.begun,
            ended: sent.ended,
            error: answer.words.as_deref(),
        });
        match (answer.class, until) {
            (ResultClass::Ok, Some(until)) => {
                let mark = Some(other.unwrap_or(sent.mark));
                self.wait(until, mark, sent.taken(), sent.ended).await
            }
            (ResultClass::Ok, None) => Ok(sent.ended),
            (ResultClass::Rejected, _) if may_be_rejected => Ok(sent.ended),
            (class, _) => Err(failed(action, class, sent.answer.words)),
        }
    }

    async fn wait(
        &self,
        until: &ReadyUntil,
        mark: Option<Mark>,
        command: Option<Taken<'_>>,
        begun: Instant,
    ) -> Result<Instant, CycleError> {
        let attribute = until.attribute.filled(&self.around);
        let wanted = until.value.filled(&self.around);
        let is_state = attribute.eq_ignore_ascii_case(&self.station.charter.state);
        let awaiting = Awaiting {
            attribute: (!is_state).then_some(&*attribute),
            mark,
            command,
            within: until.within,
        };
        let is_it = |value: &str| value.eq_ignore_ascii_case(&wanted);
        let (class, words) = match self.station.wait(&awaiting, is_it).await {
            Awaited::Came => (ResultClass::Ok, None),
            Awaited::Vain(class, words) => (class, Some(words)),
            Awaited::Late(now) => {
                let now = now.as_deref().unwrap_or("not known").to_owned();
                let words = format!("{attribute} was {now} after {:?}", until.within);
                (ResultClass::TimedOut, Some(words))
            }
        };
        let sample = Sample::done(&until.action, begun).planned_at(begun);
        let sample = sample.ended_as(class, words.as_deref());
        let ended = sample.ended;
        self.record(&sample);
        match class {
            ResultClass::Ok => Ok(ended),
            class => Err(failed(&until.action, class, words)),
        }
    }

    async fn read(
        &self,
        action: &str,
        attribute: &Text,
        expect: Option<&Text>,
    ) -> Result<Instant, CycleError> {
        let attribute = attribute.filled(&self.around);
        let (from, begun) = (self.station.state(), Instant::now());
        let read = self.station.device.read(&attribute).await;
        let answer = match &read {
            Err(error) => Answer::of_error(error),
            Ok(reading) => {
                let value = reading.value.to_string();
                let expected = expect.map(|it| it.filled(&self.around));
                match expected.filter(|it| !it.eq_ignore_ascii_case(&value)) {
                    None => Answer::DONE,
                    Some(expected) => {
                        let words = format!("{attribute} is {value}, and not {expected}");
                        Answer::ended_as(ResultClass::Unexpected, words)
                    }
                }
            }
        };
        self.done(action, from.as_deref(), begun, answer)
    }

    async fn write(
        &self,
        action: &str,
        attribute: &Text,
        value: &Argument,
    ) -> Result<Instant, CycleError> {
        let attribute = attribute.filled(&self.around);
        let value = value.filled(&self.around);
        let (from, begun) = (self.station.state(), Instant::now());
        let written = self.station.device.write(&attribute, value).await;
        let answer = written
            .as_ref()
            .map_or_else(Answer::of_error, |()| Answer::DONE);
        self.done(action, from.as_deref(), begun, answer)
    }

    fn done(
        &self,
        action: &str,
        from: Option<&str>,
        begun: Instant,
        answer: Answer,
    ) -> Result<Instant, CycleError> {
        let sample = Sample::done(action, begun).planned_at(self.planned);
        let sample = sample.from_state(from);
        let sample = sample.ended_as(answer.class, answer.words.as_deref());
        let ended = sample.ended;
        self.record(&sample);
        match answer.class {
            ResultClass::Ok => Ok(ended),
            class => Err(failed(action, class, answer.words)),
        }
    }

    fn record(&self, sample: &Sample<'_>) {
        if self.measured {
            self.recorder.record(sample);
        }
    }
}

fn failed(action: &str, class: ResultClass, words: Option<String>) -> CycleError {
    let words = words.unwrap_or_else(|| class.to_string());
    CycleError::new(class, format!("{action}: {words}"))
}

impl User for FleetUser {
    async fn begin(&mut self, recorder: &Recorder) -> Result<(), CycleError> {
        self.listen().await?;
        let program = Arc::clone(&self.program);
        for flow in self.own(&program) {
            let steps = &program.flows[flow].begin;
            self.carry_out(recorder, steps, Instant::now(), false)
                .await?;
        }
        Ok(())
    }

    async fn cycle(&mut self, recorder: &Recorder, planned: Instant) -> Result<(), CycleError> {
        let program = Arc::clone(&self.program);
        let user = self.identity.number;
        let flow = program.order.next(user, self.cycle, &mut self.random);
        let steps = &program.flows[flow].steps;
        let done = self.carry_out(recorder, steps, planned, true).await;
        self.cycle += 1;
        done
    }

    async fn end(&mut self, recorder: &Recorder) -> Result<(), CycleError> {
        let program = Arc::clone(&self.program);
        let mut first = Ok(());
        for flow in self.own(&program) {
            let steps = &program.flows[flow].end;
            let done = self.carry_out(recorder, steps, Instant::now(), false).await;
            first = first.and(done);
        }
        first
    }
}

impl FleetUser {
    /// The flows that it ever takes.
    fn own(&self, program: &Program) -> Vec<usize> {
        program.order.of_user(self.identity.number)
    }
}

impl Debug for FleetUser {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("FleetUser")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
