//! A server of devices that push events on request.

use std::future::ready;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tango_wire::server::{BoxFuture, DeviceServer, EventPublisher, ReadingToServe, Servant};
use tango_wire::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Quality, Value};
use tokio::time::{MissedTickBehavior, interval};

use crate::Outcome;

/// What is pushed at once: as much as is due each of these periods.
const PERIOD: Duration = Duration::from_millis(1);

pub(crate) async fn serve(devices: usize) -> Outcome {
    let events = EventPublisher::new();
    let mut server = DeviceServer::new("bench_wire/1").with_events(events.clone());
    for number in 0..devices {
        let name = name(number);
        let device = Pushing {
            name: name.clone(),
            events: events.clone(),
        };
        server = server.with_device(name, Arc::new(device));
    }
    let server = server.start().await?;
    let first = server.device_url(&name(0)).ok_or("no device is served")?;
    println!("serving {first}");
    std::future::pending::<()>().await;
    drop(server);
    Ok(())
}

pub(crate) fn name(number: usize) -> String {
    format!("bench/wire/{number}")
}

struct Pushing {
    name: String,
    events: EventPublisher,
}

impl Servant for Pushing {
    fn class(&self) -> String {
        "Pushing".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        vec![
            CommandInfo::new("Flood", DataType::VarLongArray, DataType::Void),
            CommandInfo::new("Dropped", DataType::Void, DataType::Long64),
        ]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![AttributeConfig::new("value", DataType::Long)]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        let outcome = match (name, argument) {
            ("Flood", Value::Longs(numbers)) => match numbers.as_slice() {
                &[rate, seconds] => {
                    tokio::spawn(flood(self.name.clone(), self.events.clone(), rate, seconds));
                    Ok(Value::Void)
                }
                _ => Err(DevFailed::new("Bench", "rate and seconds are wanted", name)),
            },
            _ => Ok(Value::Long64(
                i64::try_from(self.events.dropped()).unwrap_or(i64::MAX),
            )),
        };
        Box::pin(ready(outcome))
    }

    fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(ready(Ok(Value::Long(-1).into())))
    }
}

/// Pushes 0, 1, 2 ... at an even rate.
async fn flood(device: String, events: EventPublisher, rate: i32, seconds: i32) {
    let total = rate.saturating_mul(seconds);
    let began = tokio::time::Instant::now();
    let mut due = interval(PERIOD);
    due.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut pushed = 0;
    while pushed < total {
        due.tick().await;
        let until = (began.elapsed().as_secs_f64() * f64::from(rate)) as i32;
        while pushed < until.min(total) {
            let now = SystemTime::now();
            let outcome =
                events.push_change(&device, "value", Value::Long(pushed), Quality::Valid, now);
            if let Err(error) = outcome {
                eprintln!("bench_wire: {error}");
                return;
            }
            pushed += 1;
        }
    }
}
