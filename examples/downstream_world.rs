//! A World of one's own: the library's steps and own steps in the same scenarios.
//!
//! In a telescope's repository this is a test target with `harness = false`, and features come from
//! files: `.with_features("tests/features")`.
//!
//! ```console
//! $ cargo run --example downstream_world
//! ```

use std::{error::Error, io, process::ExitCode, sync::Arc};

use cucumber::{World, given, then};
use harness_bdd::{
    BoxError, Context, HasTelescope, StepBook, TelescopeSession, argument,
    books::telescope_steps,
    feature,
    report::TextReporter,
    step,
    suite::{Suite, Verdict},
};
use harness_sim::SimulatedTelescope;
use harness_tango::telescope::Telescope;

const FEATURE: &str = "\
Feature: Observing with an operator
  Scenario: The operator notes what was observed
    Given the operator is \"Ada\"
    And subarray 1 is in obsState READY
    When the command Scan is sent to subarray 1
    Then subarray 1 is in obsState SCANNING
    And the operator has brought 1 subarray there
    And the log is signed by \"Ada\"
";

/// A telescope, and what only this project knows.
#[derive(Debug, Default, World)]
struct Observatory {
    session: TelescopeSession,
    operator: String,
}

impl HasTelescope for Observatory {
    fn session(&mut self) -> &mut TelescopeSession {
        &mut self.session
    }
}

// Steps by cucumber's attributes ..

#[given(expr = "the operator is {string}")]
fn the_operator(world: &mut Observatory, name: String) {
    world.operator = name;
}

#[then(expr = "the log is signed by {string}")]
fn signed(world: &mut Observatory, name: String) {
    assert_eq!(world.operator, name);
}

// .. and steps in a book, which have a time limit and tell the causes of an error.

fn own_steps(book: StepBook<Observatory>) -> StepBook<Observatory> {
    book.then(
        "the operator has brought {int} subarray(s) there",
        |world, context| step(count_scanning(world, context)),
    )
}

async fn count_scanning(world: &mut Observatory, context: Context) -> Result<(), BoxError> {
    let expected: usize = argument(&context, 0)?;
    let mut scanning = 0;
    for subarray in world.session.telescope()?.subarrays() {
        let state = subarray.obs_state().await?;
        scanning += usize::from(state.label() == "SCANNING");
    }
    if scanning == expected {
        Ok(())
    } else {
        Err(format!("{scanning} subarrays are scanning, not {expected}").into())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let simulator = SimulatedTelescope::new().start().await?;
    let telescope = Telescope::connect(simulator.telescope_config()).await?;

    let book = StepBook::over(Observatory::collection())
        .merge(telescope_steps)
        .merge(own_steps);
    let outcome = Suite::new(book)
        .with_feature(feature::parse("observing.feature", FEATURE)?)
        .on_telescope(Arc::new(telescope))
        .with_reporter(TextReporter::new(io::stdout()))
        .run()
        .await?;

    simulator.shutdown().await;
    let passed = outcome.verdict() == Verdict::Passed;
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
