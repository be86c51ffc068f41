//! A chain of states that walks by itself.

mod error;
mod hops;
mod state;
mod walk;

pub use error::{CommandError, UnknownState};
pub use state::{CatchUp, ManagedState};
