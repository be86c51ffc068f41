//! When a transition ends.

use std::fmt;
use std::num::NonZeroU32;

use super::Dwell;

/// When a transition ends, and with it the transient state that began it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progression {
    /// At once.
    Immediate,
    /// After a time since the state was entered.
    Time(Dwell),
    /// When the state has been read so many times since it was entered; the last of these reads
    /// gets the new state.
    Manual(NonZeroU32),
    /// When it is released.
    Held(Gate),
    /// Not by itself. Abort and its like still end it.
    Never,
}

/// What holds a transition until it is released by name.
///
/// One release lets through whatever is held at the gate, and per instance one execution at most:
/// the next one is held again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// The name by which it is released; without one, the name of the instance or of its model
    /// releases.
    pub name: Option<String>,
    /// Whether a release that came before the transition began, but after the setting was made,
    /// lets it through.
    pub remembers: bool,
}

impl fmt::Display for Progression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Progression::Immediate => formatter.write_str("immediate"),
            Progression::Time(dwell) => match dwell.bounds() {
                (from, to) if from == to => write!(formatter, "after {from:?}"),
                (from, to) => write!(formatter, "after {from:?} to {to:?}"),
            },
            Progression::Manual(reads) if reads.get() == 1 => formatter.write_str("after 1 read"),
            Progression::Manual(reads) => write!(formatter, "after {reads} reads"),
            Progression::Held(Gate {
                name: Some(name), ..
            }) => write!(formatter, "held until {name} is released"),
            Progression::Held(_) => formatter.write_str("held until released"),
            Progression::Never => formatter.write_str("never"),
        }
    }
}
