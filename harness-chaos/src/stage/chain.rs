//! Stages in a row.

use tokio::time::Instant;

use super::{Item, Queue, Stage};
use crate::condition::Ending;

/// Which condition of a gate a stage belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StageId(pub(crate) u64);

#[derive(Debug)]
struct Link {
    id: StageId,
    input: Queue,
    stage: Box<dyn Stage>,
}

/// The stages that stand in one direction of one connection, in the order in which their conditions
/// began, and what waits to be written behind them.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    links: Vec<Link>,
    output: Queue,
}

impl Chain {
    /// Puts a stage behind those that are there.
    pub(crate) fn add(&mut self, id: StageId, stage: Box<dyn Stage>) {
        self.links.push(Link {
            id,
            input: Queue::default(),
            stage,
        });
    }

    /// Takes a stage out, as its condition has ended. What it has kept goes on at once.
    pub(crate) fn remove(&mut self, id: StageId) {
        self.take_out(id, |stage, next| stage.end(next));
    }

    /// Puts a stage in the place of the one that belongs to the same condition; or where it belongs, if
    /// there was none. Without a new stage that one is taken out. What it has kept goes on at once.
    pub(crate) fn replace(&mut self, id: StageId, stage: Option<Box<dyn Stage>>) {
        let Some(mut stage) = stage else {
            self.take_out(id, |_, _| {});
            return;
        };
        // conditions are numbered in the order in which they began
        let index = self.links.partition_point(|link| link.id < id);
        let (before, behind) = self.links.split_at_mut(index);
        debug_assert!(before.iter().all(|link| link.id < id));
        match behind.split_first_mut() {
            Some((link, behind)) if link.id == id => {
                let next = match behind.first_mut() {
                    Some(link) => &mut link.input,
                    None => &mut self.output,
                };
                link.stage.release(next);
                stage.resume(link.stage.passed());
                link.stage = stage;
            }
            _ => self.links.insert(
                index,
                Link {
                    id,
                    input: Queue::default(),
                    stage,
                },
            ),
        }
    }

    fn take_out(&mut self, id: StageId, end: impl FnOnce(&mut dyn Stage, &mut Queue)) {
        let Some(index) = self.links.iter().position(|link| link.id == id) else {
            return;
        };
        let mut removed = self.links.remove(index);
        let next = match self.links.get_mut(index) {
            Some(link) => &mut link.input,
            None => &mut self.output,
        };
        removed.stage.release(next);
        while let Some(item) = removed.input.pop() {
            next.push(item);
        }
        end(&mut *removed.stage, next);
    }

    /// Whether what comes goes on as it is, with nothing before it.
    pub(crate) fn is_clear(&self) -> bool {
        self.links.is_empty() && self.output.is_empty()
    }

    /// Whether it takes more for now.
    pub(crate) fn takes(&self) -> bool {
        match self.links.first() {
            Some(first) => {
                first.input.has_room() && self.links.iter().all(|link| link.stage.reads())
            }
            None => self.output.is_empty(),
        }
    }

    /// Takes what has been read.
    pub(crate) fn push(&mut self, item: Item) {
        match self.links.first_mut() {
            Some(first) => first.input.push(item),
            None => self.output.push(item),
        }
    }

    /// Moves everything as far as it can go by now, and says when more can be moved.
    pub(crate) fn advance(&mut self, now: Instant) -> Option<Instant> {
        loop {
            let mut wake: Option<Instant> = None;
            let mut moved = false;
            for index in (0..self.links.len()).rev() {
                let (before, behind) = self.links.split_at_mut(index + 1);
                let Some(Link { input, stage, .. }) = before.last_mut() else {
                    continue;
                };
                let next = match behind.first_mut() {
                    Some(link) => &mut link.input,
                    None => &mut self.output,
                };
                while stage.has_room() && next.has_room() {
                    let Some(item) = input.pop() else { break };
                    stage.take(item, now, next);
                    moved = true;
                }
                let waiting = next.items();
                let due = stage.tick(now, next);
                moved |= next.items() > waiting;
                if let Some(due) = due.filter(|due| *due > now) {
                    wake = Some(wake.map_or(due, |wake| wake.min(due)));
                }
            }
            if !moved {
                return wake;
            }
        }
    }

    /// How the connection is to be closed, if a stage has said that it is to be closed now.
    pub(crate) fn closing(&self) -> Option<Ending> {
        let inputs = self.links.iter().filter_map(|link| link.input.closing());
        inputs.chain(self.output.closing()).next()
    }

    /// What waits to be written.
    pub(crate) const fn output(&mut self) -> &mut Queue {
        &mut self.output
    }

    /// How many octets have been swallowed since this was asked last.
    pub(crate) fn take_swallowed(&mut self) -> u64 {
        let inputs = self.links.iter_mut().map(|link| &mut link.input);
        inputs
            .chain([&mut self.output])
            .map(Queue::take_swallowed)
            .sum()
    }
}
