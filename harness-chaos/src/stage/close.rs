//! Connections that are closed.

use std::time::Duration;

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};
use crate::condition::{Ending, Origin, Window};
use crate::seed::Draws;

/// Closes the connection when so many octets have passed.
#[derive(Debug)]
pub(super) struct LimitStage {
    left: u64,
    ending: Ending,
    closed: bool,
}

impl LimitStage {
    pub(super) const fn new(octets: u64, ending: Ending) -> LimitStage {
        LimitStage {
            left: octets,
            ending,
            closed: false,
        }
    }
}

impl Stage for LimitStage {
    fn take(&mut self, item: Item, _now: Instant, out: &mut Queue) {
        if self.closed {
            return;
        }
        match item {
            Item::Octets(mut chunk) => {
                let part = usize::try_from(self.left).unwrap_or(usize::MAX);
                let passed = chunk.split_to(part);
                self.left -= passed.len() as u64;
                out.octets(passed);
                out.swallow(chunk.len());
                if self.left == 0 {
                    self.closed = true;
                    out.push(Item::Close(self.ending));
                }
            }
            other => out.push(other),
        }
    }
}

/// Closes the connection at a time.
#[derive(Debug)]
pub(super) struct TimeStage {
    due: Instant,
    time: Duration,
    from: Origin,
    ending: Ending,
}

impl TimeStage {
    pub(super) fn new(
        window: Window,
        ending: Ending,
        opened: Instant,
        now: Instant,
        mut draws: Draws,
    ) -> TimeStage {
        let half = window.jitter / 2;
        let time = draws.around(window.time.saturating_add(half), half);
        let origin = match window.from {
            Origin::Opening => opened,
            Origin::Condition | Origin::Octets => now,
        };
        TimeStage {
            due: later(origin, time),
            time,
            from: window.from,
            ending,
        }
    }
}

impl Stage for TimeStage {
    fn take(&mut self, item: Item, now: Instant, out: &mut Queue) {
        if let (Item::Octets(_), Origin::Octets) = (&item, self.from) {
            self.due = later(now, self.time);
        }
        out.push(item);
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        if self.due <= now {
            out.close(self.ending);
            return None;
        }
        Some(self.due)
    }
}
