//! What a scenario knows.

use std::{collections::BTreeMap, time::Duration};

use cucumber::World;
use harness_bdd::{HasTelescope, TelescopeSession};

/// A telescope, and what only this observatory has.
#[derive(Debug, Default, World)]
pub(crate) struct Observatory {
    session: TelescopeSession,
    /// Who observes.
    pub(crate) observer: String,
    /// For how long, if it is not what the input says.
    pub(crate) integration: Option<Duration>,
    /// How many observations each observer has made.
    pub(crate) log: BTreeMap<String, u32>,
}

impl HasTelescope for Observatory {
    fn session(&mut self) -> &mut TelescopeSession {
        &mut self.session
    }
}
