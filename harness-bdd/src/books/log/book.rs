//! The book: which phrase is which step.

use super::{
    phrases,
    verify::{contains, lacks},
};
use crate::{
    HasTelescope,
    Keyword::{Given, Then, When},
    StepBook, step,
};

/// Steps about the logs of devices.
pub fn log_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(&[Given, When, Then], phrases::LACKS, |world, context| {
        step(lacks(world, context))
    })
    .phrase(&[Given, When, Then], phrases::CONTAINS, |world, context| {
        step(contains(world, context))
    })
}
