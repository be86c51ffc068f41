//! A device with a bit of everything, and how it is served here.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tango_wire::{
    Client, DeviceProxy,
    server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant},
    types::{
        AttributeConfig, CommandInfo, DataType, DevFailed, DevState, EventKind, Quality, Value,
    },
};
use tokio::sync::Notify;

pub(crate) const DEVICE: &str = "Test/Everything/1";
/// A second one of the same kind, where there are two.
pub(crate) const OTHER_DEVICE: &str = "Test/Everything/2";

/// How long what is meant to come may take at most.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// Echoes values of all types, and misbehaves on request.
#[derive(Debug, Default)]
pub(crate) struct Everything {
    power: Mutex<f64>,
    pub(crate) running: AtomicUsize,
    pub(crate) most_running: AtomicUsize,
    pub(crate) held: Notify,
    pub(crate) started: Notify,
    /// Whether it has the command `More` and the attribute `more`.
    pub(crate) more: AtomicBool,
    /// How often it was put back to where it started.
    pub(crate) inits: AtomicUsize,
}

/// One value of each type that a command can have.
pub(crate) fn values() -> Vec<Value> {
    let text = "text with é".to_owned();
    let texts = vec![text.clone(), String::new()];
    vec![
        Value::Bool(true),
        Value::Short(-3),
        Value::Long(-70_000),
        Value::Long64(1 << 40),
        Value::Float(1.5),
        Value::Double(-2.5),
        Value::UChar(200),
        Value::UShort(60_000),
        Value::ULong(4_000_000_000),
        Value::ULong64(1 << 63),
        Value::String(text),
        Value::State(DevState::Fault),
        Value::Encoded {
            format: "raw".into(),
            data: vec![0, 1, 255],
        },
        Value::Bools(vec![true, false]),
        Value::Shorts(vec![1, -2]),
        Value::Longs(vec![1, -2]),
        Value::Longs64(vec![1, -2]),
        Value::Floats(vec![0.5]),
        Value::Doubles(vec![0.5, 1.0, 1.5]),
        Value::Chars(vec![0, 255]),
        Value::UShorts(vec![1]),
        Value::ULongs(vec![1]),
        Value::ULongs64(vec![1]),
        Value::Strings(texts.clone()),
        Value::States(vec![DevState::On, DevState::Off]),
        Value::LongStrings(vec![2], texts.clone()),
        Value::DoubleStrings(vec![0.25], texts),
    ]
}

pub(crate) fn echo_name(value: &Value) -> String {
    format!("Echo{}", value.data_type())
}

fn failure(reason: &str) -> DevFailed {
    DevFailed::new(reason, "as asked", "Everything")
}

impl Servant for Everything {
    fn class(&self) -> String {
        "Everything".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        use DataType::{String, Void};
        let echoes = values();
        let echoes = echoes
            .iter()
            .map(|value| CommandInfo::new(echo_name(value), value.data_type(), value.data_type()));
        let others = [
            CommandInfo::new("Hold", Void, Void),
            CommandInfo::new("Fail", Void, Void),
            CommandInfo::new("Panic", Void, Void),
            CommandInfo::new("PanicLate", Void, Void),
            CommandInfo::new("EchoLate", String, String),
            CommandInfo::new("Euro", Void, String),
            CommandInfo::new("WrongReply", Void, String),
        ];
        let more = self.more.load(Ordering::SeqCst);
        let more = more.then(|| CommandInfo::new("More", Void, Void));
        echoes.chain(others).chain(more).collect()
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        let mut limited = AttributeConfig::new("limited", DataType::Double);
        limited.alarm.maximum_warning = "8".to_owned();
        limited.alarm.maximum_alarm = "9".to_owned();
        let mut attributes = vec![
            limited,
            AttributeConfig::new("obsState", DataType::Enum)
                .with_enum_labels(["EMPTY", "RESOURCING", "IDLE"])
                .read_write(),
            AttributeConfig::new("power", DataType::Double).read_write(),
            AttributeConfig::new("names", DataType::String).spectrum(10),
            AttributeConfig::new("beam", DataType::UShort).image(10, 10),
            AttributeConfig::new("states", DataType::State).spectrum(10),
            AttributeConfig::new("raw", DataType::Encoded),
            AttributeConfig::new("lost", DataType::Double),
            AttributeConfig::new("broken", DataType::Double),
            AttributeConfig::new("mistyped", DataType::Double),
            AttributeConfig::new("fragile", DataType::Double),
        ];
        if self.more.load(Ordering::SeqCst) {
            attributes.push(AttributeConfig::new("more", DataType::Long));
        }
        attributes
    }

    fn state(&self) -> DevState {
        DevState::Running
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(async move {
            match name {
                "Hold" => {
                    let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
                    self.most_running.fetch_max(running, Ordering::SeqCst);
                    self.started.notify_one();
                    self.held.notified().await;
                    self.running.fetch_sub(1, Ordering::SeqCst);
                    Ok(Value::Void)
                }
                "Fail" => Err(failure("TEST_Failed")),
                "Panic" => panic!("at once"),
                "PanicLate" => {
                    tokio::task::yield_now().await;
                    panic!("later")
                }
                "EchoLate" => {
                    tokio::task::yield_now().await;
                    Ok(argument)
                }
                "Euro" => Ok(Value::String("5 €".to_owned())),
                "WrongReply" => Ok(Value::Long(1)),
                _ => Ok(argument),
            }
        })
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(async move {
            let power = *self.power.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(match attribute {
                "obsState" => Value::Short(2).into(),
                "power" => {
                    ReadingToServe::new(Value::Double(-power)).with_set_point(Value::Double(power))
                }
                "names" => Value::Strings(vec!["a".into(), "b".into()]).into(),
                "beam" => ReadingToServe::new(Value::UShorts((0..6).collect())).with_columns(3),
                "states" => Value::States(vec![DevState::On, DevState::Fault]).into(),
                "raw" => Value::Encoded {
                    format: "raw".into(),
                    data: vec![7],
                }
                .into(),
                "more" => Value::Long(7).into(),
                "lost" => ReadingToServe::invalid(),
                "mistyped" => Value::Long(1).into(),
                "fragile" => panic!("as asked, for 5 €"),
                _ => return Err(failure("TEST_Broken")),
            })
        })
    }

    fn sends(&self, attribute: &str, kind: EventKind) -> bool {
        matches!(kind, EventKind::Change | EventKind::User) || attribute == "power"
    }

    fn init(&self) -> BoxFuture<'_, Result<(), DevFailed>> {
        self.inits.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(Ok(())))
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        Box::pin(async move {
            match (attribute, value) {
                ("power", Value::Double(power)) => {
                    *self.power.lock().unwrap_or_else(PoisonError::into_inner) = power;
                    Ok(())
                }
                ("obsState", Value::Short(_)) => Ok(()),
                (attribute, value) => panic!("{attribute} {value:?}"),
            }
        })
    }
}

/// The device, served without a database, and a client's way to it.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) server: RunningServer,
    pub(crate) servant: Arc<Everything>,
    pub(crate) device: DeviceProxy,
}

pub(crate) async fn serve() -> Served {
    let servant = Arc::new(Everything::default());
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, servant.clone())
        .start()
        .await
        .expect("starts");
    let device = open(&server).await;
    Served {
        server,
        servant,
        device,
    }
}

/// Two devices of the same kind.
pub(crate) async fn serve_both() -> RunningServer {
    DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .with_device(OTHER_DEVICE, Arc::new(Everything::default()))
        .start()
        .await
        .expect("starts")
}

pub(crate) async fn open(server: &RunningServer) -> DeviceProxy {
    open_named(server, DEVICE).await
}

pub(crate) async fn open_other(server: &RunningServer) -> DeviceProxy {
    open_named(server, OTHER_DEVICE).await
}

async fn open_named(server: &RunningServer, device: &str) -> DeviceProxy {
    let url = server.device_url(device).expect("served");
    Client::new()
        .with_timeout(SOON)
        .device(&url)
        .await
        .expect("opens")
}

/// The admin device of the server.
pub(crate) async fn open_admin(server: &RunningServer) -> DeviceProxy {
    let url = server.device_url("dserver/everything/test");
    Client::new()
        .with_timeout(SOON)
        .device(&url.expect("every server has one"))
        .await
        .expect("opens")
}

/// The addresses of the ports for heartbeats and events.
pub(crate) async fn event_ports(server: &RunningServer) -> Vec<SocketAddr> {
    let admin = open_admin(server).await;
    let argument = Value::Strings(vec!["info".into()]);
    match admin.command("ZmqEventSubscriptionChange", argument).await {
        Ok(Value::LongStrings(_, words)) => words
            .iter()
            .map(|word| word.rsplit("tcp://").next().unwrap_or_default())
            .map(|address| address.parse().expect("an address"))
            .collect(),
        other => panic!("{other:?}"),
    }
}

/// The reason of a device's refusal.
pub(crate) fn reason<T: std::fmt::Debug>(outcome: Result<T, tango_wire::Error>) -> String {
    let error = outcome.expect_err("refused");
    let failure = error.dev_failed().unwrap_or_else(|| panic!("{error:?}"));
    failure.reason().to_owned()
}

/// The quality of a reading that has none to speak of.
pub(crate) const VALID: Quality = Quality::Valid;
