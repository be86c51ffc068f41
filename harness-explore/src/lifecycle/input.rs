//! What a command is given.

use serde::Serialize;

/// What is to be expected of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Ordinary: it is taken.
    Valid,
    /// Just within what is allowed: it is taken.
    Boundary,
    /// Not allowed: the command is refused in every state, and changes nothing.
    Broken,
}

/// One input of a command, by a name that programs show. What the name stands for is known to the
/// [`SystemUnderTest`](super::SystemUnderTest).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    /// The name.
    pub name: String,
    /// What is to be expected of it.
    pub quality: Quality,
}

impl Input {
    /// An ordinary input.
    #[must_use]
    pub fn valid(name: impl Into<String>) -> Input {
        Input {
            name: name.into(),
            quality: Quality::Valid,
        }
    }

    /// An input that is just within what is allowed.
    #[must_use]
    pub fn boundary(name: impl Into<String>) -> Input {
        Input {
            name: name.into(),
            quality: Quality::Boundary,
        }
    }

    /// An input with which the command must be refused.
    #[must_use]
    pub fn broken(name: impl Into<String>) -> Input {
        Input {
            name: name.into(),
            quality: Quality::Broken,
        }
    }

    /// Whether the command is taken with it.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.quality != Quality::Broken
    }
}
