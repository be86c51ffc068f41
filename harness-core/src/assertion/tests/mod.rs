//! Every test drives devices in memory on tokio's paused clock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::device::{DeviceErrorKind, StackFrame};
use crate::tracer::Progress;
use crate::{
    DeviceError, Failure, InMemoryDevice, Mark, Reading, Signal, Timeout, TracedDevice, Tracer,
};

mod change;
mod counts;
mod doubts;
mod early;
mod expectation;
mod in_state;
mod late;
mod order;
mod reference;
mod several;
mod staying;
mod together;
mod words;

struct Bench {
    tracer: Tracer,
    devices: Vec<InMemoryDevice>,
    traced: Vec<TracedDevice>,
}

impl Bench {
    /// That many subarrays in EMPTY, watched by nobody yet.
    fn new(count: usize) -> Self {
        let tracer = Tracer::default();
        let devices: Vec<_> = (1..=count)
            .map(|number| {
                InMemoryDevice::new(format!("t/subarray/{number:02}"))
                    .with_attribute("obsState", "EMPTY")
            })
            .collect();
        let traced = devices
            .iter()
            .map(|device| tracer.device(Arc::new(device.clone())))
            .collect();
        Self {
            tracer,
            devices,
            traced,
        }
    }

    fn set(&self, index: usize, value: &str) {
        self.devices[index].set("obsState", value);
    }

    /// Sets the first subarray to a value that many milliseconds from now.
    fn set_after(&self, milliseconds: u64, value: &'static str) {
        self.push_after(milliseconds, Signal::Change(Reading::new(value)));
    }

    fn push_after(&self, milliseconds: u64, signal: Signal) {
        let device = self.devices[0].clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            device.push("obsState", signal);
        });
    }

    async fn marked(&self, assertion: &impl Assertion) -> Mark {
        assertion.setup().await.unwrap();
        self.tracer.mark()
    }

    async fn verify(
        &self,
        mark: &Mark,
        seconds: f64,
        assertion: impl Assertion + 'static,
    ) -> Result<(), Failure> {
        let watch = Watch::new(&self.tracer, mark, &Timeout::seconds(seconds));
        watch.verify_all("test", &[Box::new(assertion)]).await
    }
}

/// What was missing, each with what came nearest.
fn nearest(outcome: Result<(), Failure>) -> Vec<String> {
    let failure = outcome.unwrap_err();
    failure
        .missing()
        .map(|expected| expected.nearest.clone().unwrap())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn all_that_can_not_be_watched_is_reported_with_the_words_of_the_device() {
    let bench = Bench::new(2);
    bench.devices[1].set_unreachable(true);
    let failure = changes_to(&bench.traced, "healthState", 0)
        .setup()
        .await
        .unwrap_err();
    let frame = StackFrame::new("NotFound", "the device has no attribute healthState");
    let first = DeviceError::refused("t/subarray/01", "subscribe to healthState").with_frame(frame);
    assert_eq!(
        nearest(Err(failure)),
        [
            first.to_string(),
            "t/subarray/02 can not be reached for subscribe to healthState".to_owned()
        ]
    );
}

#[test]
fn descriptions_name_a_few_devices_and_count_the_rest() {
    let bench = Bench::new(5);
    assert_eq!(
        changes_to(&bench.traced, "obsState", "IDLE")
            .at_least(2)
            .describe(),
        "t/subarray/01, t/subarray/02, t/subarray/03 and 2 more obsState changes to IDLE, at least twice"
    );
    let twice = [&bench.traced[0], &bench.traced[0]];
    assert_eq!(
        is_in_state(twice, "obsState", "IDLE").describe(),
        "t/subarray/01 obsState is IDLE"
    );
}
