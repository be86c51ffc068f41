//! Stateful testing of devices: programs of commands that find what breaks, shrunk to what matters.
//!
//! | module | holds |
//! |---|---|
//! | [`machine`] | [`Machine`]: what can be done with a system and must hold of it, as rules, bundles and invariants |
//! | [`strategy`] | [`Strategy`]: what values an argument may have |
//! | [`program`] | [`Program`]: steps as data, and the forms in which a person reads and keeps them |
//! | [`run`] | [`Explorer`]: makes programs, runs and replays them, keeps those that fail |
//! | [`lifecycle`] | [`Lifecycle`](lifecycle::Lifecycle): everything about a system from its state graph |
//! | [`cover`] | [`Cover`](cover::Cover): all states and commands of a lifecycle, and what was done of them |
//! | [`race`] | [`Race`](race::Race): commands of several clients at once, and whether some order explains what happens |
//! | [`load`] | [`Load`](load::Load): many users at once, latencies, and what is still right under it |
//! | `tango` (feature) | subarrays over Tango as systems under test |
//! | [`report`] | [`Report`]: what was run, what was found, what was never done |
//!
//! Start at [`Machine`]: its example has all the parts.

pub mod cover;
pub mod lifecycle;
pub mod load;
pub mod machine;
pub mod program;
pub mod race;
pub mod report;
pub mod run;
mod shrink;
pub mod strategy;
#[cfg(feature = "tango")]
pub mod tango;

pub use machine::{
    BundleDraw, Call, Invariant, Machine, MachineError, Produced, Rule, RuleError, StepMachine,
    bundle, ensure,
};
pub use program::{Program, Step};
pub use report::{Finding, Report};
pub use run::{ExploreError, Explorer, Run, Violation};
pub use strategy::Strategy;
