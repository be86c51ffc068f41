//! Devices are in a state.

use futures_util::future::join_all;
use tokio::time::timeout_at;

use super::subject::{Subject, watch_all};
use super::{Assertion, Watch, WatchEnd};
use crate::device::{BoxFuture, DeviceError, DeviceErrorKind, Reading};
use crate::failure::{Expected, Failure};
use crate::tracer::TracedDevice;
use crate::value::Value;

/// The attribute of all these devices has that value.
///
/// The devices are read, all at the same time, when the assertion is verified. As a precondition
/// that is all: what is not as expected is a failure. As a postcondition, what is not yet as
/// expected may become so within the timeout, which its events tell. To ask for what an action
/// *causes* use [`changes_to`](super::changes_to): a state that held before holds here too.
///
/// ```
/// # use std::sync::Arc;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{Assertion, is_in_state};
///
/// # let device = Arc::new(InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", 0));
/// # let subarray = Tracer::default().device(device);
/// let assertion = is_in_state([&subarray], "obsState", "EMPTY");
/// assert_eq!(assertion.describe(), "low-tmc/subarray/01 obsState is EMPTY");
/// ```
pub fn is_in_state<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
    value: impl Into<Value>,
) -> IsInState {
    IsInState {
        subject: Subject::new(devices, attribute),
        value: value.into(),
    }
}

/// See [`is_in_state`].
#[derive(Clone, Debug)]
#[must_use = "an assertion does nothing until it is part of an action"]
pub struct IsInState {
    subject: Subject,
    value: Value,
}

impl IsInState {
    /// What each device says now. Where there is no time to wait, each has its own time to answer.
    async fn read_all(&self, watch: &Watch) -> Vec<Result<Reading, DeviceError>> {
        let attribute = &*self.subject.attribute;
        let looks_once = watch.timeout().has_expired();
        let reads = self.subject.devices.iter().map(async |device| {
            let read = device.read(attribute);
            if looks_once {
                return read.await;
            }
            timeout_at(watch.deadline(), read)
                .await
                .unwrap_or_else(|_| {
                    let kind = DeviceErrorKind::TimedOut;
                    let operation = format!("read {attribute}");
                    Err(DeviceError::new(kind, &**device.name(), operation))
                })
        });
        join_all(reads).await
    }

    fn holds(&self, reading: &Result<Reading, DeviceError>) -> bool {
        reading
            .as_ref()
            .is_ok_and(|reading| reading.value == self.value)
    }

    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        let begun = watch.tracer().journal().next_sequence();
        let mut last = self.read_all(watch).await;
        let mut holds: Vec<bool> = last.iter().map(|reading| self.holds(reading)).collect();
        if holds.iter().all(|held| *held) {
            return Ok(());
        }
        let mut account = Failure::new(format!("{} is not as expected", self.subject));
        if !watch.timeout().has_expired() {
            let watched = timeout_at(watch.deadline(), watch_all(&self.subject)).await;
            if let Ok(Err(failure)) = watched {
                account = account.absorb(failure);
            }
            let mut entries = watch.entries();
            loop {
                let entry = match entries.next().await {
                    Ok(entry) => entry,
                    Err(WatchEnd::TimedOut | WatchEnd::Stopped(_)) => break,
                };
                // what was recorded before the devices were read is older than what they said
                let Some(event) = entry.event().filter(|_| entry.sequence >= begun) else {
                    continue;
                };
                let (Some(reading), Some(index)) = (event.reading(), self.subject.position(event))
                else {
                    continue;
                };
                last[index] = Ok(reading.clone());
                holds[index] = self.holds(&last[index]);
                if holds.iter().all(|held| *held) {
                    return Ok(());
                }
            }
        }
        for ((device, reading), held) in self.subject.devices.iter().zip(last).zip(holds) {
            let what = format!(
                "{} {} is {}",
                device.name(),
                self.subject.attribute,
                self.value
            );
            account = account.with_expected(match reading {
                _ if held => Expected::met(what),
                Ok(reading) => Expected::missing(what).nearest(format!("it is {reading}")),
                Err(error) => Expected::missing(what).nearest(error.to_string()),
            });
        }
        Err(account)
    }
}

impl Assertion for IsInState {
    fn describe(&self) -> String {
        format!("{} is {}", self.subject, self.value)
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.check(watch))
    }
}
