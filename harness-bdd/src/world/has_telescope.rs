//! What the steps about a telescope ask of a World.

use super::TelescopeSession;

/// A World with a telescope.
///
/// ```
/// use harness_bdd::{HasTelescope, TelescopeSession};
///
/// #[derive(Debug, Default, cucumber::World)]
/// struct MyWorld {
///     session: TelescopeSession,
///     remarks: Vec<String>,
/// }
///
/// impl HasTelescope for MyWorld {
///     fn session(&mut self) -> &mut TelescopeSession {
///         &mut self.session
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not own a telescope",
    label = "the steps about telescopes need one",
    note = "give it a field `session: harness_bdd::TelescopeSession` and implement `HasTelescope`"
)]
pub trait HasTelescope: cucumber::World {
    /// The scenario's dealings with the telescope.
    fn session(&mut self) -> &mut TelescopeSession;
}
