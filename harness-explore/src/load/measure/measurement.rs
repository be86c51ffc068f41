//! How often something was done and how long it took, by all that it is told apart by.

use serde::{Deserialize, Serialize};

use super::class::ResultClass;
use super::latencies::Latencies;
use super::phase::Phase;

/// How often something was done and how long it took: everything with the same action, source state,
/// result, part of the run, and fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What was done.
    pub action: String,
    /// The state of the device when it was done, if that is known.
    pub from: Option<String>,
    /// What became of it.
    pub class: ResultClass,
    /// In which part of the run it was planned.
    pub phase: Phase,
    /// What went wrong on purpose meanwhile.
    pub fault: Option<String>,
    /// How many of them ended while the load was held, whenever they were planned: of what rates are made.
    #[serde(default)]
    pub held: u64,
    /// How long it took, from when it should have begun to its end.
    pub latency: Latencies,
    /// How long it took, from when it began to its end.
    pub service: Latencies,
}

impl Measurement {
    /// What it is told apart by.
    pub(crate) fn key(&self) -> (&str, Option<&str>, ResultClass, Phase, Option<&str>) {
        let (from, fault) = (self.from.as_deref(), self.fault.as_deref());
        (&self.action, from, self.class, self.phase, fault)
    }
}
