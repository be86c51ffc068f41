//! Datagrams that come twice.

use tokio::time::Instant;

use super::{Item, Queue, Stage};
use crate::seed::Draws;

/// Hands some on twice.
#[derive(Debug)]
pub(super) struct DuplicateStage {
    rate: f64,
    draws: Draws,
}

impl DuplicateStage {
    pub(super) const fn new(rate: f64, draws: Draws) -> DuplicateStage {
        DuplicateStage { rate, draws }
    }
}

impl Stage for DuplicateStage {
    fn take(&mut self, item: Item, _now: Instant, out: &mut Queue) {
        if self.draws.happens(self.rate) {
            out.push(item.clone());
        }
        out.push(item);
    }
}
