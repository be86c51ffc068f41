//! Pieces of what was sent at once.

use tokio::time::Instant;

use super::{Item, Queue, Stage, later};
use crate::condition::Slice;
use crate::seed::Draws;

/// Cuts what comes into pieces.
#[derive(Debug)]
pub(super) struct SliceStage {
    slice: Slice,
    draws: Draws,
    inside: Option<Item>,
    not_before: Option<Instant>,
}

impl SliceStage {
    pub(super) const fn new(slice: Slice, draws: Draws) -> SliceStage {
        SliceStage {
            slice,
            draws,
            inside: None,
            not_before: None,
        }
    }

    fn size(&mut self) -> usize {
        let Slice {
            size, variation, ..
        } = self.slice;
        let size = match variation {
            0 => size,
            more => {
                let offset = self.draws.up_to(more.saturating_mul(2));
                size.saturating_add(offset).saturating_sub(more).max(1)
            }
        };
        usize::try_from(size).unwrap_or(usize::MAX)
    }
}

impl Stage for SliceStage {
    fn take(&mut self, item: Item, _now: Instant, _out: &mut Queue) {
        self.inside = Some(item);
    }

    fn tick(&mut self, now: Instant, out: &mut Queue) -> Option<Instant> {
        while out.has_room() {
            match (self.not_before, self.inside.take()) {
                (Some(moment), Some(item)) if moment > now => {
                    self.inside = Some(item);
                    return Some(moment);
                }
                (_, Some(Item::Octets(mut chunk))) => {
                    let piece = chunk.split_to(self.size());
                    out.octets(piece);
                    self.inside = (!chunk.is_empty()).then_some(Item::Octets(chunk));
                    self.not_before = match self.slice.pause.is_zero() {
                        true => None,
                        false => Some(later(now, self.slice.pause)),
                    };
                }
                (_, Some(other)) => out.push(other),
                (_, None) => break,
            }
        }
        None
    }

    fn release(&mut self, out: &mut Queue) {
        self.inside
            .take()
            .into_iter()
            .for_each(|item| out.push(item));
    }

    fn has_room(&self) -> bool {
        self.inside.is_none()
    }
}
