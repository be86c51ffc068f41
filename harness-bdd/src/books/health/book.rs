//! The book: which phrase is which step.

use super::{
    phrases,
    steps::{becomes, given_health, is, set_health, telescope_becomes, telescope_is},
};
use crate::{
    HasTelescope,
    Keyword::{Given, Then, When},
    StepBook, step,
};

/// Steps about how well devices and the telescope are.
pub fn health_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(
        &[Given, When, Then],
        phrases::TELESCOPE_BECOMES,
        |world, context| step(telescope_becomes(world, context)),
    )
    .phrase(
        &[Given, When, Then],
        phrases::TELESCOPE_IS,
        |world, context| step(telescope_is(world, context)),
    )
    .phrase(&[Given], phrases::SET, |world, context| {
        step(given_health(world, context))
    })
    .phrase(&[When], phrases::SET, |world, context| {
        step(set_health(world, context))
    })
    .phrase(&[Then], phrases::SET, |world, context| {
        step(becomes(world, context))
    })
    .phrase(&[Given], phrases::IS, |world, context| {
        step(given_health(world, context))
    })
    .phrase(&[When, Then], phrases::IS, |world, context| {
        step(is(world, context))
    })
}
