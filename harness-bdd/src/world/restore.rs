//! Putting the telescope back after a scenario.

use std::time::Duration;

use harness_tango::{control_model::ObsState, subarray::Subarray};

use super::TelescopeSession;
use crate::{BoxError, ErrorChain};

/// Added to the time that the way back may take, for what isn't waiting: connections, replies.
const SLACK: Duration = Duration::from_secs(10);

/// What could not be put back: everything, not only the first.
#[derive(Debug, thiserror::Error)]
#[error("the telescope could not be put back:\n{}", .problems.join("\n"))]
pub struct RestoreError {
    problems: Vec<String>,
}

impl RestoreError {
    /// Each thing that went wrong, with its causes.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl TelescopeSession {
    /// Ends the faults of the scenario, and brings every subarray that it touched back to EMPTY, by
    /// abort and restart if need be. Ends in time whatever the telescope does: see the timeouts
    /// `reach` and `recovery` of its configuration.
    ///
    /// # Errors
    /// [`RestoreError`] that lists all that could not be put back. The rest was.
    pub async fn restore(&mut self) -> Result<(), RestoreError> {
        let (faults, subarrays) = self.take_undone();
        let mut problems = Vec::new();
        for fault in faults {
            // Before the subarrays are moved: a fault that didn't strike yet would strike now.
            let description = fault.description().to_owned();
            match tokio::time::timeout(SLACK, fault.stop()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => problems.push(ErrorChain(&error).to_string()),
                Err(_) => problems.push(format!("the fault did not end in time: {description}")),
            }
        }
        for (number, subarray) in subarrays {
            if let Err(error) = self.empty(&subarray).await {
                problems.push(format!("subarray {number}: {}", ErrorChain(error.as_ref())));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(RestoreError { problems })
        }
    }

    async fn empty(&self, subarray: &Subarray) -> Result<(), BoxError> {
        let timeouts = self.telescope()?.config().timeouts();
        let longest = timeouts.reach + timeouts.recovery + SLACK;
        match tokio::time::timeout(longest, subarray.reach_or_recover(ObsState::Empty)).await {
            Ok(arrived) => arrived.map(drop).map_err(Into::into),
            Err(_) => Err(format!("not back in EMPTY after {} s", longest.as_secs()).into()),
        }
    }
}
