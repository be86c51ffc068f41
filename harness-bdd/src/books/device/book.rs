//! The book: which phrase is which step.

use super::{
    attribute::{becomes, given, is, remains},
    kind::{has_type, initialise},
    phrases,
};
use crate::{
    HasTelescope,
    Keyword::{Given, Then, When},
    StepBook, step,
};

/// Steps about attributes of devices, other than State and obsState, and about what devices offer.
pub fn device_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(&[Given, When, Then], phrases::REMAINS, |world, context| {
        step(remains(world, context))
    })
    .phrase(&[When, Then], phrases::BECOMES, |world, context| {
        step(becomes(world, context))
    })
    .phrase(&[Given], phrases::BECOMES, |world, context| {
        step(given(world, context))
    })
    .phrase(&[Given], phrases::ARE, |world, context| {
        step(given(world, context))
    })
    .phrase(&[When, Then], phrases::ARE, |world, context| {
        step(is(world, context))
    })
    .phrase(&[Given], phrases::IS, |world, context| {
        step(given(world, context))
    })
    .phrase(&[When, Then], phrases::IS, |world, context| {
        step(is(world, context))
    })
    .phrase(&[When, Given], phrases::INITIALISED, |world, context| {
        step(initialise(world, context))
    })
    .phrase(&[Given, When, Then], phrases::TYPE, |world, context| {
        step(has_type(world, context))
    })
}
