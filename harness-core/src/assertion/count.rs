//! How often something is expected.

use std::fmt::{self, Display, Formatter};

/// How many changes are expected; one or more unless something else is said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    at_least: Option<usize>,
    at_most: Option<usize>,
}

impl Count {
    pub(super) fn at_least(self, times: usize) -> Self {
        let at_least = Some(times);
        Self { at_least, ..self }
    }

    pub(super) fn at_most(self, times: usize) -> Self {
        let at_most = Some(times);
        Self { at_most, ..self }
    }

    /// How many must be seen.
    pub(super) fn least(self) -> usize {
        // who says only "at most" does not ask for any
        let unsaid = usize::from(self.at_most.is_none());
        self.at_least.unwrap_or(unsaid)
    }

    /// How many may be seen, if there is a limit.
    pub(super) fn most(self) -> Option<usize> {
        self.at_most
    }

    /// Whether none at all may be seen.
    pub(super) fn is_never(self) -> bool {
        self.at_most == Some(0) && self.least() == 0
    }
}

/// `, at least twice`; nothing when nothing was said, nor when it is never.
impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.at_least, self.at_most) {
            (None | Some(1), None) | (None | Some(0), Some(0)) => Ok(()),
            (Some(least), None) => write!(f, ", at least {}", Times(least)),
            (Some(least), Some(most)) if least == most => write!(f, ", exactly {}", Times(most)),
            (Some(least), Some(most)) if least > 0 => {
                write!(f, ", at least {} and at most {}", Times(least), Times(most))
            }
            (_, Some(most)) => write!(f, ", at most {}", Times(most)),
        }
    }
}

/// `once`, `twice`, `3 times`.
pub(super) struct Times(pub(super) usize);

impl Display for Times {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("once"),
            2 => f.write_str("twice"),
            times => write!(f, "{times} times"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_said_in_plain_english() {
        let count = Count::default;
        for (count, words) in [
            (count(), ""),
            (count().at_least(1), ""),
            (count().at_least(3), ", at least 3 times"),
            (count().at_most(1), ", at most once"),
            (count().at_least(2).at_most(2), ", exactly twice"),
            (
                count().at_least(1).at_most(2),
                ", at least once and at most twice",
            ),
            (count().at_least(0).at_most(2), ", at most twice"),
            (count().at_most(0), ""),
            (
                count().at_least(1).at_most(0),
                ", at least once and at most 0 times",
            ),
        ] {
            assert_eq!(count.to_string(), words);
        }
    }
}
