//! Cucumber for telescopes: plain English drives a telescope over its obsStates and commands.
//!
//! * [`StepBook`]: steps written once and used by any World; [`books`] are those that come with the
//!   harness, for every World that [has a telescope](HasTelescope).
//! * [`suite::Suite`]: features, steps, and what is done around each scenario; its
//!   [`Outcome`](suite::Outcome) is one of six classes, and a run that tested nothing is not good.
//! * [`step`], [`argument`]: what a step of your own is made of.
//! * [`feature`], [`lint`]: reading feature files as teams write them, and what is wrong with them.
//! * [`report`]: telling people how a run goes, and the files that are left behind.
//! * `libtest`, behind the feature of that name: scenarios as tests of `cargo test` and nextest.
//!
//! `cucumber` is re-exported, but its macros (`#[derive(World)]`, `#[given]`) expand to
//! `::cucumber::..`: a crate that uses them needs a direct dependency on the same version.

pub mod books;
pub mod feature;
#[cfg(feature = "libtest")]
pub mod libtest;
pub mod lint;
#[cfg(feature = "chaos")]
pub mod network;
pub mod phrase;
pub mod report;
mod step;
mod step_book;
pub mod suite;
mod world;

pub use self::{
    step::{ArgumentError, BoxError, ErrorChain, StepLimits, Stop, argument, list_argument, step},
    step_book::{
        Catalogue, CatalogueEntry, FoundStep, Keyword, Overlap, Reading, StepBook, StepBookError,
        StepFinder,
    },
    world::{
        Aspect, HarnessWorld, HasTelescope, Restoration, RestorationStep, RestoreError,
        SessionError, TelescopeSession,
    },
};
pub use cucumber::{self, step::Context};
