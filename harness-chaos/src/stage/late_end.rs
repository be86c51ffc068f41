//! An end of the stream that comes late.

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};
use crate::condition::LateEnd;

/// Keeps the end of the stream back.
#[derive(Debug)]
pub(super) struct LateEndStage {
    end: LateEnd,
    kept: Option<Option<Instant>>,
}

impl LateEndStage {
    pub(super) const fn new(end: LateEnd) -> LateEndStage {
        LateEndStage { end, kept: None }
    }
}

impl Stage for LateEndStage {
    fn take(&mut self, item: Item, now: Instant, out: &mut Queue) {
        match item {
            Item::End => self.kept = Some(self.end.delay.map(|delay| later(now, delay))),
            other => out.push(other),
        }
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        let due = self.kept??;
        if due <= now {
            self.release(out);
            return None;
        }
        Some(due)
    }

    fn release(&mut self, out: &mut Queue) {
        if self.kept.take().is_some() {
            out.push(Item::End);
        }
    }
}
