//! A second try, by way of an abort, with more time.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use harness_core::Timeout;
use harness_core::state_machine::{Arrival, NavigationError, SetbackPolicy};

use super::reach::ReachError;
use super::subarray_device::Subarray;
use crate::control_model::ObsState::{
    self, Aborted, Aborting, Empty, Fault, Resetting, Restarting,
};

/// How often the second try may plan again, for example when the abort itself ends in FAULT.
const NEW_PLANS: u32 = 2;

/// How a subarray reached a state, at the first or at the second try.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reached {
    /// The way of the try that succeeded.
    pub arrival: Arrival<ObsState>,
    /// Why the first try failed, when there was a second one.
    pub first_failure: Option<ReachError>,
}

impl Reached {
    /// Whether a second try was needed.
    #[must_use]
    pub fn was_recovered(&self) -> bool {
        self.first_failure.is_some()
    }
}

impl fmt::Display for Reached {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.first_failure {
            None => write!(formatter, "{}", self.arrival),
            Some(first) => write!(
                formatter,
                "{} at the second try; the first failed: {}",
                self.arrival,
                briefly(first)
            ),
        }
    }
}

/// A subarray did not reach a state, neither at the first try nor at the second.
///
/// `Display` tells both tries, with the account of the second; therefore there is no source.
#[non_exhaustive]
pub struct RecoveryError {
    /// The number of the subarray.
    pub subarray: u32,
    /// What people call it: `CSP subarray 1`.
    pub label: String,
    /// The state that was asked for.
    pub target: ObsState,
    /// The first try.
    pub first: Try,
    /// The second try, if there was hope for one.
    pub second: Option<Try>,
}

/// A try that failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Try {
    /// The states it was to pass through.
    pub through: Vec<ObsState>,
    /// How much time it had.
    pub within: Duration,
    /// Why it failed.
    pub error: ReachError,
}

impl Error for RecoveryError {}

impl fmt::Display for RecoveryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RecoveryError {
            label,
            target,
            first,
            second,
            ..
        } = self;
        write!(formatter, "{label} did not reach {target}")?;
        match second {
            None => write!(formatter, ": {}", in_full(&first.error)),
            Some(second) => {
                write!(
                    formatter,
                    " in two tries\nfirst {first}: {}",
                    briefly(&first.error)
                )?;
                write!(formatter, "\nthen {second}: {}", in_full(&second.error))
            }
        }
    }
}

/// Shows the account, since this is what a test that returns the error prints.
impl fmt::Debug for RecoveryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Try {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for state in &self.through {
            write!(formatter, "through {state}, ")?;
        }
        write!(formatter, "within {} s", self.within.as_secs_f64())
    }
}

/// An error and those below it on one line; of an account only its first line.
fn briefly(error: &ReachError) -> String {
    let mut told = error.to_string();
    if let Some(failure) = error.failure() {
        return format!("{told}: {}", failure.headline());
    }
    let mut source = error.source();
    while let Some(error) = source {
        told = format!("{told}: {error}");
        source = error.source();
    }
    told
}

/// An error and the whole account below it.
fn in_full(error: &ReachError) -> String {
    match error.failure() {
        Some(failure) => format!("{error}\n{failure}"),
        None => briefly(error),
    }
}

/// What the second try passes through, given where the first one ended. An abort is of use only
/// where something is going on; elsewhere the cheapest way begins with a restart, or with nothing.
fn detour(state: ObsState, target: ObsState) -> Vec<ObsState> {
    match state {
        Empty | Aborted | Fault | Resetting | Restarting => Vec::new(),
        _ if matches!(target, Aborted | Aborting) => Vec::new(),
        _ => vec![Aborted],
    }
}

pub(super) async fn reach_or_recover(
    subarray: &Subarray,
    target: ObsState,
    timeout: Timeout,
    recovery: Timeout,
) -> Result<Reached, RecoveryError> {
    let machine = subarray.machine();
    let within = timeout.initial();
    let error = match machine.reach(target, timeout).await {
        Ok(arrival) => {
            return Ok(Reached {
                arrival,
                first_failure: None,
            });
        }
        Err(error) => error,
    };
    let first = Try {
        through: Vec::new(),
        within,
        error,
    };
    let number = subarray.number();
    let label = subarray.label();
    let failed = |first, second| RecoveryError {
        subarray: number,
        label: subarray.label(),
        target,
        first,
        second,
    };
    // No second try finds a way that does not exist, and none is wanted after a cancellation.
    if matches!(
        first.error,
        NavigationError::NoPath(_) | NavigationError::Cancelled(_)
    ) {
        return Err(failed(first, None));
    }
    let Ok(state) = machine.current_state().await else {
        return Err(failed(first, None));
    };
    let through = detour(state, target);
    tracing::warn!(
        subarray = %label, %target, %state, error = %briefly(&first.error), "trying again"
    );
    subarray.traced().tracer().journal().note(format!(
        "{label}: the first try to reach {target} ended in {state}; trying again{}",
        if through.is_empty() {
            ""
        } else {
            " through ABORTED"
        }
    ));
    let within = recovery.initial();
    let patient = machine.clone().on_setback(SetbackPolicy::Replan(NEW_PLANS));
    match patient
        .reach_through(through.clone(), target, recovery)
        .await
    {
        Ok(arrival) => Ok(Reached {
            arrival,
            first_failure: Some(first.error),
        }),
        Err(error) => Err(failed(
            first,
            Some(Try {
                through,
                within,
                error,
            }),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::detour;
    use crate::control_model::ObsState::{self, Aborted, Aborting, Idle, Resourcing, Scanning};

    #[test]
    fn an_abort_is_tried_only_where_something_is_going_on() {
        for state in [Idle, Resourcing, Scanning, Aborting] {
            assert_eq!(detour(state, Idle), [Aborted], "{state}");
        }
        for state in ["EMPTY", "ABORTED", "FAULT", "RESETTING", "RESTARTING"] {
            let state: ObsState = state.parse().unwrap();
            assert!(detour(state, Idle).is_empty(), "{state}");
        }
        assert!(detour(Scanning, Aborted).is_empty());
        assert!(detour(Scanning, Aborting).is_empty());
    }
}
