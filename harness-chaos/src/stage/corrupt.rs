//! Bits that are flipped.

use std::ops::Range;

use tokio::time::Instant;

use super::{Item, Queue, Stage};
use crate::seed::Draws;

/// Flips bits of some octets, or inverts all.
///
/// Which octets are hit is drawn by position in the stream; so it does not matter how that is cut.
#[derive(Debug)]
pub(super) struct CorruptStage {
    noise: Option<Noise>,
    within: Range<u64>,
    position: u64,
}

#[derive(Debug)]
struct Noise {
    rate: f64,
    draws: Draws,
    next: u64,
}

impl CorruptStage {
    /// Inverts every octet of the range.
    pub(super) fn inverting(within: Option<Range<u64>>) -> CorruptStage {
        CorruptStage {
            noise: None,
            within: within.unwrap_or(0..u64::MAX),
            position: 0,
        }
    }

    /// Flips a bit of this part of the octets of the range.
    pub(super) fn flipping(
        rate: f64,
        within: Option<Range<u64>>,
        mut draws: Draws,
    ) -> CorruptStage {
        let within = within.unwrap_or(0..u64::MAX);
        let next = match rate > 0.0 {
            true => within.start.saturating_add(draws.before_next(rate)),
            false => u64::MAX,
        };
        CorruptStage {
            noise: Some(Noise { rate, draws, next }),
            within,
            position: 0,
        }
    }

    fn spoil(&mut self, octets: &mut [u8]) {
        let begin = self.position;
        self.position += octets.len() as u64;
        let Some(noise) = &mut self.noise else {
            let hit = (begin..)
                .zip(octets)
                .filter(|(at, _)| self.within.contains(at));
            hit.for_each(|(_, octet)| *octet = !*octet);
            return;
        };
        while noise.next < self.position.min(self.within.end) {
            let offset = (noise.next - begin) as usize;
            if let Some(octet) = octets.get_mut(offset) {
                *octet ^= noise.draws.bit();
            }
            let gap = noise.draws.before_next(noise.rate).saturating_add(1);
            noise.next = noise.next.saturating_add(gap);
        }
    }
}

impl Stage for CorruptStage {
    fn take(&mut self, item: Item, _now: Instant, out: &mut Queue) {
        match item {
            Item::Octets(chunk) => {
                let mut octets = chunk.into_vec();
                self.spoil(&mut octets);
                out.push(Item::Octets(octets.into()));
            }
            other => out.push(other),
        }
    }
}
