//! The book: which phrase is which step.

use super::{
    phrases,
    verify::{generating, starts, stops},
};
use crate::{
    HasTelescope,
    Keyword::{Given, Then, When},
    StepBook, step,
};

/// Steps about delay models.
pub fn delay_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(&[Given], phrases::GENERATING, |world, context| {
        step(generating(world, context))
    })
    .phrase(&[Given, When, Then], phrases::STOPS, |world, context| {
        step(stops(world, context))
    })
    .phrase(&[Given, When, Then], phrases::STARTS, |world, context| {
        step(starts(world, context))
    })
}
