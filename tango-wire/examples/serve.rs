//! Serves one device over Tango, with a database of its own, until Enter is pressed.
//!
//! ```text
//! cargo run -p tango-wire --example serve                  # with an in-memory database
//! cargo run -p tango-wire --example serve -- --alone       # without: tango://...#dbase=no
//! cargo run -p tango-wire --example serve -- 10000         # the database on this port
//! ```
//!
//! Then, from Python, with the `TANGO_HOST` it prints:
//!
//! ```text
//! device = tango.DeviceProxy("demo/subarray/01")
//! device.subscribe_event("obsState", tango.EventType.CHANGE_EVENT, print)
//! device.AssignResources("{}")
//! ```

use std::{
    error::Error,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI16, Ordering},
    },
    time::{Duration, SystemTime},
};

use tango_wire::{
    database::Database,
    server::{BoxFuture, DeviceServer, EventPublisher, ReadingToServe, Servant},
    types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Quality, Value},
};

const DEVICE: &str = "demo/subarray/01";
const OBS_STATES: [&str; 3] = ["EMPTY", "RESOURCING", "IDLE"];
const DWELL: Duration = Duration::from_millis(200);

/// A subarray that knows three states.
struct Subarray {
    obs_state: AtomicI16,
    power: Mutex<f64>,
    events: EventPublisher,
}

impl Subarray {
    fn enter(&self, state: i16) {
        self.obs_state.store(state, Ordering::Relaxed);
        let value = Value::Short(state);
        let now = SystemTime::now();
        if let Err(error) = self
            .events
            .push_change(DEVICE, "obsState", value, Quality::Valid, now)
        {
            eprintln!("{error}");
        }
    }

    /// Goes through RESOURCING to a final state.
    async fn resource(&self, to: i16) -> Result<Value, DevFailed> {
        self.enter(1);
        tokio::time::sleep(DWELL).await;
        self.enter(to);
        let reply = vec![format!(
            "now {}",
            OBS_STATES[usize::from(to.unsigned_abs())]
        )];
        Ok(Value::LongStrings(vec![0], reply))
    }
}

impl Servant for Subarray {
    fn class(&self) -> String {
        "DemoSubarray".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        use DataType::{Long, String, VarLongStringArray, Void};
        vec![
            CommandInfo::new("AssignResources", String, VarLongStringArray),
            CommandInfo::new("ReleaseAllResources", Void, VarLongStringArray),
            CommandInfo::new("Burst", Long, Void),
        ]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![
            AttributeConfig::new("obsState", DataType::Enum).with_enum_labels(OBS_STATES),
            AttributeConfig::new("power", DataType::Double).read_write(),
            AttributeConfig::new("receptors", DataType::String).spectrum(8),
        ]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(async move {
            match (name, argument) {
                ("AssignResources", _) => self.resource(2).await,
                ("ReleaseAllResources", _) => self.resource(0).await,
                ("Burst", Value::Long(count)) => {
                    for number in 0..count {
                        self.enter(i16::try_from(number % 3).unwrap_or(0));
                    }
                    Ok(Value::Void)
                }
                _ => Ok(Value::Void),
            }
        })
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(async move {
            Ok(match attribute {
                "obsState" => Value::Short(self.obs_state.load(Ordering::Relaxed)).into(),
                "power" => {
                    let power = *self.power.lock().unwrap_or_else(PoisonError::into_inner);
                    ReadingToServe::new(Value::Double(power)).with_set_point(Value::Double(power))
                }
                _ => Value::Strings(vec!["SKA001".to_owned(), "SKA036".to_owned()]).into(),
            })
        })
    }

    fn write<'a>(
        &'a self,
        _attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        Box::pin(async move {
            if let Value::Double(power) = value {
                *self.power.lock().unwrap_or_else(PoisonError::into_inner) = power;
            }
            Ok(())
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let events = EventPublisher::new();
    let subarray = Subarray {
        obs_state: AtomicI16::new(0),
        power: Mutex::new(1.5),
        events: events.clone(),
    };
    let server = DeviceServer::new("demo/1")
        .with_device(DEVICE, Arc::new(subarray))
        .with_events(events);

    let argument = std::env::args().nth(1);
    let database = match argument.as_deref() {
        Some("--alone") => None,
        port => {
            let address = format!("127.0.0.1:{}", port.unwrap_or("0"));
            Some(Database::new().bind(address).start().await?)
        }
    };
    let tango_host = database.as_ref().map(|database| database.tango_host());
    let server = server.with_database(tango_host.clone()).start().await?;
    if let Some(tango_host) = tango_host {
        println!("export TANGO_HOST={tango_host}");
    }
    println!("{}", server.device_url(DEVICE).unwrap_or_default());

    let enter = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
    if enter.await?? == 0 {
        std::future::pending::<()>().await; // no terminal: until it is killed
    }
    server.shutdown().await?;
    if let Some(database) = database {
        database.shutdown().await?;
    }
    Ok(())
}
