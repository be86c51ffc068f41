//! What the difference between two figures means.

use super::noise::Noise;
use crate::load::report::{Change, Comparison};

/// Figures of one name, and what is known of them.
pub(super) struct Difference {
    pub(super) figure: String,
    pub(super) before: f64,
    pub(super) now: f64,
    pub(super) better: Better,
    /// Differs by no more than this without meaning, however small the earlier figure is.
    pub(super) floor: f64,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Better {
    Less,
    More,
}

impl Difference {
    pub(super) fn judged(self, noise: Noise) -> Comparison {
        let Difference { before, now, .. } = self;
        let band = (before.abs() * noise.share).max(self.floor);
        let change = if (now - before).abs() <= band {
            Change::Unchanged
        } else if (now < before) == (self.better == Better::Less) {
            Change::Improved
        } else {
            Change::Regressed
        };
        Comparison {
            figure: self.figure,
            before,
            now,
            change,
        }
    }
}
