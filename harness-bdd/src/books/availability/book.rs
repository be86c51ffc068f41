//! The book: which phrase is which step.

use super::{
    act::{component, unavailable, unreachable},
    defective::send_to_defective,
    phrases,
};
use crate::{
    HasTelescope,
    Keyword::{Given, When},
    StepBook, step,
};

/// Steps that make systems, their parts, and devices unavailable, until the end of the scenario.
pub fn availability_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(&[When], phrases::DEFECTIVE, |world, context| {
        step(send_to_defective(world, context))
    })
    .phrase(&[Given, When], phrases::COMPONENT, |world, context| {
        step(component(world, context))
    })
    .phrase(&[Given, When], phrases::UNAVAILABLE, |world, context| {
        step(unavailable(world, context))
    })
    .phrase(&[Given, When], phrases::UNREACHABLE, |world, context| {
        step(unreachable(world, context))
    })
}
