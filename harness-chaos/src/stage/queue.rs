//! What waits between two stages, or to be written.

use std::collections::VecDeque;

use super::{Chunk, Item};
use crate::condition::Ending;

/// Above this many octets a queue takes no more, and what stands before it waits.
const FULL: usize = 256 * 1024;

/// What waits for the next stage, or to be written.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    items: VecDeque<Item>,
    octets: usize,
    swallowed: u64,
    closing: Option<Ending>,
}

impl Queue {
    pub(crate) fn push(&mut self, item: Item) {
        if let Item::Octets(chunk) = &item {
            self.octets += chunk.len();
        }
        self.items.push_back(item);
    }

    /// Octets of a stream: none are nothing, unlike a datagram of none.
    pub(crate) fn octets(&mut self, octets: impl Into<Chunk>) {
        let chunk: Chunk = octets.into();
        if !chunk.is_empty() {
            self.push(Item::Octets(chunk));
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Item> {
        let item = self.items.pop_front();
        if let Some(Item::Octets(chunk)) = &item {
            self.octets -= chunk.len();
        }
        item
    }

    pub(crate) fn first(&self) -> Option<&Item> {
        self.items.front()
    }

    /// Takes the first so many octets away, which have been written.
    pub(crate) fn consume(&mut self, count: usize) {
        if let Some(Item::Octets(chunk)) = self.items.front_mut() {
            self.octets -= chunk.split_to(count).len();
            if chunk.is_empty() {
                self.items.pop_front();
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(crate) fn has_room(&self) -> bool {
        self.octets < FULL
    }

    /// How many items wait in it.
    pub(crate) fn items(&self) -> usize {
        self.items.len()
    }

    /// So many octets have been taken, and will not be handed on.
    pub(crate) const fn swallow(&mut self, octets: usize) {
        self.swallowed += octets as u64;
    }

    /// How many have been swallowed since this was asked last.
    pub(crate) fn take_swallowed(&mut self) -> u64 {
        std::mem::take(&mut self.swallowed)
    }

    /// The connection is to be closed now, whatever still waits.
    pub(crate) const fn close(&mut self, ending: Ending) {
        self.closing = Some(ending);
    }

    pub(crate) const fn closing(&self) -> Option<Ending> {
        self.closing
    }
}
