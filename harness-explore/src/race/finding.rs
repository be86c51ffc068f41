//! What was found by a race.

use std::fmt;

use harness_core::state_machine::State;
use serde::Serialize;

use super::contest::Contest;
use super::history::History;
use super::verdict::Violation;

/// A race that no order explains, with the fewest commands that show it.
#[derive(Clone, Debug, Serialize)]
pub struct RaceFinding<S> {
    /// Who raced.
    pub contest: Contest<S>,
    /// What can't be explained.
    pub violation: Violation,
    /// What happened.
    pub history: History<S>,
    /// How many commands there were before those that are not needed were left out.
    pub before: usize,
    /// How many heats of this contest showed it again, and of how many.
    pub again: (u32, u32),
}

impl<S: State> fmt::Display for RaceFinding<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commands = self.contest.entrants.len();
        if self.before > commands {
            let before = self.before;
            writeln!(
                formatter,
                "  {commands} of its {before} commands are enough: {}",
                self.contest
            )?;
        }
        writeln!(formatter, "  {}", self.violation)?;
        match self.again {
            (_, 0) => writeln!(formatter, "  not raced again; this is what was seen:")?,
            (hits, heats) => writeln!(
                formatter,
                "  seen again in {hits} of {heats} heats; this is the first:"
            )?,
        }
        for line in self.history.to_string().lines() {
            writeln!(formatter, "    {line}")?;
        }
        Ok(())
    }
}
