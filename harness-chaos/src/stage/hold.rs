//! Nothing is read, or nothing passed on.

use tokio::time::Instant;

use super::{Item, Queue, Stage};

/// Takes nothing.
#[derive(Debug)]
pub(super) struct HoldStage;

impl Stage for HoldStage {
    fn take(&mut self, item: Item, _now: Instant, out: &mut Queue) {
        out.push(item);
    }

    fn has_room(&self) -> bool {
        false
    }

    fn reads(&self) -> bool {
        false
    }
}

/// Takes everything and hands on no octet.
#[derive(Debug)]
pub(super) struct SwallowStage;

impl Stage for SwallowStage {
    fn take(&mut self, item: Item, _now: Instant, out: &mut Queue) {
        match item {
            Item::Octets(chunk) => out.swallow(chunk.len()),
            other => out.push(other),
        }
    }
}
