//! Running programs: making them, replaying them, keeping those that fail.

mod campaign;
mod choices;
mod database;
mod explorer;
mod generation;
mod observed;
mod replay;
mod session;
mod settings;
mod violation;

pub use explorer::{ExploreError, Explorer};
pub use replay::Run;
pub use violation::{Place, Violation};

pub(crate) use explorer::{own_runtime, words_of};
pub(crate) use observed::Observed;
pub(crate) use replay::{Repair, Trace, replay};
pub(crate) use settings::{End, Settings};
