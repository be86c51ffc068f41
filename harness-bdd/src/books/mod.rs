//! The steps that come with the harness, for every World that [has a telescope](crate::HasTelescope).
//!
//! [`telescope_steps`] is all of them. `harness run --list-steps` prints them.

mod command;
#[cfg(feature = "sim")]
mod fault;
mod observed;
mod subarray;

#[cfg(feature = "sim")]
pub use self::fault::fault_steps;
pub use self::{command::command_steps, subarray::subarray_steps};

use crate::{HasTelescope, StepBook};

/// All steps about a telescope.
pub fn telescope_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    let book = book.merge(subarray_steps).merge(command_steps);
    #[cfg(feature = "sim")]
    let book = book.merge(fault_steps);
    book
}
