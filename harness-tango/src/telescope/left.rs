//! Which subarrays were left where nobody could bring them back from.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::system::System;
use crate::control_model::ObsState;
use crate::subarray::Subarray;

/// A subarray that a test left in a state from which it could not be brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftBehind {
    /// The system it belongs to.
    pub system: System,
    /// The number of the subarray.
    pub number: u32,
    /// What people call it: `CSP subarray 1`.
    pub label: String,
    /// The state that it was left in, if it could be read.
    pub state: Option<ObsState>,
    /// The test that left it so.
    pub by: String,
    /// Why it could not be brought back.
    pub why: String,
}

impl LeftBehind {
    /// A subarray that was left so.
    #[must_use]
    pub fn new(
        subarray: &Subarray,
        state: Option<ObsState>,
        by: impl Into<String>,
        why: impl Into<String>,
    ) -> LeftBehind {
        LeftBehind {
            system: subarray.system(),
            number: subarray.number(),
            label: subarray.label(),
            state,
            by: by.into(),
            why: why.into(),
        }
    }
}

impl fmt::Display for LeftBehind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeftBehind {
            label,
            state,
            by,
            why,
            ..
        } = self;
        match state {
            Some(state) => write!(formatter, "{label} was left in {state} by {by}")?,
            None => write!(formatter, "{label} was left in an unknown state by {by}")?,
        }
        write!(formatter, ", and could not be brought back: {why}")
    }
}

/// What is remembered of them. Looked at for a moment only, never across an await.
#[derive(Debug, Default)]
pub(super) struct Left(Mutex<BTreeMap<(System, u32), LeftBehind>>);

impl Left {
    pub(super) fn remember(&self, left: LeftBehind) {
        self.with(|all| all.insert((left.system, left.number), left));
    }

    pub(super) fn forget(&self, system: System, number: u32) {
        self.with(|all| all.remove(&(system, number)));
    }

    pub(super) fn all(&self) -> Vec<LeftBehind> {
        self.with(|all| all.values().cloned().collect())
    }

    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<(System, u32), LeftBehind>) -> T) -> T {
        // a map of plain data is whole between any two statements
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
