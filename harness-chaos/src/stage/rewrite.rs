//! Whatever a closure makes of each message.

use std::fmt;

use tokio::time::Instant;

use super::{Item, Queue, Stage};
use crate::condition::{Fate, Framing, Rewrite, Rewriter};

/// A message that is longer than this is not put together.
const LONGEST: usize = 16 * 1024 * 1024;

/// Calls a closure with each message.
pub(super) struct RewriteStage {
    rewrite: Rewriter,
    framing: Option<Framing>,
    kept: Vec<u8>,
    closed: bool,
}

impl RewriteStage {
    pub(super) fn new(rewrite: &Rewrite) -> RewriteStage {
        RewriteStage {
            rewrite: (rewrite.make)(),
            framing: rewrite.framing.clone(),
            kept: Vec::new(),
            closed: false,
        }
    }

    fn message(&mut self, message: Vec<u8>, out: &mut Queue) {
        let length = message.len();
        match (self.rewrite)(message) {
            // a datagram of nothing is one; in a stream nobody notices
            Fate::Pass(octets) => out.push(Item::Octets(octets.into())),
            Fate::Drop => out.swallow(length),
            Fate::Last(octets, ending) => {
                out.octets(octets);
                out.push(Item::Close(ending));
                self.closed = true;
            }
        }
    }

    /// The next message, if it is whole.
    fn next_message(&mut self, framing: &Framing) -> Option<Vec<u8>> {
        if self.kept.is_empty() {
            return None;
        }
        match framing(&self.kept) {
            None if self.kept.len() <= LONGEST => None,
            Some(length) if (1..=LONGEST).contains(&length) => {
                let whole = length <= self.kept.len();
                whole.then(|| self.kept.drain(..length).collect())
            }
            _ => {
                tracing::warn!("what came is no message; from here on all passes as it is");
                self.framing = None;
                self.rewrite = Box::new(Fate::Pass);
                Some(std::mem::take(&mut self.kept))
            }
        }
    }

    fn let_out(&mut self, out: &mut Queue) {
        out.octets(std::mem::take(&mut self.kept));
    }
}

impl Stage for RewriteStage {
    fn take(&mut self, item: Item, _now: Instant, out: &mut Queue) {
        let chunk = match item {
            _ if self.closed => return,
            Item::Octets(chunk) => chunk,
            other => {
                self.let_out(out);
                out.push(other);
                return;
            }
        };
        let Some(framing) = self.framing.clone() else {
            return self.message(chunk.into_vec(), out);
        };
        self.kept.extend_from_slice(&chunk);
        while !self.closed {
            let Some(message) = self.next_message(&framing) else {
                break;
            };
            self.message(message, out);
        }
    }

    fn release(&mut self, out: &mut Queue) {
        self.let_out(out);
    }
}

impl fmt::Debug for RewriteStage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RewriteStage")
            .field("kept", &self.kept.len())
            .finish_non_exhaustive()
    }
}
