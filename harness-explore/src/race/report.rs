//! What came of a race.

use std::fmt;
use std::time::Duration;

use harness_core::state_machine::State;
use serde::Serialize;

use super::contest::Contest;
use super::finding::RaceFinding;

/// What came of a race with one offset.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OffsetReport {
    /// How many milliseconds later than the first command the second was sent; negative if earlier.
    pub offset: i64,
    /// How many heats were run.
    pub heats: u32,
    /// How many of them no order explains.
    pub hits: u32,
}

/// What came of a race. Shown, it tells what was found, how often, and when.
#[derive(Clone, Debug, Serialize)]
pub struct RaceReport<S> {
    /// What raced.
    pub contest: Contest<S>,
    /// By offset; one line with an offset of zero if none were swept.
    pub offsets: Vec<OffsetReport>,
    /// How many replies did not come, or could not be understood.
    pub unknown: u32,
    /// How many commands were accepted, and how many refused.
    pub accepted: u32,
    /// How many commands were refused.
    pub refused: u32,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What was found, if anything, with the fewest commands that show it.
    pub finding: Option<RaceFinding<S>>,
}

impl<S> RaceReport<S> {
    /// How many heats were run.
    #[must_use]
    pub fn heats(&self) -> u32 {
        self.offsets.iter().map(|it| it.heats).sum()
    }

    /// How many of them no order explains.
    #[must_use]
    pub fn hits(&self) -> u32 {
        self.offsets.iter().map(|it| it.hits).sum()
    }

    /// The smallest and the largest offset, in milliseconds, at which something was found.
    #[must_use]
    pub fn interval(&self) -> Option<(i64, i64)> {
        let hits = self.offsets.iter().filter(|it| it.hits > 0);
        let hits: Vec<i64> = hits.map(|it| it.offset).collect();
        Some((*hits.iter().min()?, *hits.iter().max()?))
    }
}

impl<S: State> fmt::Display for RaceReport<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = Duration::from_secs_f64(self.seconds);
        writeln!(formatter, "race {}", self.contest)?;
        writeln!(
            formatter,
            "  {} heats in {time:.1?}: {} commands accepted, {} refused, of {} nobody knows",
            self.heats(),
            self.accepted,
            self.refused,
            self.unknown
        )?;
        let Some(finding) = &self.finding else {
            return write!(formatter, "  some order explains every heat");
        };
        write!(formatter, "  no order explains {} heats", self.hits())?;
        match self.interval() {
            Some((first, last)) if self.offsets.len() > 1 => writeln!(
                formatter,
                ", with the second command {first} to {last} ms after the first"
            )?,
            _ => writeln!(formatter)?,
        }
        write!(formatter, "{finding}")
    }
}
