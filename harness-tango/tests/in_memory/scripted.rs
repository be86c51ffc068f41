//! A subarray in memory that behaves as it is told, for tests that need no network.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use harness_core::device::StackFrame;
use harness_core::{DeviceError, InMemoryDevice, TracedDevice, Tracer, Value};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::subarray::{Inputs, Subarray};
use harness_tango::telescope::Timeouts;
use serde_json::{Value as Json, json};
use tokio::task::JoinHandle;

pub(crate) const NAME: &str = "low-tmc/subarray/01";

pub(crate) const RESULT: &str = "longRunningCommandResult";
pub(crate) const STATUS: &str = "longRunningCommandStatus";
pub(crate) const PROGRESS: &str = "longRunningCommandProgress";
pub(crate) const FINISHED: &str = "lrcFinished";
pub(crate) const EXECUTING: &str = "lrcExecuting";
pub(crate) const QUEUE: &str = "lrcQueue";

/// How long a command takes.
pub(crate) const DWELL: Duration = Duration::from_secs(2);

/// By which attributes the device tells how its commands fare, and which of them it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// `longRunningCommandResult` and its siblings.
    Classic,
    /// `lrcFinished` and its siblings.
    Lists,
    /// Both, as the base classes do.
    Both,
    /// It has both, and tells by the classic ones alone, as the helper devices of telescope teams.
    BothButClassicOnly,
    /// It has both, and tells by the lists alone.
    BothButListsOnly,
    /// It has none of them.
    Neither,
}

impl Speaks {
    fn has_classic(self) -> bool {
        !matches!(self, Speaks::Lists | Speaks::Neither)
    }

    fn has_lists(self) -> bool {
        !matches!(self, Speaks::Classic | Speaks::Neither)
    }

    fn uses_classic(self) -> bool {
        self.has_classic() && self != Speaks::BothButListsOnly
    }

    fn uses_lists(self) -> bool {
        self.has_lists() && self != Speaks::BothButClassicOnly
    }
}

/// What a command does.
#[derive(Clone, Debug)]
pub(crate) enum Behaviour {
    /// Accepts, goes through the transient state, then tells the result and the final state.
    Works,
    /// Like `Works`, but the final state comes two seconds before the result.
    StateFirst,
    /// Does all of it before it answers.
    AllBeforeTheAnswer,
    /// Answers with a code and a reason.
    Answers(ResultCode, &'static str),
    /// Raises an exception.
    Raises(&'static str, &'static str),
    /// Accepts, and ends with a code and a message in a state.
    Ends(ResultCode, &'static str, ObsState),
    /// Accepts and stays in the transient state, silently.
    Hangs,
    /// Accepts, gets to 33 % and stays there.
    Sticks,
    /// Is started at once, and tells of that as of its result, as telescope managers do for an
    /// Abort; the lists tell it as done later, and only then it gets there.
    TellsItsStart,
    /// Accepts, and refuses with a code and a message when its turn has come.
    RefusesLater(ResultCode, &'static str),
    /// Answers something that is no answer to a long running command.
    Babbles,
}

#[derive(Clone)]
pub(crate) struct Scripted {
    pub(crate) device: InMemoryDevice,
    pub(crate) tracer: Tracer,
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    speaks: Option<Speaks>,
    /// What is in `lrcFinished`.
    finished: Vec<String>,
    /// Behaviours still to come, by command; when they are used up the command works.
    behaviours: HashMap<String, Vec<Behaviour>>,
    received: Vec<(String, Value)>,
    running: Option<JoinHandle<()>>,
}

impl Scripted {
    pub(crate) fn new(state: ObsState) -> Scripted {
        Scripted::named(NAME, Speaks::Classic, state)
    }

    pub(crate) fn speaking(speaks: Speaks, state: ObsState) -> Scripted {
        Scripted::named(NAME, speaks, state)
    }

    pub(crate) fn named(name: &str, speaks: Speaks, state: ObsState) -> Scripted {
        let old = listed(
            "old_id",
            "Scan",
            &[("result", json!([3, "an old failure"]))],
        );
        let device = InMemoryDevice::new(name).with_attribute("obsState", state);
        let device = if speaks.has_classic() {
            device
                .with_attribute(RESULT, ["old_id", "[3, \"an old failure\"]"])
                .with_attribute(STATUS, Value::List(Vec::new()))
                .with_attribute(PROGRESS, Value::List(Vec::new()))
        } else {
            device
        };
        let device = if speaks.has_lists() {
            device
                .with_attribute(FINISHED, [old.as_str()])
                .with_attribute(EXECUTING, Value::List(Vec::new()))
                .with_attribute(QUEUE, Value::List(Vec::new()))
        } else {
            device
        };
        let script = Script {
            speaks: Some(speaks),
            finished: vec![old],
            ..Script::default()
        };
        let script = Arc::new(Mutex::new(script));
        let device = [
            (
                "AssignResources",
                Some(ObsState::Resourcing),
                ObsState::Idle,
            ),
            ("Configure", Some(ObsState::Configuring), ObsState::Ready),
            ("Scan", None, ObsState::Scanning),
            ("EndScan", None, ObsState::Ready),
            ("End", None, ObsState::Idle),
            (
                "ReleaseAllResources",
                Some(ObsState::Resourcing),
                ObsState::Empty,
            ),
            ("Abort", Some(ObsState::Aborting), ObsState::Aborted),
            ("Restart", Some(ObsState::Restarting), ObsState::Empty),
            ("ObsReset", Some(ObsState::Resetting), ObsState::Idle),
        ]
        .into_iter()
        .fold(device, |device, (command, transient, target)| {
            let script = Arc::clone(&script);
            device.with_async_command(command, move |device, argument| {
                let script = Arc::clone(&script);
                async move { execute(&script, device, command, argument, transient, target).await }
            })
        });
        Scripted {
            device,
            tracer: Tracer::default(),
            script,
        }
    }

    /// Behaves so, in this order, and then works.
    pub(crate) fn with(
        self,
        command: &str,
        behaviours: impl IntoIterator<Item = Behaviour>,
    ) -> Scripted {
        let behaviours = behaviours.into_iter().collect();
        lock(&self.script)
            .behaviours
            .insert(command.to_owned(), behaviours);
        self
    }

    /// The same with the tracer of another one.
    pub(crate) fn beside(mut self, other: &Scripted) -> Scripted {
        self.tracer = other.tracer.clone();
        self
    }

    pub(crate) fn traced(&self) -> TracedDevice {
        self.tracer.device(Arc::new(self.device.clone()))
    }

    pub(crate) fn subarray(&self) -> Subarray {
        let timeouts = Timeouts {
            reach: Duration::from_secs(20),
            recovery: Duration::from_secs(60),
            ..Timeouts::default()
        };
        Subarray::new(1, &self.traced(), &Inputs::default(), timeouts)
    }

    pub(crate) fn received(&self) -> Vec<String> {
        lock(&self.script)
            .received
            .iter()
            .map(|(name, _)| name.clone())
            .collect()
    }

    pub(crate) fn argument_of(&self, command: &str) -> Option<Value> {
        let script = lock(&self.script);
        let (_, argument) = script
            .received
            .iter()
            .rev()
            .find(|(name, _)| name == command)?;
        Some(argument.clone())
    }
}

async fn execute(
    script: &Arc<Mutex<Script>>,
    device: InMemoryDevice,
    command: &str,
    argument: Value,
    transient: Option<ObsState>,
    target: ObsState,
) -> Result<Value, DeviceError> {
    let (behaviour, number) = {
        let mut script = lock(script);
        script.received.push((command.to_owned(), argument));
        let left = script.behaviours.entry(command.to_owned()).or_default();
        let behaviour = if left.is_empty() {
            Behaviour::Works
        } else {
            left.remove(0)
        };
        (behaviour, script.received.len())
    };
    let id = format!("1700000000.{number}_42_{command}");
    let teller = Teller {
        device: device.clone(),
        script: Arc::clone(script),
        id: id.clone(),
        command: command.to_owned(),
    };
    let begin = || {
        // What was running is aborted by whatever comes next.
        if let Some(running) = lock(script).running.take() {
            running.abort();
        }
        if let Some(transient) = transient {
            device.set("obsState", transient);
        }
        teller.is_at("QUEUED", None);
    };
    let finish = |task: JoinHandle<()>| lock(script).running = Some(task);
    let accepted = Ok(answer(ResultCode::Queued, &id));
    match behaviour {
        Behaviour::Works | Behaviour::StateFirst => {
            begin();
            let state_first = matches!(behaviour, Behaviour::StateFirst);
            finish(tokio::spawn(async move {
                teller.is_at("IN_PROGRESS", None);
                tokio::time::sleep(DWELL).await;
                if state_first {
                    teller.device.set("obsState", target);
                    tokio::time::sleep(DWELL).await;
                }
                teller.ends(ResultCode::Ok, "Command Completed", target);
            }));
            accepted
        }
        Behaviour::AllBeforeTheAnswer => {
            begin();
            teller.ends(ResultCode::Ok, "Command Completed", target);
            tokio::time::sleep(DWELL).await;
            accepted
        }
        Behaviour::Answers(code, reason) => Ok(answer(code, reason)),
        Behaviour::Raises(reason, description) => Err(DeviceError::refused(NAME, command)
            .with_frame(StackFrame::new(reason, description))
            .with_frame(StackFrame::new(
                "API_CommandFailed",
                "Failed to execute command_inout",
            ))),
        Behaviour::Ends(code, message, state) => {
            begin();
            finish(tokio::spawn(async move {
                tokio::time::sleep(DWELL).await;
                teller.ends(code, message, state);
            }));
            accepted
        }
        Behaviour::Hangs => {
            begin();
            accepted
        }
        Behaviour::Sticks => {
            begin();
            finish(tokio::spawn(async move {
                teller.is_at("IN_PROGRESS", None);
                tokio::time::sleep(DWELL).await;
                teller.is_at("IN_PROGRESS", Some("33"));
            }));
            accepted
        }
        Behaviour::TellsItsStart => {
            begin();
            teller.tells_classic(ResultCode::Started, "Command Started");
            finish(tokio::spawn(async move {
                tokio::time::sleep(DWELL).await;
                teller.tells_in_lists(ResultCode::Ok, "Abort completed OK");
                tokio::time::sleep(DWELL).await;
                teller.device.set("obsState", target);
            }));
            Ok(answer(ResultCode::Started, &id))
        }
        Behaviour::RefusesLater(code, message) => {
            teller.is_at("QUEUED", None);
            finish(tokio::spawn(async move {
                tokio::time::sleep(DWELL).await;
                teller.tells_classic(code, message);
                teller.tells_in_lists(code, message);
            }));
            accepted
        }
        Behaviour::Babbles => Ok(Value::from("done")),
    }
}

/// Tells how one command fares, by the attributes that the device uses.
struct Teller {
    device: InMemoryDevice,
    script: Arc<Mutex<Script>>,
    id: String,
    command: String,
}

impl Teller {
    fn speaks(&self) -> Speaks {
        lock(&self.script).speaks.unwrap_or(Speaks::Neither)
    }

    fn is_at(&self, status: &str, progress: Option<&str>) {
        let empty = || Value::List(Vec::new());
        if self.speaks().uses_classic() {
            match progress {
                Some(progress) => self.device.set(PROGRESS, [&*self.id, progress]),
                None => self.device.set(STATUS, [&*self.id, status]),
            }
        }
        if self.speaks().uses_lists() {
            let progress = progress.map(|percent| ("progress", json!(percent)));
            let members = Vec::from_iter(progress);
            let list = Value::from([listed(&self.id, &self.command, &members).as_str()]);
            let (queue, executing) = match status {
                "QUEUED" => (list, empty()),
                _ => (empty(), list),
            };
            self.device.set(QUEUE, queue);
            self.device.set(EXECUTING, executing);
        }
    }

    /// In the order and in one burst as the base classes do it: the result, then the state, then
    /// the lists.
    fn ends(&self, code: ResultCode, message: &str, state: ObsState) {
        self.tells_classic(code, message);
        self.device.set("obsState", state);
        self.tells_in_lists(code, message);
    }

    fn tells_classic(&self, code: ResultCode, message: &str) {
        if self.speaks().uses_classic() {
            let result = json!([code.number(), message]).to_string();
            self.device.set(RESULT, [&*self.id, &*result]);
            if !code.is_accepted() {
                self.device.set(STATUS, [&*self.id, status_of(code)]);
            }
        }
    }

    fn tells_in_lists(&self, code: ResultCode, message: &str) {
        if self.speaks().uses_lists() {
            let members = [
                ("status", json!(status_of(code))),
                ("result", json!([code.number(), message])),
            ];
            let finished = {
                let mut script = lock(&self.script);
                script
                    .finished
                    .push(listed(&self.id, &self.command, &members));
                Value::from_iter(script.finished.iter().map(String::as_str))
            };
            self.device.set(EXECUTING, Value::List(Vec::new()));
            self.device.set(FINISHED, finished);
        }
    }
}

fn status_of(code: ResultCode) -> &'static str {
    match code {
        ResultCode::Aborted => "ABORTED",
        ResultCode::Rejected | ResultCode::NotAllowed => "REJECTED",
        // a failure that the command itself tells of is a normal end
        _ => "COMPLETED",
    }
}

/// An object of one of the lists.
fn listed(id: &str, command: &str, members: &[(&str, Json)]) -> String {
    let mut object = json!({"uid": id, "name": command});
    for (key, member) in members {
        object[*key] = member.clone();
    }
    object.to_string()
}

fn answer(code: ResultCode, text: &str) -> Value {
    Value::List(vec![Value::from([code.number()]), Value::from([text])])
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}
