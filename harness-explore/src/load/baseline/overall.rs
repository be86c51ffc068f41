//! What all differences mean together.

use std::fmt::{self, Display, Formatter};

use crate::load::report::{Change, LoadReport};

/// What the differences from an earlier run mean together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overall {
    /// Something is better, and nothing worse.
    Improved,
    /// Something is worse, and nothing better.
    Regressed,
    /// Something is better, and something worse.
    Mixed,
    /// All is within the noise.
    Unchanged,
}

impl LoadReport {
    /// What the differences from an earlier run mean together; none if nothing was compared.
    #[must_use]
    pub fn overall(&self) -> Option<Overall> {
        let has = |change| self.comparison.iter().any(|it| it.change == change);
        let overall = match (has(Change::Improved), has(Change::Regressed)) {
            (true, true) => Overall::Mixed,
            (true, false) => Overall::Improved,
            (false, true) => Overall::Regressed,
            (false, false) => Overall::Unchanged,
        };
        (!self.comparison.is_empty()).then_some(overall)
    }
}

impl Display for Overall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Overall::Improved => "improved",
            Overall::Regressed => "regressed",
            Overall::Mixed => "mixed",
            Overall::Unchanged => "unchanged",
        })
    }
}
