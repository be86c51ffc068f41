//! A small subarray served over real Tango, on the loopback address.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use harness_core::action::Action;
use harness_core::assertion::{Assertion, changes_to};
use harness_core::device::DeviceErrorKind;
use harness_core::{Device, DeviceError, Signal, Timeout, Tracer, Value};
use harness_tango::control_model::{AdminMode, DevState, ObsState, ResultCode};
use harness_tango::device::TangoDevice;
use harness_tango::lrc::RefusalClass;
use harness_tango::telescope::{ConnectError, Role, Telescope, TelescopeConfig};
use tango_wire::server::{
    BoxFuture, DeviceServer, EventPublisher, ReadingToServe, RunningServer, Servant,
};
use tango_wire::types::{self as wire, AttributeConfig, CommandInfo, DataType, DevFailed};

const NAME: &str = "low-tmc/subarray/01";
const RESULT: &str = "longRunningCommandResult";

/// Behaves like a subarray as far as these tests go: commands take a few milliseconds.
struct SmallSubarray {
    events: EventPublisher,
    state: Arc<Mutex<State>>,
}

struct State {
    obs_state: ObsState,
    admin_mode: i16,
    result: Vec<String>,
    commands: u32,
}

impl SmallSubarray {
    fn new(events: EventPublisher) -> SmallSubarray {
        let state = State {
            obs_state: ObsState::Empty,
            admin_mode: 0,
            result: vec!["old_id".into(), "[3, \"an old failure\"]".into()],
            commands: 0,
        };
        SmallSubarray {
            events,
            state: Arc::new(Mutex::new(state)),
        }
    }

    fn target(command: &str, from: ObsState) -> Option<(Option<ObsState>, ObsState)> {
        Some(match (command, from) {
            ("AssignResources", ObsState::Empty) => (Some(ObsState::Resourcing), ObsState::Idle),
            ("Configure", ObsState::Idle) => (Some(ObsState::Configuring), ObsState::Ready),
            ("Abort", ObsState::Idle | ObsState::Ready) => {
                (Some(ObsState::Aborting), ObsState::Aborted)
            }
            ("Restart", ObsState::Aborted) => (Some(ObsState::Restarting), ObsState::Empty),
            _ => return None,
        })
    }
}

fn enter(events: &EventPublisher, state: &Mutex<State>, obs_state: ObsState) {
    state
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .obs_state = obs_state;
    let number = i16::try_from(obs_state.number()).unwrap_or_default();
    push(events, "obsState", wire::Value::Short(number));
}

fn push(events: &EventPublisher, attribute: &str, value: wire::Value) {
    let now = SystemTime::now();
    events
        .push_change(NAME, attribute, value, wire::Quality::Valid, now)
        .expect("it is served");
}

impl Servant for SmallSubarray {
    fn class(&self) -> String {
        "SmallSubarray".into()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        let long = |name, input| CommandInfo::new(name, input, DataType::VarLongStringArray);
        vec![
            long("AssignResources", DataType::String),
            long("Configure", DataType::String),
            long("Abort", DataType::Void),
            long("Restart", DataType::Void),
            CommandInfo::new("Sum", DataType::VarDoubleArray, DataType::Double),
        ]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![
            AttributeConfig::new("obsState", DataType::Enum)
                .with_enum_labels(ObsState::LABELS.iter().copied()),
            AttributeConfig::new("adminMode", DataType::Enum)
                .read_write()
                .with_enum_labels(AdminMode::LABELS.iter().copied()),
            AttributeConfig::new(RESULT, DataType::String).spectrum(2),
        ]
    }

    fn state(&self) -> wire::DevState {
        wire::DevState::On
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: wire::Value,
    ) -> BoxFuture<'a, Result<wire::Value, DevFailed>> {
        Box::pin(async move {
            if let wire::Value::Doubles(numbers) = argument {
                return Ok(wire::Value::Double(numbers.iter().sum()));
            }
            let (from, number) = {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.commands += 1;
                (state.obs_state, state.commands)
            };
            let Some((transient, target)) = SmallSubarray::target(name, from) else {
                return Err(DevFailed::new(
                    "PyDs_PythonError",
                    format!(
                        "StateModelError: {name} command not permitted in observation state {from}"
                    ),
                    "SmallSubarray::command",
                ));
            };
            if let Some(transient) = transient {
                enter(&self.events, &self.state, transient);
            }
            let id = format!("1700000000.{number}_42_{name}");
            let (events, state) = (self.events.clone(), Arc::clone(&self.state));
            let result = vec![id.clone(), "[0, \"Command Completed\"]".to_owned()];
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                state
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .result
                    .clone_from(&result);
                push(&events, RESULT, wire::Value::Strings(result));
                enter(&events, &state, target);
            });
            Ok(wire::Value::LongStrings(vec![2], vec![id]))
        })
    }

    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let value = match name {
            "obsState" => {
                wire::Value::Short(i16::try_from(state.obs_state.number()).unwrap_or_default())
            }
            "adminMode" => wire::Value::Short(state.admin_mode),
            _ => wire::Value::Strings(state.result.clone()),
        };
        Box::pin(std::future::ready(Ok(value.into())))
    }

    fn write<'a>(&'a self, _: &'a str, value: wire::Value) -> BoxFuture<'a, Result<(), DevFailed>> {
        if let wire::Value::Short(mode) = value {
            self.state
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .admin_mode = mode;
        }
        Box::pin(std::future::ready(Ok(())))
    }
}

async fn serve() -> RunningServer {
    let server = DeviceServer::new("small-subarray/1");
    let subarray = Arc::new(SmallSubarray::new(server.events()));
    server
        .with_device(NAME, subarray)
        .start()
        .await
        .expect("a free port")
}

fn config(server: &RunningServer) -> TelescopeConfig {
    let url = server.device_url(NAME).expect("it is served");
    TelescopeConfig::new("a small telescope").with_subarray_template(url)
}

async fn device(server: &RunningServer) -> TangoDevice {
    let client = tango_wire::Client::new();
    let url = server.device_url(NAME).expect("it is served");
    TangoDevice::new(client.device(&url).await.expect("it answers"))
}

#[tokio::test]
async fn a_telescope_is_connected_and_navigated() {
    let server = serve().await;
    let telescope = Telescope::connect(config(&server)).await.unwrap();
    let subarray = telescope.subarray(1).unwrap();
    assert_eq!(subarray.obs_state().await.unwrap(), ObsState::Empty);
    assert_eq!(&**subarray.traced().name(), NAME);

    let arrival = subarray
        .reach(ObsState::Ready)
        .within(Timeout::seconds(10))
        .await
        .unwrap();
    assert_eq!(arrival.steps.len(), 2);
    let back = subarray
        .reach(ObsState::Idle)
        .passing_through([ObsState::Aborted])
        .within(Timeout::seconds(10))
        .await
        .unwrap();
    let names: Vec<&str> = back.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["Abort", "Restart", "AssignResources"]);
    server.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_transient_state_is_confirmed_by_its_event() {
    let server = serve().await;
    let telescope = Telescope::connect(config(&server)).await.unwrap();
    let subarray = telescope.subarray(1).unwrap();
    let arrival = subarray
        .reach(ObsState::Resourcing)
        .within(Timeout::seconds(10))
        .await
        .unwrap();
    assert_eq!(arrival.target, ObsState::Resourcing);
    subarray
        .wait_for(ObsState::Idle, Timeout::seconds(10))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_long_running_command_is_followed_over_the_wire() {
    let server = serve().await;
    let telescope = Telescope::connect(config(&server)).await.unwrap();
    let subarray = telescope.subarray(1).unwrap();
    let mut assign = subarray
        .command("AssignResources", None)
        .postcondition(changes_to([&subarray], "obsState", ObsState::Resourcing))
        .postcondition(changes_to([&subarray], "obsState", ObsState::Idle))
        .completes_with(ResultCode::Ok);
    assign.execute(Timeout::seconds(10)).await.unwrap();
    let refusal = subarray
        .send("AssignResources", None)
        .await
        .map(drop)
        .unwrap_err();
    let refusal = refusal.refusal().cloned().unwrap();
    assert_eq!(refusal.class, RefusalClass::ObsState);
    assert!(
        refusal.words.contains("observation state IDLE"),
        "{refusal}"
    );
}

#[tokio::test]
async fn enumerated_attributes_come_with_their_words_and_are_written_by_them() {
    let server = serve().await;
    let device = device(&server).await;
    let reading = device.read("ObsState").await.unwrap();
    assert_eq!(reading.value.as_str(), Some("EMPTY"));
    assert!(reading.server_time.is_some());
    device.write("adminMode", "OFFLINE".into()).await.unwrap();
    assert_eq!(
        device.read("adminMode").await.unwrap().value,
        AdminMode::Offline.into()
    );
    let error = device
        .write("adminMode", "BROKEN".into())
        .await
        .unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::NotSupported);
    assert_eq!(
        device.read("State").await.unwrap().value,
        DevState::On.into()
    );
}

#[tokio::test]
async fn arguments_take_the_type_that_the_command_wants() {
    let server = serve().await;
    let device = device(&server).await;
    assert_eq!(
        device.command("Sum", [1, 2].into()).await.unwrap(),
        Value::from(3.0)
    );
    assert_eq!(
        device.command("sum", [0.5].into()).await.unwrap(),
        Value::from(0.5)
    );
    let error = device.command("Sum", "text".into()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "low-tmc/subarray/01 does not support Sum: text can not be sent as DevVarDoubleArray"
    );
    let error = device.command("Dance", 1.into()).await.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::Refused);
}

#[tokio::test]
async fn subscriptions_tell_the_value_first_and_then_its_changes() {
    let server = serve().await;
    let device = device(&server).await;
    let (sender, mut signals) = tokio::sync::mpsc::unbounded_channel();
    let sink = Arc::new(move |signal: Signal| drop(sender.send(signal)));
    let _subscription = device.subscribe("obsState", sink).await.unwrap();
    let Some(Signal::Initial(reading)) = signals.recv().await else {
        panic!("no initial value")
    };
    assert_eq!(reading.value.as_str(), Some("EMPTY"));
    device
        .command("AssignResources", "{}".into())
        .await
        .unwrap();
    for expected in ["RESOURCING", "IDLE"] {
        let signal = tokio::time::timeout(Duration::from_secs(5), signals.recv())
            .await
            .unwrap();
        let Some(Signal::Change(reading)) = signal else {
            panic!("no change: {signal:?}")
        };
        assert_eq!(reading.value.as_str(), Some(expected));
    }
    let sink = Arc::new(|_: Signal| ());
    let error = device
        .subscribe("nothing", sink)
        .await
        .map(drop)
        .unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::NotPushed);
}

#[tokio::test]
async fn a_device_state_given_as_a_number_is_told_with_its_word() {
    let server = serve().await;
    let device = Arc::new(device(&server).await);
    let traced = Tracer::default().device(device.clone());
    let on = || changes_to([&traced], "state", 0).describe();
    assert_eq!(on(), format!("{NAME} state changes to ON"));
    // then its type is known, whether events are pushed for it or not
    let _ = traced.watch("State").await;
    assert_eq!(on(), format!("{NAME} state changes to ON"));
    let list = device.labelled("State", [1, 99].into());
    assert_eq!(list.to_string(), "[OFF, 99]");
}

#[tokio::test]
async fn a_server_that_went_away_is_unreachable() {
    let server = serve().await;
    let device = device(&server).await;
    device.read("obsState").await.unwrap();
    server.shutdown().await.unwrap();
    let error = device.read("obsState").await.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::Unreachable, "{error}");
}

/// An address at which nothing listens: it was free a moment ago.
async fn nobody() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    listener.local_addr().expect("it is bound").to_string()
}

#[tokio::test]
async fn an_absent_database_is_told_once_and_soon() {
    let tango_host = nobody().await;
    let config = TelescopeConfig::new("a telescope far away")
        .with_tango_host(&tango_host)
        .with_role(Role::CentralNode, "low-tmc/central-node/0")
        .with_subarray_template("low-tmc/subarray/{subarray:02}");
    let began = Instant::now();
    let error = Telescope::connect(config).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(matches!(error, ConnectError::Database { .. }));
    let text = error.to_string();
    assert!(
        text.contains(&tango_host) && text.contains("is it running"),
        "{text}"
    );
}

#[tokio::test]
async fn absent_devices_are_all_named_whatever_the_reason() {
    let server = serve().await;
    let nobody = nobody().await;
    let config = config(&server)
        .with_role(
            Role::CentralNode,
            format!("tango://{nobody}/low-tmc/central-node/0#dbase=no"),
        )
        .with_role(
            Role::CspController,
            format!("tango://{}/low-csp/control/0#dbase=no", server.address()),
        );
    let error = Telescope::connect_traced(config, &Tracer::default())
        .await
        .unwrap_err();
    let ConnectError::Absent { of, absent, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!((*of, absent.len()), (3, 2));
    let text = error.to_string();
    assert!(
        text.contains(&format!("no connection to {nobody}")),
        "{text}"
    );
    assert!(text.contains("low-csp/control/0"), "{text}");
    let _: &DeviceError = &absent[0].error;
}
