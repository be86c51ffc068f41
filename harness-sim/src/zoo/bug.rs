//! The bugs, and what they are called.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A mistake in the program of a subarray.
///
/// ```
/// use harness_sim::zoo::PlantedBug;
///
/// let bug: PlantedBug = "lost update".parse()?;
/// assert_eq!(bug, PlantedBug::LostUpdate);
/// # Ok::<(), harness_sim::zoo::UnknownBug>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PlantedBug {
    /// Of two AssignResources that come within a millisecond, both succeed, and what the first has
    /// assigned is lost.
    LostUpdate,
    /// The third Configure since the subarray was EMPTY never ends.
    StuckTransient,
    /// A command that comes within ten milliseconds after another is accepted as if that had not come,
    /// and waits for its turn.
    DoubleAccept,
    /// An Abort during a scan ends in IDLE.
    WrongStateAfterAbort,
    /// Events of the obsState come two seconds late; reads are right at once.
    LateEvent,
    /// A Restart after a scan leaves the first resource assigned.
    Leak,
    /// The second End, and each one after it, is done, and nobody is told that it has ended.
    ReplyWithoutResult,
}

impl PlantedBug {
    /// All of them.
    pub const ALL: &'static [PlantedBug] = &[
        PlantedBug::LostUpdate,
        PlantedBug::StuckTransient,
        PlantedBug::DoubleAccept,
        PlantedBug::WrongStateAfterAbort,
        PlantedBug::LateEvent,
        PlantedBug::Leak,
        PlantedBug::ReplyWithoutResult,
    ];

    /// Its name, in lower case with hyphens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PlantedBug::LostUpdate => "lost-update",
            PlantedBug::StuckTransient => "stuck-transient",
            PlantedBug::DoubleAccept => "double-accept",
            PlantedBug::WrongStateAfterAbort => "wrong-state-after-abort",
            PlantedBug::LateEvent => "late-event",
            PlantedBug::Leak => "leak",
            PlantedBug::ReplyWithoutResult => "reply-without-result",
        }
    }
}

impl fmt::Display for PlantedBug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// No bug is called so.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("there is no bug \"{given}\" to plant; there are {}", names())]
pub struct UnknownBug {
    given: String,
}

fn names() -> String {
    let names: Vec<&str> = PlantedBug::ALL.iter().map(|bug| bug.name()).collect();
    names.join(", ")
}

/// Reads a name in any case, with hyphens, blanks or underscores.
impl FromStr for PlantedBug {
    type Err = UnknownBug;

    fn from_str(text: &str) -> Result<PlantedBug, UnknownBug> {
        let folded = text.trim().to_lowercase().replace([' ', '_'], "-");
        let found = PlantedBug::ALL.iter().find(|bug| bug.name() == folded);
        found.copied().ok_or_else(|| UnknownBug {
            given: text.to_owned(),
        })
    }
}
