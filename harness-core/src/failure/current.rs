//! What attributes are at the moment of a failure, read again.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;
use tokio::time::timeout;

use crate::device::{DeviceError, DeviceErrorKind, Reading};
use crate::tracer::TracedDevice;
use crate::value::Value;

/// How long the devices may take to answer, all of them together.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long an event may take that was sent before its value was read.
const ON_THE_WAY: Duration = Duration::from_millis(100);
/// How many attributes are read again.
const READ: usize = 32;

/// The value of an attribute, read again when something was missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CurrentValue {
    /// The canonical name of the device.
    pub device: String,
    /// The attribute.
    pub attribute: String,
    /// Its value, with its quality if that is not valid; `None` if it could not be read.
    pub value: Option<String>,
    /// Why it could not be read.
    pub error: Option<String>,
    /// What the last event before the failure told, if that differs.
    pub last_event: Option<String>,
}

/// `low-tmc/subarray/01 obsState is READY, but the last event told CONFIGURING`.
impl Display for CurrentValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.device, self.attribute)?;
        match (&self.value, &self.last_event) {
            (Some(value), Some(event)) => write!(f, " is {value}, but the last event told {event}"),
            (Some(value), None) => write!(f, " is {value}"),
            (None, _) => {
                let why = self.error.as_deref().unwrap_or("nobody knows why");
                write!(f, " can not be read: {why}")
            }
        }
    }
}

/// Reads attributes again, all at once, and says what to make of the values: nothing, or a piece
/// of advice.
pub(super) async fn read_again(
    subjects: Vec<(TracedDevice, Arc<str>)>,
) -> Vec<(CurrentValue, Option<String>)> {
    let mut distinct: Vec<(TracedDevice, Arc<str>)> = Vec::new();
    for (device, attribute) in subjects {
        let known = distinct.iter().any(|(other, name)| {
            other.name() == device.name() && name.eq_ignore_ascii_case(&attribute)
        });
        if !known && distinct.len() < READ {
            distinct.push((device, attribute));
        }
    }
    join_all(
        distinct
            .into_iter()
            .map(|(device, attribute)| read_one(device, attribute)),
    )
    .await
}

async fn read_one(device: TracedDevice, attribute: Arc<str>) -> (CurrentValue, Option<String>) {
    let known = device.tracer().latest(device.name(), &attribute);
    let mut current = CurrentValue {
        device: device.name().to_string(),
        attribute: attribute.to_string(),
        value: None,
        error: None,
        last_event: None,
    };
    // the device itself: this wait is too short to be worth a report of progress
    let reading = match timeout(PATIENCE, device.device().read(&attribute)).await {
        Ok(Ok(reading)) => reading,
        Ok(Err(error)) => {
            current.error = Some(why(&error));
            let silent = matches!(
                error.kind,
                DeviceErrorKind::Unreachable | DeviceErrorKind::TimedOut
            );
            return (current, silent.then(|| is_it_running(&device)));
        }
        Err(_) => {
            let patience = humantime::format_duration(PATIENCE);
            current.error = Some(format!("no answer within {patience}"));
            return (current, Some(is_it_running(&device)));
        }
    };
    current.value = Some(in_words(&device, &attribute, &reading));
    let Some(known) = known.filter(|known| known.value != reading.value) else {
        return (current, None);
    };
    current.last_event = Some(in_words(&device, &attribute, &known));
    let advice = advice(&device, &attribute, &reading).await;
    (current, advice)
}

/// The reading in the device's own words.
fn in_words(device: &TracedDevice, attribute: &str, reading: &Reading) -> String {
    let value = device.device().labelled(attribute, reading.value.clone());
    Reading {
        value,
        ..reading.clone()
    }
    .to_string()
}

fn is_it_running(device: &TracedDevice) -> String {
    format!("is {} still running?", device.name())
}

fn why(error: &DeviceError) -> String {
    match error.most_specific() {
        Some(frame) => frame.to_string(),
        None => error.to_string(),
    }
}

/// What to make of a value that no event had told.
async fn advice(device: &TracedDevice, attribute: &str, reading: &Reading) -> Option<String> {
    if let Value::Float(_) | Value::List(_) = reading.value {
        // measurements go on changing, below what an event is worth
        return None;
    }
    let name = device.name();
    let tracer = device.tracer();
    if let Some(reason) = tracer.lost(name, attribute) {
        return Some(format!(
            "the event of {name} {attribute} was not received, since its subscription is lost: {reason}"
        ));
    }
    let told = || {
        let latest = tracer.latest(name, attribute);
        latest.is_some_and(|latest| latest.value == reading.value)
    };
    if !told() {
        tokio::time::sleep(ON_THE_WAY).await;
    }
    let value = in_words(device, attribute, reading);
    Some(if told() {
        format!(
            "{name} {attribute} became {value} when the wait was over: is the timeout too short?"
        )
    } else {
        format!(
            "{name} {attribute} is {value}, but its event was not received: does the device push \
             an event at every change?"
        )
    })
}
