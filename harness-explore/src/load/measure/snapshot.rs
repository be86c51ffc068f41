//! What metrics tell of everything that was measured until now.

use std::sync::Arc;

use super::class::ResultClass;
use super::fixed::FixedBuckets;
use super::phase::Phase;
use super::window::FaultWindow;
use crate::load::report::Counts;

/// What metrics tell of everything that was measured until now.
pub(crate) struct Snapshot {
    /// In no order.
    pub(crate) cells: Vec<ToldCell>,
    pub(crate) cycles: FixedBuckets,
    pub(crate) counts: Counts,
    pub(crate) violations: usize,
    pub(crate) faults: Vec<FaultWindow>,
}

/// Everything with the same action, source state, result, part of the run, and fault.
pub(crate) struct ToldCell {
    /// The how many-th that was first measured.
    pub(crate) number: usize,
    pub(crate) action: Arc<str>,
    /// Empty if it is not known.
    pub(crate) from: Arc<str>,
    pub(crate) class: ResultClass,
    pub(crate) phase: Phase,
    pub(crate) times: ToldTimes,
}

/// How long it took.
#[derive(Clone, Copy, Default)]
pub(crate) struct ToldTimes {
    pub(crate) latency: FixedBuckets,
    pub(crate) service: FixedBuckets,
}
