//! The steps of this family.

use super::{
    act::{command, verb},
    execute::execute,
    passed_on::passed_on,
    phrases,
    rejected::{dev_failed, error, rejected, reported},
    resources::{assigned, scan_type},
    result::{completes, result},
    result_phrases,
    sequence::{again, each},
    subsystems::{others, result_from},
};
use crate::{
    HasTelescope,
    Keyword::{self, Given, Then, When},
    StepBook, step,
};

/// People write the same line under any of them.
const ANY: &[Keyword] = &[Given, When, Then];
/// Lines that ask for something.
const ACTING: &[Keyword] = &[Given, When, Then];

/// Steps about commands: sending them, and what comes of them.
///
/// A command is given the input of the telescope's configuration, with what the line says of it, or the
/// doc string under the line. Resources are assigned and released through the central node, if the
/// telescope has one; everything else goes to the devices that the line names.
pub fn command_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    let book = book.merge(result_steps);
    #[cfg(feature = "sim")]
    let book = book.merge(disturbed_steps);
    book.phrase(ACTING, phrases::EXECUTE, |world, context| {
        step(execute(world, context))
    })
    .phrase(ACTING, phrases::LOOP, |world, context| {
        step(each(world, context))
    })
    .phrase(ACTING, phrases::AGAIN, |world, context| {
        step(again(world, context))
    })
    .phrase(ACTING, phrases::ANOTHER, |world, context| {
        step(command(world, context))
    })
    .phrase(ACTING, phrases::ASSIGN, |world, context| {
        step(verb(world, context, "AssignResources"))
    })
    .phrase(ACTING, phrases::RELEASE, |world, context| {
        step(verb(world, context, "ReleaseAllResources"))
    })
    .phrase(ACTING, phrases::SCAN, |world, context| {
        step(verb(world, context, "Scan"))
    })
    .phrase(ACTING, phrases::END_SCAN, |world, context| {
        step(verb(world, context, "EndScan"))
    })
    .phrase(ACTING, phrases::END, |world, context| {
        step(verb(world, context, "End"))
    })
    .phrase(ACTING, phrases::ABORT, |world, context| {
        step(verb(world, context, "Abort"))
    })
    .phrase(ACTING, phrases::RESTART, |world, context| {
        step(verb(world, context, "Restart"))
    })
    .phrase(ACTING, phrases::RESET, |world, context| {
        step(verb(world, context, "ObsReset"))
    })
    .phrase(ACTING, phrases::COMMAND, |world, context| {
        step(command(world, context))
    })
    .phrase(ACTING, phrases::CONFIGURE, |world, context| {
        step(verb(world, context, "Configure"))
    })
}

fn result_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.phrase(ANY, result_phrases::DEV_FAILED, |world, _| {
        step(dev_failed(world))
    })
    .phrase(ANY, result_phrases::ERROR, |world, context| {
        step(error(world, context))
    })
    .phrase(ANY, result_phrases::REPORTED, |world, context| {
        step(reported(world, context))
    })
    .phrase(ANY, result_phrases::REJECTED, |world, context| {
        step(rejected(world, context))
    })
    .phrase(ANY, result_phrases::OTHERS, |world, context| {
        step(others(world, context))
    })
    .phrase(ANY, result_phrases::RESULT_FROM, |world, context| {
        step(result_from(world, context))
    })
    .phrase(ANY, result_phrases::RESULT, |world, context| {
        step(result(world, context))
    })
    .phrase(ANY, result_phrases::SCAN_TYPE, |world, context| {
        step(scan_type(world, context))
    })
    .phrase(&[Then], result_phrases::PASSED_ON, |world, context| {
        step(passed_on(world, context))
    })
    .phrase(&[Then], result_phrases::RESOURCES, |world, context| {
        step(assigned(world, context))
    })
    .phrase(&[Then], result_phrases::COMPLETES, |world, context| {
        step(completes(world, context))
    })
}

#[cfg(feature = "sim")]
fn disturbed_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    use super::disturbed::{central_is_busy, faulty};
    book.phrase(&[Given], phrases::CENTRAL_IS_BUSY, |world, context| {
        step(central_is_busy(world, context))
    })
    .phrase(ACTING, phrases::FAULTY, |world, context| {
        step(faulty(world, context))
    })
}
