//! It did not come back.

use std::error::Error;
use std::time::Duration;

use thiserror::Error;

use crate::wording::{Spoken, counted};

/// What was tried did not succeed in time.
#[derive(Debug, Error)]
#[error(
    "no recovery within {}, at {}{}",
    Spoken(*.within),
    counted(u64::from(*.attempts), "attempt"),
    if .source.is_none() { "; the last of them did not end" } else { "" }
)]
pub struct NotRecovered {
    pub(super) within: Duration,
    pub(super) attempts: u32,
    pub(super) source: Option<Box<dyn Error + Send + Sync>>,
}

impl NotRecovered {
    /// How often it was tried.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }
}
