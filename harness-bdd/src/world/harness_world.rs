//! A World for those who need no fields of their own.

use super::{HasTelescope, TelescopeSession};

/// The World of the `harness` command: a telescope and nothing else.
///
/// For fields of one's own: own World, and [`HasTelescope`].
#[derive(Debug, Default, cucumber::World)]
pub struct HarnessWorld {
    session: TelescopeSession,
}

impl HasTelescope for HarnessWorld {
    fn session(&mut self) -> &mut TelescopeSession {
        &mut self.session
    }
}
