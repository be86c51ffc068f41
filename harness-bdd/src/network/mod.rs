//! Telescopes behind gates: see [`ThroughGates`].

mod through_gates;

pub use through_gates::ThroughGates;
