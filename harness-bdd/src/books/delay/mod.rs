//! Steps about delay models, which the telescope manager computes while a subarray is configured.

mod book;
mod phrases;
mod verify;

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

pub use self::book::delay_steps;
