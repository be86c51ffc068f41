//! What is held back while a subscription is being made, within bounds.

use std::collections::VecDeque;

use super::settling::Held;

/// Events that one subscription may hold back: of a device that sends ten thousand in a second,
/// those of as long as reading its attribute may take, and more.
const EVENTS: usize = 65_536;
/// Octets that those may have together, as they came.
const OCTETS: usize = 16 << 20;

/// The latest events of a subscription that is being made. What there is no room for is counted.
///
/// The oldest make room: they are the ones that most likely led to the value that is being read.
#[derive(Debug)]
pub(super) struct Holding<T> {
    events: VecDeque<(Held<T>, usize)>,
    octets: usize,
    dropped: u64,
}

impl<T> Default for Holding<T> {
    fn default() -> Self {
        Self {
            events: VecDeque::new(),
            octets: 0,
            dropped: 0,
        }
    }
}

impl<T> Holding<T> {
    /// Holds an event of so many octets. One that is larger than all the room is held alone.
    pub(super) fn push(&mut self, event: Held<T>, octets: usize) {
        while self.events.len() >= EVENTS || self.octets.saturating_add(octets) > OCTETS {
            let Some((_, freed)) = self.events.pop_front() else {
                break;
            };
            self.octets -= freed;
            self.dropped += 1;
        }
        self.octets = self.octets.saturating_add(octets);
        self.events.push_back((event, octets));
    }

    /// Counts an event that cannot be held.
    pub(super) fn lose(&mut self) {
        self.dropped += 1;
    }

    /// Gives away what is held, in order, and how many events came that are not held.
    pub(super) fn take(&mut self) -> (Vec<Held<T>>, u64) {
        let all = std::mem::take(self);
        let events = all.events.into_iter().map(|(event, _)| event);
        (events.collect(), all.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(counter: u32) -> Held<u32> {
        Held {
            counter,
            content: Ok(counter),
        }
    }

    fn counters(holding: &mut Holding<u32>) -> (Vec<u32>, u64) {
        let (events, dropped) = holding.take();
        (
            events.into_iter().map(|event| event.counter).collect(),
            dropped,
        )
    }

    #[test]
    fn what_there_is_no_room_for_is_counted() {
        let mut holding = Holding::default();
        for counter in 0..5 {
            holding.push(event(counter), OCTETS / 2);
        }
        assert_eq!(counters(&mut holding), (vec![3, 4], 3));
        assert_eq!(counters(&mut holding), (vec![], 0));
        for counter in 0..70_000 {
            holding.push(event(counter), 1);
        }
        let (held, dropped) = counters(&mut holding);
        assert_eq!((held.len(), held.first()), (EVENTS, Some(&4464)));
        assert_eq!(dropped, 4464);
    }

    #[test]
    fn an_event_larger_than_the_room_is_held_alone() {
        let mut holding = Holding::default();
        for counter in 0..3 {
            holding.push(event(counter), 4 * OCTETS);
        }
        assert_eq!(counters(&mut holding), (vec![2], 2));
    }
}
