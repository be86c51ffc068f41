//! Words that take the place of others.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};

/// What may be the beginning of a word is held back for so long at most: whoever sent it may wait for
/// an answer before sending more.
const PATIENCE: Duration = Duration::from_millis(20);

/// Puts one word in the place of another, also where that comes in two chunks.
#[derive(Debug)]
pub(super) struct ReplaceStage {
    find: Arc<[u8]>,
    by: Arc<[u8]>,
    kept: Vec<u8>,
    until: Option<Instant>,
    /// Whether each chunk stands by itself, as a datagram does.
    alone: bool,
}

impl ReplaceStage {
    pub(super) const fn new(find: Arc<[u8]>, by: Arc<[u8]>) -> ReplaceStage {
        ReplaceStage {
            find,
            by,
            kept: Vec::new(),
            until: None,
            alone: false,
        }
    }

    /// Looks into each chunk by itself, as into a datagram.
    pub(super) const fn within_each(find: Arc<[u8]>, by: Arc<[u8]>) -> ReplaceStage {
        let mut stage = ReplaceStage::new(find, by);
        stage.alone = true;
        stage
    }

    /// Replaces what is whole in `octets`, and keeps what may be the beginning of a word.
    fn replace(&mut self, octets: &[u8]) -> Vec<u8> {
        let mut result = Vec::with_capacity(octets.len());
        let mut rest = octets;
        while let Some(octet) = rest.first() {
            if let Some(after) = rest.strip_prefix(&*self.find) {
                result.extend_from_slice(&self.by);
                rest = after;
            } else if self.find.starts_with(rest) {
                self.kept.extend_from_slice(rest);
                break;
            } else {
                result.push(*octet);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
        result
    }

    fn let_out(&mut self, out: &mut Queue) {
        self.until = None;
        out.octets(std::mem::take(&mut self.kept));
    }
}

impl Stage for ReplaceStage {
    fn take(&mut self, item: Item, now: Instant, out: &mut Queue) {
        match item {
            Item::Octets(chunk) => {
                let mut octets = std::mem::take(&mut self.kept);
                octets.extend_from_slice(&chunk);
                let mut replaced = self.replace(&octets);
                if self.alone {
                    replaced.append(&mut self.kept);
                    out.push(Item::Octets(replaced.into()));
                    return;
                }
                out.octets(replaced);
                self.until = (!self.kept.is_empty()).then(|| later(now, PATIENCE));
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
