//! A race, and how it is run.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use harness_core::fault::Fault;
use harness_core::state_machine::State;
use serde_json::Value;
use thiserror::Error;
use tokio::time::Instant;

use super::contest::Contest;
use super::finding::RaceFinding;
use super::heat::Field;
use super::history::{History, Response};
use super::judge::judge;
use super::order::Order;
use super::reduce::reduce;
use super::report::{OffsetReport, RaceReport};
use super::standing::Effect;
use super::verdict::Violation;
use crate::lifecycle::{Lifecycle, SystemUnderTest};
use crate::machine::RuleError;
use crate::run::End;

/// How late a state may be told, where nothing else is said.
const LAG: Duration = Duration::from_millis(20);
/// How many heats are run with each offset.
const HEATS: u32 = 10;
/// How long clients take to send, where what they send is held up.
const SENDING: Duration = Duration::from_millis(50);
/// How many commands can be told apart: each has two moments, and their sets are numbers of 64 bits.
const MOST: usize = 30;

/// Commands of several clients at once, held against the state graph: what happens must be what some
/// order of the commands, one at a time, can explain.
///
/// A race is run in heats. For each, systems are started: one for each client, and one more, the last,
/// that only listens and is told how the commands of all clients end; all of them are the same system,
/// seen by different clients, at home. It is brought to
/// the state in which the contest begins, the commands are sent, and all that is told is written down
/// with its time until the system is at rest.
///
/// What is told is believed to have happened [`lag`](Self::with_lag) before, at most, and so much longer as
/// the process was held up while it was heard. A command that leads
/// through a transient state is accepted when its reply says so; so a second one that is accepted while
/// the first is known to be under way is a violation. A reply that does not come says nothing: the command
/// may have been done, or be done later, or never.
///
/// The example races two clients for a lamp in memory; it takes `On` only when it is off.
///
/// ```
/// use std::time::Duration;
///
/// use harness_core::state_machine::{StateGraph, Transition};
/// use harness_explore::lifecycle::{Lifecycle, Reply, SystemUnderTest, Told};
/// use harness_explore::race::{Contest, Race};
/// use harness_explore::RuleError;
/// use std::{cell::RefCell, rc::Rc};
///
/// type Lamp = Rc<RefCell<bool>>;
/// struct Client(Lamp, bool);
///
/// fn name(lamp: bool) -> &'static str {
///     if lamp { "ON" } else { "OFF" }
/// }
///
/// impl SystemUnderTest<&'static str> for Client {
///     async fn send(&mut self, command: &str, _: Option<&str>) -> Result<Reply, RuleError> {
///         let mut lamp = self.0.borrow_mut();
///         if (command == "On") == *lamp {
///             return Ok(Reply::Refused { reason: "it is so already".to_owned() });
///         }
///         *lamp = !*lamp;
///         Ok(Reply::Accepted { command: None })
///     }
///     async fn next(&mut self, within: Duration) -> Result<Option<Told<&'static str>>, RuleError> {
///         let lamp = *self.0.borrow();
///         if lamp == self.1 {
///             tokio::time::sleep(within).await;
///             return Ok(None);
///         }
///         self.1 = lamp;
///         Ok(Some(Told::State(name(lamp))))
///     }
///     async fn state(&mut self) -> Result<&'static str, RuleError> {
///         Ok(name(*self.0.borrow()))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let graph = StateGraph::new()
///     .with(Transition::to("ON").named("On").from(["OFF"]))?
///     .with(Transition::to("OFF").named("Off").from(["ON"]))?;
/// let race = Race::of(Lifecycle::new(&graph, "OFF")).with_heats(3);
/// let two = Contest::from("OFF").with("On").with("On");
/// let report = race
///     .run(&two, async |systems| {
///         let lamp = Lamp::default();
///         Ok((0..systems).map(|_| Client(Rc::clone(&lamp), false)).collect())
///     })
///     .await?;
/// assert_eq!((report.accepted, report.refused, report.hits()), (3, 3, 0));
/// # Ok(())
/// # }
/// ```
pub struct Race<S: State> {
    lifecycle: Lifecycle<S>,
    effect: Option<Effect>,
    lag: Duration,
    heats: u32,
    /// In milliseconds.
    offsets: Vec<i64>,
    limit: Option<Duration>,
    end: End,
    order: Option<Order>,
}

impl<S: State> fmt::Debug for Race<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Race")
            .field("lifecycle", &self.lifecycle)
            .field("lag", &self.lag)
            .field("heats", &self.heats)
            .field("offsets", &self.offsets)
            .finish_non_exhaustive()
    }
}

/// A race that can't be run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RaceError {
    /// The system did not start, did not come to where the race begins, or could not be listened to.
    #[error("the race {contest} can't be run: {reason}")]
    System {
        /// Who was to race.
        contest: String,
        /// What went wrong.
        reason: String,
    },
    /// There are more commands than can be told apart.
    #[error("{given} commands are too many to race; at most {MOST} are possible")]
    TooMany {
        /// How many there are.
        given: usize,
    },
}

impl<S: State> Race<S> {
    /// Races of a system with this lifecycle.
    #[must_use]
    pub fn of(lifecycle: Lifecycle<S>) -> Race<S> {
        Race {
            lifecycle,
            effect: None,
            lag: LAG,
            heats: HEATS,
            offsets: vec![0],
            limit: None,
            end: End::default(),
            order: None,
        }
    }

    /// Says what a command that is done does to what is held: so that an update that gets lost is found.
    /// The order of lists counts; let what is held be sorted.
    #[must_use]
    pub fn with_effect(
        mut self,
        effect: impl Fn(&Value, &str, Option<&str>) -> Value + 'static,
    ) -> Self {
        self.effect = Some(Rc::new(effect));
        self
    }

    /// How late a state may be told; 20 ms without it. It must be shorter than transient states last, or
    /// commands in them can't be told from commands after them.
    #[must_use]
    pub fn with_lag(mut self, lag: Duration) -> Self {
        self.lag = lag;
        self
    }

    /// How many heats are run with each offset; 10 without it, and at least one.
    #[must_use]
    pub fn with_heats(mut self, heats: u32) -> Self {
        self.heats = heats.max(1);
        self
    }

    /// Of two commands, sends the second up to `range` earlier and later than the first, in steps, both
    /// in whole milliseconds.
    #[must_use]
    pub fn with_offsets(mut self, range: Duration, step: Duration) -> Self {
        let whole = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        let (range, step) = (whole(range), whole(step).max(1));
        let steps = range / step;
        self.offsets = (-steps..=steps).map(|count| count * step).collect();
        self
    }

    /// Begins no heat after this time.
    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Begins no heat once this says so; what was seen by then is told.
    #[must_use]
    pub fn ending_when(mut self, asked: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.end = End::when(asked);
        self
    }

    /// Holds up what each client sends, by the fault of its number, and lets it go in this order: each
    /// when the reply to the one before has come. So the order is the same each time, whatever the
    /// timing. Offsets are not swept then.
    #[must_use]
    pub fn in_order(
        mut self,
        holds: impl IntoIterator<Item = Arc<dyn Fault>>,
        turns: impl IntoIterator<Item = usize>,
    ) -> Self {
        self.order = Some(Order {
            holds: holds.into_iter().collect(),
            turns: turns.into_iter().collect(),
            sending: SENDING,
            patience: self.lifecycle.patience(),
        });
        self.offsets = vec![0];
        self
    }

    /// The lifecycle.
    #[must_use]
    pub fn lifecycle(&self) -> &Lifecycle<S> {
        &self.lifecycle
    }

    /// Whether a race can begin in this state: one in which the system stays, and to which commands lead.
    #[must_use]
    pub fn can_begin_in(&self, state: &S) -> bool {
        !self.lifecycle.is_transient(state) && self.lifecycle.way_to(state).is_some()
    }

    /// All pairs of commands, in each state in which the system rests, of which at least one is allowed
    /// there.
    #[must_use]
    pub fn pairs(&self) -> Vec<Contest<S>> {
        let lifecycle = &self.lifecycle;
        let commands = lifecycle.commands();
        let reached = lifecycle.states().filter(|state| self.can_begin_in(state));
        let mut pairs = Vec::new();
        for state in reached {
            for (place, first) in commands.iter().enumerate() {
                for second in commands.iter().skip(place) {
                    let allowed = |it: &&str| lifecycle.way(state, it).is_some();
                    if allowed(first) || allowed(second) {
                        pairs.push(Contest::from(state.clone()).with(*first).with(*second));
                    }
                }
            }
        }
        pairs
    }

    /// Runs a race. `start` is asked for as many systems as it says, for each heat.
    ///
    /// # Errors
    /// When the race can't be run. A race that no order explains is no error: it is in the report.
    pub async fn run<T: SystemUnderTest<S>>(
        &self,
        contest: &Contest<S>,
        mut start: impl AsyncFnMut(usize) -> Result<Vec<T>, RuleError>,
    ) -> Result<RaceReport<S>, RaceError> {
        if contest.entrants.len() > MOST {
            let given = contest.entrants.len();
            return Err(RaceError::TooMany { given });
        }
        let began = Instant::now();
        let mut report = RaceReport {
            contest: contest.clone(),
            offsets: Vec::new(),
            unknown: 0,
            accepted: 0,
            refused: 0,
            seconds: 0.0,
            finding: None,
        };
        let mut first = None;
        for offset in self.offsets_of(contest) {
            let shifted = shifted(contest, offset);
            let mut line = OffsetReport {
                offset,
                heats: 0,
                hits: 0,
            };
            while line.heats < self.heats && self.has_time(began) {
                let (history, violation) = self.heat(&shifted, &mut start).await?;
                line.heats += 1;
                count(&mut report, &history);
                if let Some(violation) = violation {
                    line.hits += 1;
                    first.get_or_insert((shifted.clone(), history, violation));
                }
            }
            report.offsets.push(line);
        }
        if let Some((contest, history, violation)) = first {
            let before = contest.entrants.len();
            let found = reduce(self, contest, (history, violation), &mut start).await?;
            report.finding = Some(RaceFinding { before, ..found });
        }
        report.seconds = began.elapsed().as_secs_f64();
        Ok(report)
    }

    /// Whether it is to end before its time.
    pub(super) fn is_to_end(&self) -> bool {
        self.end.is_wanted()
    }

    /// Runs one heat, and judges it.
    pub(super) async fn heat<T: SystemUnderTest<S>>(
        &self,
        contest: &Contest<S>,
        start: &mut impl AsyncFnMut(usize) -> Result<Vec<T>, RuleError>,
    ) -> Result<(History<S>, Option<Violation>), RaceError> {
        let failed = |error: RuleError| RaceError::System {
            contest: contest.to_string(),
            reason: error.to_string(),
        };
        let systems = start(contest.clients() + 1).await.map_err(failed)?;
        let Some(mut field) = Field::of(systems) else {
            return Err(failed(RuleError::failed("no system was started")));
        };
        if field.clients() < contest.clients() {
            return Err(failed(RuleError::failed(
                "fewer systems were started than asked for",
            )));
        }
        let run = async {
            field.go_to(&contest.from, &self.lifecycle).await?;
            let order = self.order.as_ref();
            field.run(contest, &self.lifecycle, order).await
        };
        let run = run.await;
        let closed = field.close().await;
        let history = run.map_err(failed)?;
        closed.map_err(failed)?;
        let violation = self.verdict(&history);
        Ok((history, violation))
    }

    fn verdict(&self, history: &History<S>) -> Option<Violation> {
        // what holds this process up makes all that it hears late
        let lag = self.lag.saturating_add(history.held_up);
        let explained = judge(history, &self.lifecycle, self.effect.as_ref(), lag);
        let stuck = history
            .to
            .as_ref()
            .filter(|state| self.lifecycle.is_transient(state));
        match (stuck, explained) {
            (Some(state), _) => Some(Violation {
                kind: Violation::STUCK,
                message: format!("{state} is not left within {:?}", self.lifecycle.patience()),
            }),
            (None, Err(violation)) => Some(self.with_lag_in_words(history, violation)),
            (None, Ok(())) => unended(history),
        }
    }

    /// The violation, with how late states would have to be told for some order to explain it: a busy
    /// machine looks like that, too.
    fn with_lag_in_words(&self, history: &History<S>, violation: Violation) -> Violation {
        let longer = |lag: &Duration| {
            let twice = lag.saturating_mul(2).max(Duration::from_millis(1));
            (twice <= self.lifecycle.patience()).then_some(twice)
        };
        let mut lags = std::iter::successors(longer(&self.lag), longer);
        let effect = self.effect.as_ref();
        let enough = lags.find(|lag| judge(history, &self.lifecycle, effect, *lag).is_ok());
        let Some(lag) = enough else { return violation };
        let message = format!(
            "{}; some order explains it if states are told up to {lag:?} late, and the lag is {:?}",
            violation.message, self.lag
        );
        Violation {
            message,
            ..violation
        }
    }

    fn has_time(&self, began: Instant) -> bool {
        !self.is_to_end() && self.limit.is_none_or(|limit| began.elapsed() < limit)
    }

    fn offsets_of(&self, contest: &Contest<S>) -> Vec<i64> {
        if contest.entrants.len() == 2 {
            self.offsets.clone()
        } else {
            vec![0]
        }
    }
}

/// A command that was accepted, and whose end was never told.
fn unended<S: State>(history: &History<S>) -> Option<Violation> {
    let unended = history
        .operations
        .iter()
        .find_map(|it| match &it.response {
            Response::Accepted(Some(identifier)) if history.end_of(identifier).is_none() => {
                Some(identifier)
            }
            _ => None,
        })?;
    Some(Violation {
        kind: Violation::STUCK,
        message: format!("the end of {unended} is never told"),
    })
}

/// The contest with its second command so many milliseconds after the first.
fn shifted<S: State>(contest: &Contest<S>, offset: i64) -> Contest<S> {
    let late = Duration::from_millis(offset.unsigned_abs());
    match offset {
        0 => contest.clone(),
        1.. => contest.with_offsets(&[Duration::ZERO, late]),
        _ => contest.with_offsets(&[late, Duration::ZERO]),
    }
}

fn count<S: State>(report: &mut RaceReport<S>, history: &History<S>) {
    for operation in &history.operations {
        match &operation.response {
            Response::Accepted(_) => report.accepted += 1,
            Response::Refused(_) => report.refused += 1,
            Response::Unknown(_) => report.unknown += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use harness_core::state_machine::{StateGraph, Transition};

    use super::super::history::{Heard, Operation};
    use super::*;

    #[test]
    fn what_held_the_process_up_is_added_to_the_lag() {
        let ms = Duration::from_millis;
        let graph = [("ON", false), ("GOING", true)].into_iter().fold(
            StateGraph::new(),
            |graph, (to, passing)| {
                let on = Transition::to(to).named("On").from(["OFF"]);
                let on = if passing { on.transient() } else { on };
                graph.with(on).unwrap()
            },
        );
        let race = Race::of(Lifecycle::new(&graph, "OFF")).with_lag(ms(20));
        let told = |at, state| (ms(at), Heard::State(state));
        let mut history = History {
            from: "OFF",
            held: Value::Null,
            operations: vec![Operation {
                entrant: Contest::from("OFF").with("On").entrants.remove(0),
                sent: ms(1),
                replied: ms(2),
                response: Response::Accepted(None),
            }],
            told: vec![told(50, "GOING"), told(100, "ON")],
            to: Some("ON"),
            holds: Value::Null,
            ended: ms(200),
            held_up: Duration::ZERO,
        };
        assert!(race.verdict(&history).is_some());
        history.held_up = ms(40);
        assert_eq!(race.verdict(&history), None);
    }
}
