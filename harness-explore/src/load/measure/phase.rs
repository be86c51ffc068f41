//! The parts of a run.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// The parts of a run, which are told apart in its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Nothing of it counts.
    WarmUp,
    /// The load grows or shrinks. Its latencies and results count, its rate does not.
    Ramp,
    /// The load stays as it is.
    Hold,
}

impl Phase {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Phase::WarmUp => "warm-up",
            Phase::Ramp => "ramp",
            Phase::Hold => "hold",
        }
    }
}

impl Display for Phase {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
