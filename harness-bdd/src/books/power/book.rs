//! The book: which phrase is which step.

use super::{
    act::{given_devices, given_telescope, switch_devices, switch_telescope},
    phrases,
    verify::{
        becomes, is, is_switched, remains, telescope_becomes, telescope_is, telescope_is_switched,
        telescope_remains,
    },
};
use crate::{
    HasTelescope,
    Keyword::{Given, Then, When},
    StepBook, step,
};

/// Steps about the State of the telescope and of its devices, and about switching them.
pub fn power_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    let all = &[Given, When, Then];
    book.phrase(all, phrases::TELESCOPE_REMAINS, |world, context| {
        step(telescope_remains(world, context))
    })
    .phrase(&[When], phrases::TELESCOPE_SWITCHED, |world, context| {
        step(switch_telescope(world, context))
    })
    .phrase(&[Then], phrases::TELESCOPE_SWITCHED, |world, context| {
        step(telescope_is_switched(world, context))
    })
    .phrase(&[Given], phrases::TELESCOPE_IS, |world, context| {
        step(given_telescope(world, context))
    })
    .phrase(&[When, Then], phrases::TELESCOPE_IS, |world, context| {
        step(telescope_is(world, context))
    })
    .phrase(&[Given], phrases::TELESCOPE_BECOMES, |world, context| {
        step(given_telescope(world, context))
    })
    .phrase(
        &[When, Then],
        phrases::TELESCOPE_BECOMES,
        |world, context| step(telescope_becomes(world, context)),
    )
    .phrase(all, phrases::SWITCH_TELESCOPE, |world, context| {
        step(switch_telescope(world, context))
    })
    .phrase(&[Given], phrases::TELESCOPE_SWITCHED, |world, context| {
        step(switch_telescope(world, context))
    })
    .phrase(
        &[Given, When],
        phrases::DEVICE_SWITCHED,
        |world, context| step(switch_devices(world, context)),
    )
    .phrase(&[Then], phrases::DEVICE_SWITCHED, |world, context| {
        step(is_switched(world, context))
    })
    .phrase(all, phrases::SWITCH_DEVICE, |world, context| {
        step(switch_devices(world, context))
    })
    .phrase(all, phrases::REMAINS, |world, context| {
        step(remains(world, context))
    })
    .phrase(&[Given], phrases::IS, |world, context| {
        step(given_devices(world, context))
    })
    .phrase(&[When, Then], phrases::IS, |world, context| {
        step(is(world, context))
    })
    .phrase(&[Given], phrases::BECOMES, |world, context| {
        step(given_devices(world, context))
    })
    .phrase(&[When, Then], phrases::BECOMES, |world, context| {
        step(becomes(world, context))
    })
}
