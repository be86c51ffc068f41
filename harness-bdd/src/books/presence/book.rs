//! The book: which phrase is which step.

use super::{
    phrases,
    verify::{consists, has_subarrays, is_kind, there_is},
};
use crate::{HasTelescope, Keyword::Given, StepBook, step};

/// Steps that say which telescope, and which device, a scenario is about. They see to it that the
/// devices are there.
pub fn presence_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(&[Given], phrases::SUBARRAYS, |world, context| {
        step(has_subarrays(world, context))
    })
    .phrase(&[Given], phrases::CONSISTS, |world, context| {
        step(consists(world, context))
    })
    .phrase(&[Given], phrases::KIND, |world, context| {
        step(is_kind(world, context))
    })
    .phrase(&[Given], phrases::THERE_IS, |world, context| {
        step(there_is(world, context))
    })
}
