//! A Tango client that notes all change events of some attributes, in order.

use std::time::Duration;

use harness_sim::{RunningTelescope, SimulatedTelescope};
use harness_tango::control_model::ObsState;
use tango_wire::types::Value;
use tango_wire::{Client, DeviceProxy, EventNotice, EventSubscription};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

pub(crate) const RESULT: &str = "longRunningCommandResult";

/// Far longer than any event takes; only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn telescope(dwell: Duration) -> RunningTelescope {
    SimulatedTelescope::new()
        .with_dwell(dwell)
        .start()
        .await
        .expect("loopback has free ports")
}

pub(crate) async fn subarray(telescope: &RunningTelescope, number: u32) -> DeviceProxy {
    Client::new()
        .with_tango_host(telescope.tango_host())
        .device(&format!("low-tmc/subarray/{number:02}"))
        .await
        .expect("the telescope serves it")
}

/// Sends a command; JSON commands get an empty object.
pub(crate) async fn send(device: &DeviceProxy, command: &str) -> (i32, String) {
    let argument = match command {
        "AssignResources" | "ReleaseResources" | "Configure" | "Scan" => {
            Value::String("{}".to_owned())
        }
        _ => Value::Void,
    };
    match device.command(command, argument).await {
        Ok(Value::LongStrings(codes, texts)) => (codes[0], texts[0].clone()),
        other => panic!("{command} answered {other:?}"),
    }
}

/// The change events since it was made, each as one line.
pub(crate) struct Watcher {
    lines: UnboundedReceiver<String>,
    _subscriptions: Vec<EventSubscription>,
}

impl Watcher {
    pub(crate) async fn of(device: &DeviceProxy, attributes: &[&'static str]) -> Watcher {
        let (sender, lines) = unbounded_channel();
        let mut subscriptions = Vec::new();
        for attribute in attributes.iter().copied() {
            let sender = sender.clone();
            let note = move |notice: EventNotice| {
                let line = match notice {
                    EventNotice::Initial(_) => return,
                    EventNotice::Event(reading) => words(attribute, &reading.value),
                    other => format!("{attribute}: {other:?}"),
                };
                // a test that has seen enough has dropped the receiver
                let _ = sender.send(line);
            };
            let subscription = device.subscribe(attribute, note).await;
            subscriptions.push(subscription.expect("the device has the attribute"));
        }
        Watcher {
            lines,
            _subscriptions: subscriptions,
        }
    }

    pub(crate) async fn next(&mut self) -> String {
        timeout(PATIENCE, self.lines.recv())
            .await
            .expect("no further event")
            .expect("the subscriptions are alive")
    }

    /// The lines up to and with this one.
    pub(crate) async fn until(&mut self, last: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let line = self.next().await;
            let done = line == last;
            lines.push(line);
            if done {
                return lines;
            }
        }
    }
}

/// obsState by its word; of ids the command only.
fn words(attribute: &str, value: &Value) -> String {
    match value {
        Value::Short(number) if attribute == "obsState" => {
            let state = ObsState::from_number(i64::from(*number));
            state.map_or_else(|| number.to_string(), |state| state.to_string())
        }
        Value::Strings(texts) if attribute == RESULT => {
            let (_, command) = texts[0].rsplit_once('_').unwrap_or(("", "no id"));
            format!("{command} {}", texts[1])
        }
        other => format!("{attribute}: {other:?}"),
    }
}
