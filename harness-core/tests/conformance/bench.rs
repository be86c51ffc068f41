//! Subarrays in memory, and what the trials ask of them.

use std::sync::Arc;
use std::time::Duration;

use harness_core::assertion::{Assertion, Watch};
use harness_core::journal::{EntryKind, Phase};
use harness_core::{
    Entry, Failure, InMemoryDevice, Mark, Timeout, TracedDevice, Tracer, Value, is_in_state,
};

pub(crate) struct Bench {
    pub(crate) tracer: Tracer,
    pub(crate) devices: Vec<InMemoryDevice>,
    pub(crate) traced: Vec<TracedDevice>,
}

impl Bench {
    /// That many subarrays in EMPTY. `Go` takes one to the state given, before it answers;
    /// `Nothing` does nothing.
    pub(crate) fn new(count: usize) -> Self {
        let tracer = Tracer::default();
        let devices: Vec<_> = (1..=count)
            .map(|number| {
                InMemoryDevice::new(format!("t/subarray/{number:02}"))
                    .with_attribute("obsState", "EMPTY")
                    .with_command("Go", |subarray, to| {
                        subarray.set("obsState", to.clone());
                        Ok(to)
                    })
                    .with_command("Nothing", |_, _| Ok(Value::Void))
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

    /// Sets a subarray to a state at once.
    pub(crate) fn set(&self, index: usize, state: &str) {
        self.devices[index].set("obsState", state);
    }

    /// Sets a subarray to a state that many milliseconds from now.
    pub(crate) fn set_after(&self, milliseconds: u64, index: usize, state: &'static str) {
        let device = self.devices[index].clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            device.set("obsState", state);
        });
    }

    /// Watches all subarrays, and marks the record after that.
    pub(crate) async fn marked(&self) -> Mark {
        for device in &self.traced {
            device.watch("obsState").await.unwrap();
        }
        self.tracer.mark()
    }

    /// Verifies one assertion over what came after the mark.
    pub(crate) async fn verify(
        &self,
        mark: &Mark,
        timeout: &Timeout,
        assertion: impl Assertion + 'static,
    ) -> Result<(), Failure> {
        let watch = Watch::new(&self.tracer, mark, timeout);
        watch.verify_all("test", &[Box::new(assertion)]).await
    }

    /// The first subarray is in that state.
    pub(crate) fn is(&self, state: &str) -> impl Assertion + use<> {
        is_in_state([&self.traced[0]], "obsState", state)
    }
}

/// What came nearest to each thing that was missing.
pub(crate) fn nearest(outcome: Result<(), Failure>) -> Vec<String> {
    let failure = outcome.unwrap_err();
    failure
        .missing()
        .map(|expected| expected.nearest.clone().unwrap())
        .collect()
}

/// The steps on record, each as `name phase`.
pub(crate) fn steps(entries: &[Entry]) -> Vec<String> {
    let steps = entries.iter().filter_map(|entry| match &*entry.kind {
        EntryKind::Step { name, phase } => Some(match phase {
            Phase::Started => format!("{name} started"),
            Phase::Finished => format!("{name} finished"),
            Phase::Failed { .. } => format!("{name} failed"),
        }),
        _ => None,
    });
    steps.collect()
}

/// The commands on record.
pub(crate) fn commands(entries: &[Entry]) -> Vec<(String, Value)> {
    let commands = entries.iter().filter_map(|entry| match &*entry.kind {
        EntryKind::Command {
            command, argument, ..
        } => Some((command.to_string(), argument.clone())),
        _ => None,
    });
    commands.collect()
}
