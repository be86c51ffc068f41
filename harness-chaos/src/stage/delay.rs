//! Everything comes later.

use std::collections::VecDeque;

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};
use crate::condition::Delay;
use crate::seed::Draws;

/// So many octets can be on their way at once.
const ON_THE_WAY: usize = 64 * 1024 * 1024;

/// A pipe of a certain length: all that is in it moves on at the same time.
#[derive(Debug)]
pub(super) struct DelayStage {
    delay: Delay,
    draws: Draws,
    inside: VecDeque<(Instant, Item)>,
    octets: usize,
}

impl DelayStage {
    pub(super) const fn new(delay: Delay, draws: Draws) -> DelayStage {
        DelayStage {
            delay,
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
        let delay = match &item {
            Item::Octets(chunk) => {
                self.octets += chunk.len();
                self.draws.around(self.delay.delay, self.delay.jitter)
            }
            _ => self.delay.delay,
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
