//! Datagrams that are overtaken.

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};
use crate::datagram::Reorder;
use crate::seed::Draws;

/// A datagram that others overtake.
#[derive(Debug)]
struct Overtaken {
    left: u32,
    until: Instant,
    item: Item,
}

/// Keeps some back until others have passed.
#[derive(Debug)]
pub(super) struct ReorderStage {
    reorder: Reorder,
    draws: Draws,
    kept: Vec<Overtaken>,
}

impl ReorderStage {
    pub(super) const fn new(reorder: Reorder, draws: Draws) -> ReorderStage {
        ReorderStage {
            reorder,
            draws,
            kept: Vec::new(),
        }
    }

    fn let_out(&mut self, out: &mut Queue, ready: impl Fn(&Overtaken) -> bool) {
        for overtaken in self.kept.extract_if(.., |it| ready(it)) {
            out.push(overtaken.item);
        }
    }
}

impl Stage for ReorderStage {
    fn take(&mut self, item: Item, now: Instant, out: &mut Queue) {
        if self.draws.happens(self.reorder.rate) {
            self.kept.push(Overtaken {
                left: self.reorder.behind.max(1),
                until: later(now, self.reorder.patience),
                item,
            });
            return;
        }
        out.push(item);
        self.kept.iter_mut().for_each(|it| it.left -= 1);
        self.let_out(out, |it| it.left == 0);
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        self.let_out(out, |it| it.until <= now);
        self.kept.iter().map(|it| it.until).min()
    }

    fn release(&mut self, out: &mut Queue) {
        self.let_out(out, |_| true);
    }
}
