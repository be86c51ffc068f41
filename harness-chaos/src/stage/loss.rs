//! Datagrams that get lost.

use tokio::time::Instant;

use super::{Item, Queue, Stage};
use crate::seed::Draws;

/// Loses some.
#[derive(Debug)]
pub(super) struct LossStage {
    rate: f64,
    draws: Draws,
}

impl LossStage {
    pub(super) const fn new(rate: f64, draws: Draws) -> LossStage {
        LossStage { rate, draws }
    }
}

impl Stage for LossStage {
    fn take(&mut self, item: Item, _now: Instant, out: &mut Queue) {
        match item {
            Item::Octets(datagram) if self.draws.happens(self.rate) => out.swallow(datagram.len()),
            other => out.push(other),
        }
    }
}
