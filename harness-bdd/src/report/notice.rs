//! What happens in a run, as it happens.

use std::path::Path;

use crate::suite::{Outcome, ScenarioOutcome};

/// Something that a reporter may want to tell.
///
/// There is no notice for the end of a step: what came of the steps is in [`Notice::ScenarioEnded`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Notice<'a> {
    /// A feature file departs from standard Gherkin; told before the run begins.
    Warning(&'a str),
    /// The run begins with this many scenarios.
    Started {
        /// How many scenarios will be run.
        scenarios: usize,
    },
    /// The first scenario of a feature is about to begin.
    FeatureStarted {
        /// The feature's name.
        name: &'a str,
        /// Its file.
        file: &'a Path,
    },
    /// A scenario begins.
    ScenarioStarted {
        /// The scenario's name.
        name: &'a str,
        /// Which scenario of the run it is, from 1.
        number: usize,
        /// Which attempt at it this is, from 1.
        attempt: usize,
    },
    /// A step begins.
    StepStarted {
        /// The line as in the file.
        text: &'a str,
    },
    /// The steps are over, the telescope is being put back.
    TearDownStarted,
    /// An attempt at a scenario failed, and it will be tried again.
    TryingAgain(&'a ScenarioOutcome),
    /// A scenario is over, tear-down included, and not tried again.
    ScenarioEnded(&'a ScenarioOutcome),
    /// All is over.
    Ended(&'a Outcome),
}

/// Is told how a run goes. Called in the run's own task, so it must not block.
pub trait Reporter {
    /// Takes notice.
    fn report(&mut self, notice: Notice<'_>);
}

impl<F: FnMut(Notice<'_>)> Reporter for F {
    fn report(&mut self, notice: Notice<'_>) {
        self(notice);
    }
}
