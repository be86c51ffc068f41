//! A subarray in memory that behaves as it is told, for tests that need no network.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use harness_core::device::StackFrame;
use harness_core::{DeviceError, InMemoryDevice, TracedDevice, Tracer, Value};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::subarray::{Inputs, Subarray};
use harness_tango::telescope::Timeouts;
use tokio::task::JoinHandle;

pub(crate) const NAME: &str = "low-tmc/subarray/01";

/// How long a command takes.
pub(crate) const DWELL: Duration = Duration::from_secs(2);

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
    /// Behaviours still to come, by command; when they are used up the command works.
    behaviours: HashMap<String, Vec<Behaviour>>,
    received: Vec<(String, Value)>,
    running: Option<JoinHandle<()>>,
}

impl Scripted {
    pub(crate) fn new(state: ObsState) -> Scripted {
        let device = InMemoryDevice::new(NAME)
            .with_attribute("obsState", state)
            .with_attribute(
                "longRunningCommandResult",
                ["old_id", "[3, \"an old failure\"]"],
            );
        let script: Arc<Mutex<Script>> = Arc::default();
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
    let accepted = Ok(answer(ResultCode::Queued, &id));
    let begin = || {
        // What was running is aborted by whatever comes next.
        if let Some(running) = lock(script).running.take() {
            running.abort();
        }
        if let Some(transient) = transient {
            device.set("obsState", transient);
        }
    };
    let finish = |task: JoinHandle<()>| lock(script).running = Some(task);
    match behaviour {
        Behaviour::Works | Behaviour::StateFirst => {
            begin();
            let state_first = matches!(behaviour, Behaviour::StateFirst);
            let device = device.clone();
            finish(tokio::spawn(async move {
                tokio::time::sleep(DWELL).await;
                if state_first {
                    device.set("obsState", target);
                    tokio::time::sleep(DWELL).await;
                }
                tell(&device, &id, ResultCode::Ok, "Command Completed");
                if !state_first {
                    device.set("obsState", target);
                }
            }));
            accepted
        }
        Behaviour::AllBeforeTheAnswer => {
            begin();
            tell(&device, &id, ResultCode::Ok, "Command Completed");
            device.set("obsState", target);
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
            let device = device.clone();
            finish(tokio::spawn(async move {
                tokio::time::sleep(DWELL).await;
                tell(&device, &id, code, message);
                device.set("obsState", state);
            }));
            accepted
        }
        Behaviour::Hangs => {
            begin();
            accepted
        }
        Behaviour::Babbles => Ok(Value::from("done")),
    }
}

fn answer(code: ResultCode, text: &str) -> Value {
    Value::List(vec![Value::from([code.number()]), Value::from([text])])
}

fn tell(device: &InMemoryDevice, id: &str, code: ResultCode, message: &str) {
    let json = format!("[{}, \"{message}\"]", code.number());
    device.set("longRunningCommandResult", [id, &json]);
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}
