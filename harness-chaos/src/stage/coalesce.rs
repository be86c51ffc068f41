//! At once what was sent in pieces.

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};
use crate::condition::Coalesce;

/// Keeps octets back until there are enough.
#[derive(Debug)]
pub(super) struct CoalesceStage {
    coalesce: Coalesce,
    kept: Vec<u8>,
    until: Option<Instant>,
}

impl CoalesceStage {
    pub(super) const fn new(coalesce: Coalesce) -> CoalesceStage {
        CoalesceStage {
            coalesce,
            kept: Vec::new(),
            until: None,
        }
    }

    fn let_out(&mut self, out: &mut Queue) {
        self.until = None;
        out.octets(std::mem::take(&mut self.kept));
    }
}

impl Stage for CoalesceStage {
    fn take(&mut self, item: Item, now: Instant, out: &mut Queue) {
        match item {
            Item::Octets(chunk) => {
                if self.kept.is_empty() {
                    self.until = self.coalesce.patience.map(|patience| later(now, patience));
                }
                self.kept.extend_from_slice(&chunk);
                if self.kept.len() as u64 >= self.coalesce.octets {
                    self.let_out(out);
                }
            }
            other => {
                self.let_out(out);
                out.push(other);
            }
        }
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        if self.until.is_some_and(|until| until <= now) {
            self.let_out(out);
        }
        self.until
    }

    fn release(&mut self, out: &mut Queue) {
        self.let_out(out);
    }
}
