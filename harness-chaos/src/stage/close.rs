//! Connections that are closed.

use std::time::Duration;

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};
use crate::condition::{Ending, Origin, Window};
use crate::seed::Draws;

/// Closes the connection when so many octets have passed.
#[derive(Debug)]
pub(super) struct LimitStage {
    limit: u64,
    passed: u64,
    ending: Ending,
    closed: bool,
}

impl LimitStage {
    pub(super) const fn new(octets: u64, ending: Ending) -> LimitStage {
        LimitStage {
            limit: octets,
            passed: 0,
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
                let left = self.limit.saturating_sub(self.passed);
                let passed = chunk.split_to(usize::try_from(left).unwrap_or(usize::MAX));
                self.passed += passed.len() as u64;
                out.octets(passed);
                out.swallow(chunk.len());
                if self.passed >= self.limit {
                    self.closed = true;
                    out.push(Item::Close(self.ending));
                }
            }
            other => out.push(other),
        }
    }

    fn passed(&self) -> u64 {
        self.passed
    }

    fn resume(&mut self, passed: u64) {
        self.passed = passed;
    }
}

/// Closes the connection some time after data, or the end of the stream, has come.
#[derive(Debug)]
pub(super) struct AnswerStage {
    time: Duration,
    due: Option<Instant>,
    ending: Ending,
}

impl AnswerStage {
    pub(super) const fn new(time: Duration, ending: Ending) -> AnswerStage {
        AnswerStage {
            time,
            due: None,
            ending,
        }
    }
}

impl Stage for AnswerStage {
    fn take(&mut self, item: Item, now: Instant, out: &mut Queue) {
        match item {
            Item::Octets(chunk) => out.swallow(chunk.len()),
            Item::End => {}
            other => return out.push(other),
        }
        self.due.get_or_insert_with(|| later(now, self.time));
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        if self.due.is_some_and(|due| due <= now) {
            out.close(self.ending);
        }
        self.due
    }
}

/// Swallows everything, and closes the connection after a silence or when the condition ends.
#[derive(Debug)]
pub(super) struct HangStage {
    time: Option<Duration>,
    due: Option<Instant>,
    ending: Ending,
}

impl HangStage {
    pub(super) fn new(time: Option<Duration>, ending: Ending, now: Instant) -> HangStage {
        HangStage {
            time,
            due: time.map(|time| later(now, time)),
            ending,
        }
    }
}

impl Stage for HangStage {
    fn take(&mut self, item: Item, now: Instant, out: &mut Queue) {
        match item {
            Item::Octets(chunk) => {
                out.swallow(chunk.len());
                self.due = self.time.map(|time| later(now, time));
            }
            other => out.push(other),
        }
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        if self.due.is_some_and(|due| due <= now) {
            out.close(self.ending);
        }
        self.due
    }

    fn end(&mut self, out: &mut Queue) {
        out.push(Item::Close(self.ending));
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
