//! The book: which phrase is which step.

use super::{act, phrases, verify};
use crate::{
    HasTelescope,
    Keyword::{Given, Then, When},
    StepBook, step,
};

/// Steps about the network between the tests and the devices: what goes wrong there, until the end of
/// the scenario or for some seconds, and whether all is well again. The telescope must be connected
/// through gates: see [`Suite::through`](crate::suite::Suite::through).
pub fn network_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(&[Given, When], phrases::CLOSED_ON_DATA, |world, context| {
        step(act::closed_on_data(world, context))
    })
    .phrase(&[Given, When], phrases::REFUSED, |world, context| {
        step(act::refused(world, context))
    })
    .phrase(&[Given, When], phrases::UNANSWERED, |world, context| {
        step(act::unanswered(world, context))
    })
    .phrase(&[Given, When], phrases::DOWN, |world, context| {
        step(act::down(world, context))
    })
    .phrase(&[Given, When], phrases::LIKE, |world, context| {
        step(act::like(world, context))
    })
    .phrase(&[Given, When], phrases::DELAYED, |world, context| {
        step(act::delayed(world, context))
    })
    .phrase(&[Given, When], phrases::CORRUPTED, |world, context| {
        step(act::corrupted(world, context))
    })
    .phrase(&[Given, When], phrases::LOST, |world, context| {
        step(act::lost(world, context))
    })
    .phrase(&[Given, When], phrases::HELD, |world, context| {
        step(act::held(world, context))
    })
    .phrase(&[Given, When], phrases::LIMITED, |world, context| {
        step(act::limited(world, context))
    })
    .phrase(&[Given, When], phrases::SLICED, |world, context| {
        step(act::sliced(world, context))
    })
    .phrase(&[Given, When], phrases::RESTORED, |world, context| {
        step(act::restored(world, context))
    })
    .phrase(&[Given, When], phrases::CUT_OFF, |world, context| {
        step(act::cut_off(world, context))
    })
    .phrase(&[Given, When], phrases::ENDED, |world, context| {
        step(act::ended(world, context))
    })
    .phrase(&[Then], phrases::RECOVERS, |world, context| {
        step(verify::recovers(world, context))
    })
    .phrase(&[Then], phrases::NOTHING_LOST, |world, context| {
        step(verify::nothing_lost(world, context))
    })
}
