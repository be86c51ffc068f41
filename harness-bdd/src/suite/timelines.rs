//! What the devices do in each attempt, for the report.

use std::cell::RefCell;

use harness_core::{Journal, TracedDevice};

use crate::report::timeline::{Timeline, TimelineCollector, watch_states};

/// Collects a timeline of each attempt, if that is wanted.
pub(super) struct Timelines(Option<RefCell<TimelineCollector>>);

impl Timelines {
    /// Of what is recorded in `journal`, if there is one; from now on that is every state of the
    /// `watched` devices.
    pub(super) async fn of(journal: Option<&Journal>, watched: &[TracedDevice]) -> Self {
        let Some(journal) = journal else {
            return Self(None);
        };
        let collector = TimelineCollector::new(journal);
        for error in watch_states(watched).await {
            journal.note(format!("not in the timelines: {error}"));
        }
        Self(Some(RefCell::new(collector)))
    }

    pub(super) fn begin(&self) {
        if let Some(collector) = &self.0 {
            collector.borrow_mut().begin();
        }
    }

    /// Takes in what was recorded meanwhile, which the record need not keep any longer.
    pub(super) fn observe(&self) {
        if let Some(collector) = &self.0 {
            collector.borrow_mut().observe();
        }
    }

    pub(super) fn end(&self) -> Option<Timeline> {
        let collector = self.0.as_ref()?;
        Some(collector.borrow_mut().end())
    }
}
