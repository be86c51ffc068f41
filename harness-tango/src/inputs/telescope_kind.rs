//! Which of SKA's telescopes it is.

use std::fmt;

/// Which of SKA's telescopes it is: their commands take different JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TelescopeKind {
    /// The stations.
    #[default]
    Low,
    /// The dishes.
    Mid,
}

impl fmt::Display for TelescopeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            TelescopeKind::Low => "SKA Low",
            TelescopeKind::Mid => "SKA Mid",
        })
    }
}
