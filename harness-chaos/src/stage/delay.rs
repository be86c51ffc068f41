//! Everything comes later.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};
use crate::condition::{Delay, Stall};
use crate::seed::Draws;

/// So many octets can be on their way at once.
const ON_THE_WAY: usize = 64 * 1024 * 1024;

/// How long something is on its way.
#[derive(Debug)]
enum Length {
    All(Delay),
    Some(Stall),
}

/// A pipe of a certain length: all that is in it moves on at the same time.
#[derive(Debug)]
pub(super) struct DelayStage {
    length: Length,
    draws: Draws,
    inside: VecDeque<(Instant, Item)>,
    octets: usize,
}

impl DelayStage {
    pub(super) const fn new(delay: Delay, draws: Draws) -> DelayStage {
        DelayStage::of(Length::All(delay), draws)
    }

    /// One that has a length at times only.
    pub(super) const fn stalling(stall: Stall, draws: Draws) -> DelayStage {
        DelayStage::of(Length::Some(stall), draws)
    }

    const fn of(length: Length, draws: Draws) -> DelayStage {
        DelayStage {
            length,
            draws,
            inside: VecDeque::new(),
            octets: 0,
        }
    }

    fn hand_on(&mut self, item: Item, out: &mut Queue) {
        if let Item::Octets(chunk) = &item {
            self.octets -= chunk.len();
        }
        out.push(item);
    }
}

impl Stage for DelayStage {
    fn take(&mut self, item: Item, now: Instant, _out: &mut Queue) {
        if let Item::Octets(chunk) = &item {
            self.octets += chunk.len();
        }
        let delay = match (&self.length, &item) {
            (Length::All(delay), Item::Octets(_)) => self.draws.around(delay.delay, delay.jitter),
            (Length::All(delay), _) => delay.delay,
            (Length::Some(stall), Item::Octets(_)) if self.draws.happens(stall.rate) => {
                self.draws.around(stall.time, stall.spread)
            }
            (Length::Some(_), _) => Duration::ZERO,
        };
        // what is due before the one in front of it waits for that, so nothing overtakes
        self.inside.push_back((later(now, delay), item));
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        while out.has_room() {
            match self.inside.pop_front() {
                Some((due, item)) if due <= now => self.hand_on(item, out),
                Some(early) => {
                    self.inside.push_front(early);
                    break;
                }
                None => break,
            }
        }
        self.inside.front().map(|(due, _)| *due)
    }

    fn release(&mut self, out: &mut Queue) {
        while let Some((_, item)) = self.inside.pop_front() {
            self.hand_on(item, out);
        }
    }

    fn has_room(&self) -> bool {
        self.octets < ON_THE_WAY
    }
}
