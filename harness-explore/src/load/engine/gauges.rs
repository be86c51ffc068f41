//! What is seen once a second.

use super::live::Live;
use super::process::Usage;
use crate::load::report::Gauge;

/// So many moments at most: of a long run every second, fourth and so on is kept.
const MOST: usize = 1200;

/// What is seen once a second, and in a long run less often.
pub(super) struct Gauges {
    kept: Vec<Gauge>,
    /// Every so many moments one is kept.
    every: u64,
    seen: u64,
    usage: Option<Usage>,
}

impl Gauges {
    pub(super) fn new() -> Gauges {
        Gauges {
            kept: Vec::new(),
            every: 1,
            seen: 0,
            usage: Usage::now(),
        }
    }

    /// Looks once.
    pub(super) fn look(&mut self, live: &Live) {
        let number = self.seen;
        self.seen += 1;
        if !number.is_multiple_of(self.every) {
            return;
        }
        let mut gauge = live.gauge();
        let usage = Usage::now();
        if let (Some(now), Some(before)) = (&usage, &self.usage) {
            gauge.processor = now.share_since(before);
        }
        gauge.memory = usage.map(|it| it.memory);
        self.usage = usage;
        self.kept.push(gauge);
        if self.kept.len() >= MOST {
            let mut place = 0;
            self.kept.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.every *= 2;
        }
    }

    pub(super) fn kept(self) -> Vec<Gauge> {
        self.kept
    }
}
