//! What every stage can do.

use std::fmt::Debug;
use std::time::Duration;

use tokio::time::Instant;

use super::{Chunk, Queue};
use crate::condition::Ending;

/// What goes through a chain.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// Octets that were read at once.
    Octets(Chunk),
    /// The sender has ended the stream in good order.
    End,
    /// The sender has reset the connection.
    Reset,
    /// The connection is to be closed when everything before this has been written.
    Close(Ending),
}

/// What one condition does on one connection in one direction.
///
/// It has no clock: it is told the time, and says when it wants to be told again.
pub(crate) trait Stage: Debug + Send {
    /// Takes what comes, and hands on what shall go on at once.
    fn take(&mut self, item: Item, now: Instant, out: &mut Queue);

    /// Hands on what is due, and says when the next of it will be.
    fn tick(&mut self, _now: Instant, _out: &mut Queue) -> Option<Instant> {
        None
    }

    /// Hands on all that it has kept, in order, as it is taken out.
    fn release(&mut self, _out: &mut Queue) {}

    /// Does what is to be done when the condition has ended, and not when another one takes its place.
    fn end(&mut self, _out: &mut Queue) {}

    /// How many octets it has counted.
    fn passed(&self) -> u64 {
        0
    }

    /// Counts on from there, in the place of a stage of the same condition.
    fn resume(&mut self, _passed: u64) {}

    /// Whether it takes more for now.
    fn has_room(&self) -> bool {
        true
    }

    /// Whether anything is read at all while it is there.
    fn reads(&self) -> bool {
        true
    }
}

/// The moment that much later; a time beyond all clocks is cut to a year.
pub(crate) fn later(moment: Instant, time: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
    moment + time.min(YEAR)
}
