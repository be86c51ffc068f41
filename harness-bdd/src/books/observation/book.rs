//! The steps of this family.

use super::{
    act::{bring, busy, given_state, when_state},
    phrases,
    verify::{
        changes_times, goes_from_to, is_in, is_until_finished, never, passes, remains, transitions,
    },
};
use crate::{
    HasTelescope,
    Keyword::{Given, Then, When},
    StepBook, step,
};

/// Steps about the obsState of subarrays: those of the telescope manager and of the subsystems.
pub fn observation_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(&[Given], phrases::BUSY, |world, context| {
        step(busy(world, context))
    })
    .phrase(&[When], phrases::BRING, |world, context| {
        step(bring(world, context))
    })
    .phrase(&[Given, When, Then], phrases::REMAINS, |world, context| {
        step(remains(world, context))
    })
    .phrase(&[Given, When, Then], phrases::NEVER, |world, context| {
        step(never(world, context))
    })
    .phrase(&[Given, When, Then], phrases::TIMES, |world, context| {
        step(changes_times(world, context))
    })
    .phrase(&[Given, When, Then], phrases::PASSES, |world, context| {
        step(passes(world, context))
    })
    .phrase(&[Given, When, Then], phrases::FROM_TO, |world, context| {
        step(goes_from_to(world, context))
    })
    .phrase(
        &[Given, When, Then],
        phrases::UNTIL_FINISHED,
        |world, context| step(is_until_finished(world, context)),
    )
    .phrase(&[Given], phrases::IS, |world, context| {
        step(given_state(world, context))
    })
    .phrase(&[When], phrases::IS, |world, context| {
        step(when_state(world, context))
    })
    .phrase(&[Then], phrases::IS, |world, context| {
        step(is_in(world, context))
    })
    .phrase(&[Given], phrases::BECOMES, |world, context| {
        step(given_state(world, context))
    })
    .phrase(&[When, Then], phrases::BECOMES, |world, context| {
        step(transitions(world, context))
    })
    .phrase(&[Given], phrases::IN, |world, context| {
        step(given_state(world, context))
    })
    .phrase(&[Given], phrases::RESOURCED, |world, context| {
        step(given_state(world, context))
    })
    .phrase(&[Given], phrases::CONFIGURED, |world, context| {
        step(given_state(world, context))
    })
}
