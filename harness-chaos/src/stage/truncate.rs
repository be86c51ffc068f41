//! Datagrams that lose their end.

use tokio::time::Instant;

use super::{Item, Queue, Stage};

/// Hands on the beginning of each.
#[derive(Debug)]
pub(super) struct TruncateStage {
    octets: usize,
}

impl TruncateStage {
    pub(super) const fn new(octets: usize) -> TruncateStage {
        TruncateStage { octets }
    }
}

impl Stage for TruncateStage {
    fn take(&mut self, item: Item, _now: Instant, out: &mut Queue) {
        match item {
            Item::Octets(mut datagram) => {
                let beginning = datagram.split_to(self.octets);
                out.swallow(datagram.len());
                out.push(Item::Octets(beginning));
            }
            other => out.push(other),
        }
    }
}
