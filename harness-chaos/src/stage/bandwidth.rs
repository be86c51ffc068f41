//! So many octets a second.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::{Chunk, Item, Queue, Stage, later};
use crate::condition::{Bandwidth, Line};

/// So many octets are taken at most; what comes after them waits before.
const INSIDE: usize = 64 * 1024;

/// Pieces take this part of a second.
const PIECES_A_SECOND: f64 = 50.0;

/// A line that is busy with each piece for as long as that takes.
///
/// When it is free again is reckoned from when it was free before, not from when a timer went off; so
/// late timers do not add up.
#[derive(Debug)]
pub(super) struct BandwidthStage {
    bandwidth: Bandwidth,
    line: Line,
    waiting: VecDeque<(Instant, Item)>,
    octets: usize,
    leaving: Option<(Instant, Item)>,
    piece: usize,
}

impl BandwidthStage {
    /// For a stream, which can leave in pieces.
    pub(super) fn of_stream(bandwidth: Bandwidth) -> BandwidthStage {
        let piece = (bandwidth.rate / PIECES_A_SECOND).max(1.0) as usize;
        BandwidthStage::new(bandwidth, piece)
    }

    /// For datagrams, which leave as a whole.
    pub(super) fn of_datagrams(bandwidth: Bandwidth) -> BandwidthStage {
        BandwidthStage::new(bandwidth, usize::MAX)
    }

    fn new(bandwidth: Bandwidth, piece: usize) -> BandwidthStage {
        BandwidthStage {
            piece,
            line: bandwidth.shared.clone().unwrap_or_default(),
            bandwidth,
            waiting: VecDeque::new(),
            octets: 0,
            leaving: None,
        }
    }

    fn time_for(&self, octets: usize) -> Duration {
        Duration::try_from_secs_f64(octets as f64 / self.bandwidth.rate).unwrap_or(Duration::MAX)
    }

    /// The next piece, and when it came.
    fn next_piece(&mut self) -> Option<(Instant, Item)> {
        match self.waiting.pop_front()? {
            (came, Item::Octets(mut chunk)) if chunk.len() > self.piece => {
                let first: Chunk = chunk.split_to(self.piece);
                self.waiting.push_front((came, Item::Octets(chunk)));
                Some((came, Item::Octets(first)))
            }
            whole => Some(whole),
        }
    }

    fn send_next(&mut self) {
        let Some((came, item)) = self.next_piece() else {
            return;
        };
        let Item::Octets(chunk) = &item else {
            self.leaving = Some((came, item));
            return;
        };
        let takes = self.time_for(chunk.len());
        let credit = self.time_for(self.bandwidth.burst as usize);
        let due = self.line.book(|free| {
            let earliest = came.checked_sub(credit).unwrap_or(came);
            later(free.map_or(earliest, |free| free.max(earliest)), takes)
        });
        self.leaving = Some((due, item));
    }

    fn hand_on(&mut self, item: Item, out: &mut Queue) {
        if let Item::Octets(chunk) = &item {
            self.octets -= chunk.len();
        }
        out.push(item);
    }
}

impl Stage for BandwidthStage {
    fn take(&mut self, item: Item, now: Instant, _out: &mut Queue) {
        if let Item::Octets(chunk) = &item {
            self.octets += chunk.len();
        }
        self.waiting.push_back((now, item));
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        while out.has_room() {
            if self.leaving.is_none() {
                self.send_next();
            }
            match self.leaving.take() {
                Some((due, item)) if due <= now => self.hand_on(item, out),
                early => {
                    self.leaving = early;
                    break;
                }
            }
        }
        self.leaving.as_ref().map(|(due, _)| *due)
    }

    fn release(&mut self, out: &mut Queue) {
        if let Some((_, item)) = self.leaving.take() {
            self.hand_on(item, out);
        }
        while let Some((_, item)) = self.waiting.pop_front() {
            self.hand_on(item, out);
        }
    }

    fn has_room(&self) -> bool {
        self.octets < INSIDE
    }
}
