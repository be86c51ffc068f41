//! A subarray in memory, with a switch for each defect that exploring should find.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use harness_core::state_machine::{StateGraph, Transition};
use harness_explore::RuleError;
use harness_explore::lifecycle::{Input, Lifecycle, Outcome, Reply, SystemUnderTest, Told};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use Obs::{
    Aborted, Aborting, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing, Restarting,
    Scanning,
};

/// How long what is transient takes.
const TRANSIENT: Duration = Duration::from_millis(30);
/// How long an abort takes: longer than what it interrupts.
const ABORTING: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Obs {
    Empty,
    Resourcing,
    Idle,
    Configuring,
    Ready,
    Scanning,
    Aborting,
    Aborted,
    Resetting,
    Restarting,
    Fault,
}

impl fmt::Display for Obs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&format!("{self:?}").to_uppercase())
    }
}

/// What can be wrong with the subarray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// What an abort interrupts goes on, and ends over its result.
    LostUpdate,
    /// Configuring with the largest input a second time never ends.
    StuckTransient,
    /// Configure is accepted again while it is under way, and forgotten.
    DoubleAccept,
    /// Scan is told to have ended when the scan has: no defect, but to be said.
    LongScan,
    /// ObsReset leads to EMPTY where nothing is assigned: no defect, but to be said.
    EmptyReset,
    /// Scan is accepted while Configure is under way, and waits for its turn.
    Queue,
    /// What is told of states comes two seconds late.
    SlowEvents,
    /// An abort of a scan ends in IDLE.
    WrongStateAfterAbort,
    /// The end of a scan tells the scan once more, later.
    LateEvent,
    /// A restart after an abort in READY keeps resources.
    Leak,
    /// ObsReset is never told to have ended.
    ReplyWithoutResult,
    /// EndScan is told to have ended in failure.
    FailedResult,
    /// A Scan that is refused in IDLE takes a resource.
    RefusalChanges,
    /// Configure takes an input that is broken, when configured already.
    BrokenAccepted,
    /// End is refused after a scan.
    RefusedThoughAllowed,
    /// RESTARTING is not told.
    MissingEvent,
    /// A reset says IDLE and is in READY.
    ReadOtherwise,
}

/// How quick a subarray is, and how quickly what it tells arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    Usual,
    /// It has left transient states before anything else can be sent.
    Quick,
    /// What it tells arrives after it has done the next thing.
    Lagging,
}

enum Happening {
    Become(Obs),
    Tell(Told<Obs>),
    Hold(u32),
}

pub(crate) struct Subarray {
    bug: Option<Bug>,
    pace: Pace,
    state: Obs,
    resources: u32,
    configured: u32,
    scanned: bool,
    scanning: Option<String>,
    commands: u32,
    under_way: Option<String>,
    schedule: Vec<(Instant, Happening)>,
    told: VecDeque<(Instant, Told<Obs>)>,
}

impl Subarray {
    pub(crate) fn new(bug: Option<Bug>) -> Subarray {
        Subarray {
            bug,
            pace: Pace::Usual,
            state: Empty,
            resources: 0,
            configured: 0,
            scanned: false,
            scanning: None,
            commands: 0,
            under_way: None,
            schedule: Vec::new(),
            told: VecDeque::new(),
        }
    }

    pub(crate) fn at_pace(pace: Pace) -> Subarray {
        Subarray {
            pace,
            ..Subarray::new(None)
        }
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    /// Makes happen what is due.
    fn advance(&mut self) {
        loop {
            let now = Instant::now();
            let due = (0..self.schedule.len())
                .filter(|&place| self.schedule[place].0 <= now)
                .min_by_key(|&place| (self.schedule[place].0, place));
            let Some(due) = due else { return };
            match self.schedule.remove(due).1 {
                Happening::Become(state) => {
                    self.state = state;
                    if !(self.has(Bug::MissingEvent) && state == Restarting) {
                        self.tell(Told::State(state));
                    }
                }
                Happening::Tell(told) => {
                    if let Told::Finished { command, .. } = &told
                        && self.under_way.as_ref() == Some(command)
                    {
                        self.under_way = None;
                    }
                    self.tell(told);
                }
                Happening::Hold(resources) => self.resources = resources,
            }
        }
    }

    fn tell(&mut self, told: Told<Obs>) {
        let lag = match self.pace {
            Pace::Lagging => 2 * TRANSIENT,
            Pace::Usual | Pace::Quick => Duration::ZERO,
        };
        let slow = self.has(Bug::SlowEvents) && matches!(told, Told::State(_));
        let lag = if slow { Duration::from_secs(2) } else { lag };
        let due = Instant::now() + lag;
        let later = self.told.iter().position(|(other, _)| *other > due);
        let place = later.unwrap_or(self.told.len());
        self.told.insert(place, (due, told));
    }

    fn after(&mut self, delay: Duration, happening: Happening) {
        let delay = match self.pace {
            Pace::Quick => Duration::ZERO,
            Pace::Usual | Pace::Lagging => delay,
        };
        self.schedule.push((Instant::now() + delay, happening));
    }

    /// Passes a state, ends in another, and tells of it.
    fn pass(&mut self, command: &str, passing: Option<Obs>, to: Obs, takes: Duration) -> Reply {
        self.commands += 1;
        let identifier = format!("{}_{command}", self.commands);
        if let Some(passing) = passing {
            self.after(Duration::ZERO, Happening::Become(passing));
        }
        self.after(takes, Happening::Become(to));
        let outcome = if self.has(Bug::FailedResult) && command == "EndScan" {
            Outcome::Failed("no beam".to_owned())
        } else {
            Outcome::Done
        };
        if !(self.has(Bug::ReplyWithoutResult) && command == "ObsReset") {
            let command = identifier.clone();
            self.after(takes, Happening::Tell(Told::Finished { command, outcome }));
        }
        self.under_way = Some(identifier.clone());
        self.advance();
        Reply::Accepted {
            command: Some(identifier),
        }
    }

    fn configure(&mut self, input: Option<&str>) -> Reply {
        if input == Some("no beam") && !(self.has(Bug::BrokenAccepted) && self.state == Ready) {
            return refused("no beam is asked for");
        }
        let again = self.configured > 0;
        self.configured += 1;
        if self.has(Bug::StuckTransient) && again && input == Some("most beams") {
            self.after(Duration::ZERO, Happening::Become(Configuring));
            self.advance();
            return Reply::Accepted { command: None };
        }
        self.pass("Configure", Some(Configuring), Ready, TRANSIENT)
    }

    fn abort(&mut self) -> Reply {
        let from = self.state;
        if !self.has(Bug::LostUpdate) {
            self.schedule.clear();
            if let Some(command) = self.under_way.take() {
                let outcome = Outcome::Aborted;
                self.tell(Told::Finished { command, outcome });
            }
        }
        let to = if self.has(Bug::WrongStateAfterAbort) && from == Scanning {
            Idle
        } else {
            Aborted
        };
        if from == Ready && self.has(Bug::Leak) {
            self.configured = 100;
        }
        self.pass("Abort", Some(Aborting), to, ABORTING)
    }

    fn restart(&mut self) -> Reply {
        let left = u32::from(self.configured >= 100);
        self.configured = 0;
        self.after(TRANSIENT, Happening::Hold(left));
        self.pass("Restart", Some(Restarting), Empty, TRANSIENT)
    }

    /// Takes a command, or does not.
    fn obey(&mut self, command: &str, input: Option<&str>) -> Reply {
        if matches!(command, "EndScan" | "Abort")
            && let Some(scan) = self.scanning.take()
        {
            let outcome = match command {
                "Abort" => Outcome::Aborted,
                _ => Outcome::Done,
            };
            self.tell(Told::Finished {
                command: scan,
                outcome,
            });
        }
        match (command, self.state) {
            ("AssignResources", Empty | Idle) => {
                let most = self.resources + 1;
                self.after(TRANSIENT, Happening::Hold(most));
                self.pass(command, Some(Resourcing), Idle, TRANSIENT)
            }
            ("ReleaseAllResources", Idle) => {
                self.configured = 0;
                self.after(TRANSIENT, Happening::Hold(0));
                self.pass(command, Some(Resourcing), Empty, TRANSIENT)
            }
            ("Configure", Idle | Ready) => self.configure(input),
            ("Configure", Configuring) if self.has(Bug::DoubleAccept) => {
                Reply::Accepted { command: None }
            }
            ("Scan", Configuring) if self.has(Bug::Queue) => {
                self.scanned = true;
                self.pass(command, None, Scanning, 2 * TRANSIENT)
            }
            ("Scan", Ready) => {
                self.scanned = true;
                if self.has(Bug::LongScan) {
                    let identifier = "scan".to_owned();
                    self.scanning = Some(identifier.clone());
                    self.after(Duration::ZERO, Happening::Become(Scanning));
                    self.advance();
                    return Reply::Accepted {
                        command: Some(identifier),
                    };
                }
                self.pass(command, None, Scanning, Duration::ZERO)
            }
            ("EndScan", Scanning) => {
                if self.has(Bug::LateEvent) {
                    let told = Told::State(Scanning);
                    self.after(2 * TRANSIENT, Happening::Tell(told));
                }
                self.pass(command, None, Ready, Duration::ZERO)
            }
            ("End", Ready) => {
                if self.has(Bug::RefusedThoughAllowed) && self.scanned {
                    return refused("there was a scan");
                }
                self.pass(command, None, Idle, Duration::ZERO)
            }
            ("Abort", Resourcing | Idle | Configuring | Ready | Scanning | Resetting) => {
                self.abort()
            }
            ("Restart", Aborted | Fault) => self.restart(),
            ("ObsReset", Aborted | Fault) => {
                let to = if self.has(Bug::EmptyReset) && self.resources == 0 {
                    Empty
                } else {
                    Idle
                };
                let reply = self.pass(command, Some(Resetting), to, TRANSIENT);
                if self.has(Bug::ReadOtherwise) {
                    self.schedule
                        .retain(|(_, happening)| !matches!(happening, Happening::Become(Idle)));
                    self.after(TRANSIENT, Happening::Tell(Told::State(Idle)));
                }
                reply
            }
            ("Scan", Idle) if self.has(Bug::RefusalChanges) => {
                self.resources += 1;
                refused("not in IDLE")
            }
            (command, state) => refused(&format!("{command} is not allowed in {state}")),
        }
    }
}

fn refused(reason: &str) -> Reply {
    Reply::Refused {
        reason: reason.to_owned(),
    }
}

impl SystemUnderTest<Obs> for Subarray {
    async fn send(&mut self, command: &str, input: Option<&str>) -> Result<Reply, RuleError> {
        self.advance();
        Ok(self.obey(command, input))
    }

    async fn next(&mut self, within: Duration) -> Result<Option<Told<Obs>>, RuleError> {
        let deadline = Instant::now() + within;
        loop {
            self.advance();
            let first = self.told.front();
            if first.is_some_and(|(due, _)| *due <= Instant::now()) {
                return Ok(self.told.pop_front().map(|(_, told)| told));
            }
            let due = self.schedule.iter().map(|(due, _)| *due);
            let next = due.chain(self.told.front().map(|(due, _)| *due)).min();
            match next.filter(|due| *due <= deadline) {
                Some(due) => sleep_until(due).await,
                None => {
                    sleep_until(deadline).await;
                    return Ok(None);
                }
            }
        }
    }

    async fn state(&mut self) -> Result<Obs, RuleError> {
        self.advance();
        Ok(self.state)
    }

    async fn holdings(&mut self) -> Result<Value, RuleError> {
        self.advance();
        Ok(json!({ "resources": self.resources }))
    }
}

/// The state graph of a subarray, as it is walked, and what walking has no use for.
pub(crate) fn graph() -> StateGraph<Obs> {
    let busy = [Resourcing, Idle, Configuring, Ready, Scanning, Resetting];
    let stopped = [Aborted, Fault];
    let to = |command: &str, to| Transition::to(to).named(command);
    let transitions = [
        to("AssignResources", Idle).from([Empty, Idle]),
        to("AssignResources", Resourcing)
            .from([Empty, Idle])
            .transient(),
        to("Configure", Ready).from([Idle, Ready]),
        to("Configure", Configuring).from([Idle, Ready]).transient(),
        to("Scan", Scanning).from([Ready]).transient(),
        to("EndScan", Ready).from([Scanning]),
        to("End", Idle).from([Ready]),
        to("ReleaseAllResources", Empty).from([Idle]),
        to("ReleaseAllResources", Resourcing)
            .from([Idle])
            .transient(),
        to("Abort", Aborted).from(busy).cost(10.0),
        to("Abort", Aborting).from(busy).cost(50.0).transient(),
        to("Restart", Empty).from(stopped).cost(10.0),
        to("Restart", Restarting)
            .from(stopped)
            .cost(50.0)
            .transient(),
        to("ObsReset", Resetting)
            .from(stopped)
            .cost(50.0)
            .transient(),
        to("wait", Idle).from([Resetting]).cost(50.0),
    ];
    transitions
        .into_iter()
        .fold(StateGraph::new(), |graph, transition| {
            graph.with(transition).expect("the table is sound")
        })
}

/// All that is said of the subarray.
pub(crate) fn lifecycle() -> Lifecycle<Obs> {
    lifecycle_of(&graph())
}

/// The same, of another graph.
pub(crate) fn lifecycle_of(graph: &StateGraph<Obs>) -> Lifecycle<Obs> {
    Lifecycle::new(graph, Empty)
        .spontaneous("wait")
        .with_inputs(
            "Configure",
            [
                Input::valid("one beam"),
                Input::boundary("most beams"),
                Input::broken("no beam"),
            ],
        )
}
