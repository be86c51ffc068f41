//! Steps about delay models, which the telescope manager computes while a subarray is configured.

mod phrases;
mod verify;

use self::verify::{generating, starts, stops};
use crate::{
    HasTelescope,
    Keyword::{Given, Then, When},
    StepBook, step,
};

/// The delays of the stations' beams.
const DELAY_MODEL: &[&str] = &["delayModel"];
/// The delays of the beams of pulsar timing.
const PST_DELAY_MODELS: &[&str] = &[
    "delayModelPSTBeam1",
    "delayModelPSTBeam2",
    "delayModelPSTBeam3",
    "delayModelPSTBeam4",
];
/// All of them.
const ATTRIBUTES: &[&str] = &[
    "delayModel",
    "delayModelPSTBeam1",
    "delayModelPSTBeam2",
    "delayModelPSTBeam3",
    "delayModelPSTBeam4",
];

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
