//! The number that repeats a run.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The number that all chance of a gate comes from: the same seed draws the same.
///
/// Each condition draws for itself on each connection and direction. So what one draws depends on
/// the seed, on which connection it is, and on how many of its kind there were before; not on
/// other conditions, nor on what happens at the same time.
///
/// ```
/// use harness_chaos::Seed;
///
/// assert_eq!(Seed::new(7).to_string(), "seed 7");
/// assert_eq!(Seed::new(7).number(), 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(u64);

impl Seed {
    /// This number.
    #[must_use]
    pub const fn new(number: u64) -> Seed {
        Seed(number)
    }

    /// Another number each time, of six digits, so that people can repeat it.
    #[must_use]
    pub fn random() -> Seed {
        Seed(RandomState::new().build_hasher().finish() % 1_000_000)
    }

    /// The seed of a part that has this name, so that several parts do not draw the same.
    #[cfg(feature = "control")]
    pub(crate) fn of_part(self, name: &str) -> Seed {
        Seed(super::Draws::of(self, &["part", name], &[]).up_to(u64::MAX))
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl From<u64> for Seed {
    fn from(number: u64) -> Seed {
        Seed(number)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "seed {}", self.0)
    }
}
