//! A subarray in memory that several clients see, each over a line that takes its time, with a switch for
//! each bug that races should find.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};
use harness_core::state_machine::{StateGraph, Transition};
use harness_explore::RuleError;
use harness_explore::lifecycle::{Input, Lifecycle, Outcome, Reply, SystemUnderTest, Told};
use harness_explore::race::Race;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use Obs::{Aborted, Aborting, Configuring, Empty, Idle, Ready, Resourcing, Restarting};

pub(crate) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// How long what is transient takes.
pub(crate) const TRANSIENT: Duration = ms(50);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Obs {
    Empty,
    Resourcing,
    Idle,
    Configuring,
    Ready,
    Aborting,
    Aborted,
    Restarting,
}

impl fmt::Display for Obs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&format!("{self:?}").to_uppercase())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Add reads what is held, and a millisecond later writes what it makes of that.
    LostUpdate,
    /// A command that comes within ten milliseconds after another is accepted as if that had not come.
    DoubleAccept,
    /// An abort that comes while something is under way does not end that.
    AbortForgets,
    /// When two commands are refused within a millisecond the device gets stuck.
    StuckByRefusals,
    /// The end of a command that was accepted right after a refusal is never told.
    Hushed,
}

enum Happening {
    Become(Obs),
    End(String, Outcome),
    Hold(BTreeSet<String>),
}

pub(crate) struct Device {
    bug: Option<Bug>,
    state: Obs,
    held: BTreeSet<String>,
    commands: u32,
    under_way: Option<String>,
    accepted: Option<(Obs, Instant)>,
    refused: Option<Instant>,
    schedule: Vec<(Instant, Happening)>,
    told: Vec<(Instant, Told<Obs>)>,
}

impl Device {
    fn advance(&mut self) {
        loop {
            let now = Instant::now();
            let due = (0..self.schedule.len())
                .filter(|&place| self.schedule[place].0 <= now)
                .min_by_key(|&place| (self.schedule[place].0, place));
            let Some(due) = due else { return };
            let (at, happening) = self.schedule.remove(due);
            match happening {
                Happening::Become(state) => {
                    self.state = state;
                    self.told.push((at, Told::State(state)));
                }
                Happening::End(command, outcome) => {
                    if self.under_way.as_ref() == Some(&command) {
                        self.under_way = None;
                    }
                    self.told.push((at, Told::Finished { command, outcome }));
                }
                Happening::Hold(held) => self.held = held,
            }
        }
    }

    fn after(&mut self, delay: Duration, happening: Happening) {
        self.schedule.push((Instant::now() + delay, happening));
    }

    fn pass(&mut self, command: &str, passing: Obs, to: Obs) -> Reply {
        self.commands += 1;
        let identifier = format!("{}_{command}", self.commands);
        if self.state != passing {
            self.accepted = Some((self.state, Instant::now()));
            self.after(Duration::ZERO, Happening::Become(passing));
        }
        self.after(TRANSIENT, Happening::Become(to));
        let just_now = |at: Instant| at.elapsed() <= ms(1);
        if !(self.bug == Some(Bug::Hushed) && self.refused.is_some_and(just_now)) {
            let outcome = Outcome::Done;
            self.after(TRANSIENT, Happening::End(identifier.clone(), outcome));
        }
        self.under_way = Some(identifier.clone());
        self.advance();
        Reply::Accepted {
            command: Some(identifier),
        }
    }

    fn abort(&mut self) -> Reply {
        if self.bug != Some(Bug::AbortForgets) {
            self.schedule.clear();
            if let Some(command) = self.under_way.take() {
                let outcome = Outcome::Aborted;
                self.told
                    .push((Instant::now(), Told::Finished { command, outcome }));
            }
        }
        self.pass("Abort", Aborting, Aborted)
    }

    /// The state by which it decides what is allowed.
    fn deciding(&self) -> Obs {
        match self.accepted {
            Some((before, at))
                if self.bug == Some(Bug::DoubleAccept)
                    && at.elapsed() <= ms(10)
                    && matches!(self.state, Resourcing | Configuring | Restarting) =>
            {
                before
            }
            _ => self.state,
        }
    }

    fn obey(&mut self, command: &str, input: Option<&str>) -> Reply {
        self.advance();
        match (command, self.deciding()) {
            ("AssignResources", Empty) => {
                let held = BTreeSet::from(["first".to_owned()]);
                self.after(TRANSIENT, Happening::Hold(held));
                self.pass(command, Resourcing, Idle)
            }
            ("Add", Idle) => {
                let mut held = self.held.clone();
                held.insert(input.unwrap_or("nothing").to_owned());
                let late = if self.bug == Some(Bug::LostUpdate) {
                    1
                } else {
                    0
                };
                self.after(ms(late), Happening::Hold(held));
                self.advance();
                Reply::Accepted { command: None }
            }
            ("Configure", Idle | Ready) => self.pass(command, Configuring, Ready),
            ("End", Ready) => {
                self.after(Duration::ZERO, Happening::Become(Idle));
                self.advance();
                Reply::Accepted { command: None }
            }
            ("Abort", Resourcing | Idle | Configuring | Ready) => self.abort(),
            ("Restart", Aborted) => {
                self.after(TRANSIENT, Happening::Hold(BTreeSet::new()));
                self.pass(command, Restarting, Empty)
            }
            (command, state) => {
                let just_now = self.refused.is_some_and(|at| at.elapsed() <= ms(1));
                if just_now && self.bug == Some(Bug::StuckByRefusals) {
                    self.schedule.clear();
                    self.after(Duration::ZERO, Happening::Become(Configuring));
                }
                self.refused = Some(Instant::now());
                Reply::Refused {
                    reason: format!("{command} is not allowed in {state}"),
                }
            }
        }
    }
}

/// A client of the device.
pub(crate) struct Client {
    device: Rc<RefCell<Device>>,
    /// How much was told before.
    heard: usize,
    told: VecDeque<Told<Obs>>,
    pub(crate) line: Line,
}

/// The way to the device.
#[derive(Clone)]
pub(crate) struct Line {
    /// How long each way takes.
    pub(crate) takes: Duration,
    /// What holds up commands.
    pub(crate) gate: Option<Hold>,
    /// The reply is not waited for so long: the command may be on its way still.
    pub(crate) timeout: Duration,
    /// How much later commands arrive.
    pub(crate) late: Duration,
}

impl Default for Line {
    fn default() -> Line {
        Line {
            takes: ms(1),
            gate: None,
            timeout: ms(60_000),
            late: Duration::ZERO,
        }
    }
}

/// Clients of a new device.
pub(crate) fn clients(bug: Option<Bug>, lines: Vec<Line>) -> Vec<Client> {
    let device = Rc::new(RefCell::new(Device {
        bug,
        state: Empty,
        held: BTreeSet::new(),
        commands: 0,
        under_way: None,
        accepted: None,
        refused: None,
        schedule: Vec::new(),
        told: Vec::new(),
    }));
    let client = |line| Client {
        device: Rc::clone(&device),
        heard: 0,
        told: VecDeque::new(),
        line,
    };
    lines.into_iter().map(client).collect()
}

impl SystemUnderTest<Obs> for Client {
    async fn send(&mut self, command: &str, input: Option<&str>) -> Result<Reply, RuleError> {
        let (device, line) = (Rc::clone(&self.device), self.line.clone());
        let (command, input) = (command.to_owned(), input.map(str::to_owned));
        let (reply, replied) = tokio::sync::oneshot::channel();
        let travel = async move {
            if let Some(gate) = &line.gate {
                gate.passed().await;
            }
            sleep(line.takes + line.late).await;
            let answer = device.borrow_mut().obey(&command, input.as_deref());
            sleep(line.takes).await;
            reply.send(answer).ok();
        };
        // it goes on also when nobody waits any more
        tokio::task::spawn_local(travel);
        Ok(tokio::time::timeout(self.line.timeout, replied).await??)
    }

    async fn next(&mut self, within: Duration) -> Result<Option<Told<Obs>>, RuleError> {
        let deadline = Instant::now() + within;
        loop {
            let next = {
                let mut device = self.device.borrow_mut();
                device.advance();
                let arrives = |at: Instant| at + self.line.takes;
                while let Some((at, told)) = device.told.get(self.heard)
                    && arrives(*at) <= Instant::now()
                {
                    self.told.push_back(told.clone());
                    self.heard += 1;
                }
                let under_way = device.told.get(self.heard).map(|(at, _)| arrives(*at));
                let to_come = device.schedule.iter().map(|(due, _)| *due);
                to_come.chain(under_way).min()
            };
            if let Some(told) = self.told.pop_front() {
                return Ok(Some(told));
            }
            // others may have sent something meanwhile
            let look = Instant::now() + ms(1);
            let until = next.unwrap_or(look).min(look).min(deadline);
            if Instant::now() >= deadline {
                return Ok(None);
            }
            sleep_until(until).await;
        }
    }

    async fn state(&mut self) -> Result<Obs, RuleError> {
        let mut device = self.device.borrow_mut();
        device.advance();
        Ok(device.state)
    }

    async fn holdings(&mut self) -> Result<Value, RuleError> {
        let mut device = self.device.borrow_mut();
        device.advance();
        Ok(json!(device.held))
    }
}

/// Holds up commands while it is on.
#[derive(Clone, Debug)]
pub(crate) struct Hold(Arc<watch::Sender<bool>>);

impl Hold {
    pub(crate) fn new() -> Hold {
        Hold(Arc::new(watch::Sender::new(false)))
    }

    async fn passed(&self) {
        let mut on = self.0.subscribe();
        on.wait_for(|on| !on).await.expect("the sender is in self");
    }
}

impl Fault for Hold {
    fn describe(&self) -> String {
        "commands are held up".to_owned()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async {
            self.0.send_replace(true);
            let sender = Arc::clone(&self.0);
            Ok(FaultGuard::new(self.describe(), async move {
                sender.send_replace(false);
                Ok(())
            }))
        })
    }
}

pub(crate) fn lifecycle() -> Lifecycle<Obs> {
    let to = |command: &str, to| Transition::to(to).named(command);
    let busy = [Resourcing, Idle, Configuring, Ready];
    let transitions = [
        to("AssignResources", Idle).from([Empty]),
        to("AssignResources", Resourcing).from([Empty]).transient(),
        to("Add", Idle).from([Idle]),
        to("Configure", Ready).from([Idle, Ready]),
        to("Configure", Configuring).from([Idle, Ready]).transient(),
        to("End", Idle).from([Ready]),
        to("Abort", Aborted).from(busy),
        to("Abort", Aborting).from(busy).transient(),
        to("Restart", Empty).from([Aborted]),
        to("Restart", Restarting).from([Aborted]).transient(),
    ];
    let graph = transitions
        .into_iter()
        .fold(StateGraph::new(), |graph, transition| {
            graph.with(transition).unwrap()
        });
    Lifecycle::new(&graph, Empty)
        .with_inputs("Add", [Input::valid("A"), Input::valid("B")])
        .with_patience(ms(1000))
}

/// Races for the subarray, with what its commands do to what it holds.
pub(crate) fn race() -> Race<Obs> {
    Race::of(lifecycle()).with_effect(|held, command, input| {
        let names = held.as_array().into_iter().flatten();
        let mut names: BTreeSet<String> = names
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        match command {
            "AssignResources" => names = BTreeSet::from(["first".to_owned()]),
            "Add" => _ = names.insert(input.unwrap_or("nothing").to_owned()),
            "Restart" => names.clear(),
            _ => {}
        }
        json!(names)
    })
}
