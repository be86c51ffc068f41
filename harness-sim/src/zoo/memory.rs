//! What a planted bug remembers.

use std::sync::Arc;

use harness_tango::control_model::ObsState;
use tokio::time::Instant;

use crate::model::Job;

/// What a planted bug remembers of what the subarray has done.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The command that was accepted last in a state that stays: from where, and when.
    pub(super) accepted: Option<(Job, ObsState, Instant)>,
    /// The command under way is one that should not have been accepted.
    pub(super) slipped_in: bool,
    /// What the last AssignResources has added.
    pub(super) added: Vec<Arc<str>>,
    /// How many Configure have ended since it was EMPTY.
    pub(super) configured: u32,
    /// How many End were accepted.
    pub(super) ended: u32,
    /// Whether it has scanned since it was EMPTY.
    pub(super) scanned: bool,
    /// What was never released.
    pub(super) leaked: Vec<Arc<str>>,
}
