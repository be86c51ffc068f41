//! A telescope in memory with one subarray, whose transient states last a second of tokio's clock.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use harness_bdd::{
    HarnessWorld, StepBook,
    books::telescope_steps,
    feature,
    suite::{Outcome, ScenarioVerdict, Suite},
};
use harness_core::{
    Device, DeviceError, InMemoryDevice, Tracer, Value,
    device::{DeviceErrorKind, StackFrame},
};
use harness_tango::{
    control_model::ObsState,
    telescope::{Telescope, TelescopeConfig, Timeouts},
};

const DWELL: Duration = Duration::from_secs(1);

/// Command, where it is allowed, the state meanwhile, the state afterwards.
const RULES: [(&str, &str, Option<&str>, &str); 7] = [
    ("AssignResources", "EMPTY IDLE", Some("RESOURCING"), "IDLE"),
    ("ReleaseAllResources", "IDLE", Some("RESOURCING"), "EMPTY"),
    ("Configure", "IDLE READY", Some("CONFIGURING"), "READY"),
    ("Scan", "READY", None, "SCANNING"),
    ("End", "READY", None, "IDLE"),
    (
        "Abort",
        "RESOURCING IDLE CONFIGURING READY SCANNING",
        Some("ABORTING"),
        "ABORTED",
    ),
    ("Restart", "ABORTED FAULT", Some("RESTARTING"), "EMPTY"),
];

#[derive(Debug, Default)]
struct Shared {
    /// Counts commands: what an older one still wanted to do is void.
    latest: AtomicU64,
    defect: Mutex<Option<(String, i64)>>,
    /// All that SetDefective was given.
    defects_set: Mutex<Vec<String>>,
}

/// A subarray that behaves like one of the base classes.
#[derive(Clone, Debug)]
pub(crate) struct Subarray {
    pub(crate) device: InMemoryDevice,
    shared: Arc<Shared>,
}

impl Subarray {
    pub(crate) fn new() -> Self {
        let shared = Arc::new(Shared::default());
        let mut device = InMemoryDevice::new("low-tmc/subarray/01")
            .with_attribute("obsState", ObsState::Empty)
            .with_attribute("longRunningCommandResult", ["", ""]);
        for (command, allowed, during, after) in RULES {
            let shared = Arc::clone(&shared);
            device = device.with_async_command(command, move |device, _| {
                let shared = Arc::clone(&shared);
                async move {
                    let now = state(&device).await;
                    if !allowed.split(' ').any(|word| word == now.label()) {
                        return Err(not_permitted(command, now));
                    }
                    Ok(accept(&device, &shared, command, during, after))
                }
            });
        }
        let setting = Arc::clone(&shared);
        let device = device
            .with_command("SetDefective", move |_, argument| {
                let text = argument.as_str().unwrap_or_default();
                setting.defects_set.lock().unwrap().push(text.to_owned());
                let json: serde_json::Value = serde_json::from_str(text).unwrap();
                *setting.defect.lock().unwrap() = json["command"].as_str().map(|command| {
                    (
                        command.to_owned(),
                        json["intermediate_state"].as_i64().unwrap(),
                    )
                });
                Ok(Value::Void)
            })
            .with_command("NotNow", |device, _| {
                tokio::spawn(async move {
                    tokio::time::sleep(DWELL).await;
                    device.set(
                        "longRunningCommandResult",
                        ["7_NotNow", r#"[6, "Command is not allowed"]"#],
                    );
                });
                Ok(reply(2, "7_NotNow"))
            })
            .with_command("Break", |_, _| Ok(reply(5, "Queue is being aborted")))
            .with_command("Drift", |device, _| {
                tokio::spawn(async move {
                    tokio::time::sleep(DWELL).await;
                    device.set("obsState", ObsState::Fault);
                    device.set("longRunningCommandResult", ["8_Drift", r#"[3, "no beam"]"#]);
                });
                Ok(reply(2, "8_Drift"))
            });
        Self { device, shared }
    }

    pub(crate) async fn state(&self) -> ObsState {
        state(&self.device).await
    }

    pub(crate) fn defects_set(&self) -> Vec<String> {
        self.shared.defects_set.lock().unwrap().clone()
    }

    /// A telescope of which this is subarray 1.
    pub(crate) async fn telescope(&self) -> Arc<Telescope> {
        let timeouts = Timeouts {
            command: Duration::from_secs(5),
            reach: Duration::from_secs(20),
            recovery: Duration::from_secs(40),
        };
        let config = TelescopeConfig::new("in memory")
            .with_subarray_template("low-tmc/subarray/{subarray:02}")
            .with_timeouts(timeouts);
        let device = self.device.clone();
        let connector =
            move |_: &str| -> Result<Arc<dyn Device>, DeviceError> { Ok(Arc::new(device.clone())) };
        Arc::new(
            Telescope::connect_with(config, &connector, &Tracer::default())
                .await
                .unwrap(),
        )
    }

    /// Runs scenarios on that telescope.
    pub(crate) async fn run(&self, scenarios: &str) -> Outcome {
        let text = format!("Feature: f\n{scenarios}");
        let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
        Suite::new(book)
            .with_feature(feature::parse("f.feature", &text).unwrap())
            .on_telescope(self.telescope().await)
            .run()
            .await
            .unwrap()
    }
}

/// What the first scenario failed with; panics if it didn't.
pub(crate) fn failure(outcome: &Outcome) -> String {
    match &outcome.scenarios[0].verdict {
        ScenarioVerdict::Failed { message, .. } => message.clone(),
        other => panic!("not failed: {other:?}"),
    }
}

fn accept(
    device: &InMemoryDevice,
    shared: &Arc<Shared>,
    command: &'static str,
    during: Option<&str>,
    after: &'static str,
) -> Value {
    let number = shared.latest.fetch_add(1, Ordering::SeqCst) + 1;
    let id = format!("{number}_{command}");
    if let Some(during) = during {
        device.set("obsState", during.parse::<ObsState>().unwrap());
    }
    let mut defect = shared.defect.lock().unwrap();
    if defect
        .as_ref()
        .is_some_and(|(concerned, _)| concerned == command)
    {
        let (_, stuck) = defect.take().unwrap();
        device.set("obsState", ObsState::from_number(stuck).unwrap());
        return reply(2, &id);
    }
    let (device, shared, told) = (device.clone(), Arc::clone(shared), id.clone());
    tokio::spawn(async move {
        tokio::time::sleep(DWELL).await;
        if shared.latest.load(Ordering::SeqCst) == number {
            device.set(
                "longRunningCommandResult",
                [told.as_str(), r#"[0, "done"]"#],
            );
            device.set("obsState", after.parse::<ObsState>().unwrap());
        }
    });
    reply(2, &id)
}

fn reply(code: i64, text: &str) -> Value {
    Value::List(vec![Value::from(vec![code]), Value::from(vec![text])])
}

fn not_permitted(command: &str, now: ObsState) -> DeviceError {
    let words = format!("{command} command not permitted in observation state {now}");
    DeviceError::new(DeviceErrorKind::Refused, "low-tmc/subarray/01", command)
        .with_frame(StackFrame::new("PyDs_PythonError", words))
}

async fn state(device: &InMemoryDevice) -> ObsState {
    ObsState::try_from(&device.read("obsState").await.unwrap().value).unwrap()
}
