//! What the steps of a team's own ask of a session, on a simulated telescope.
#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{sync::Arc, time::Duration};

use harness_bdd::{
    Aspect, BoxError, Context, HarnessWorld, HasTelescope,
    Keyword::{Given, Then, When},
    StepBook,
    books::telescope_steps,
    feature,
    phrase::{Phrase, words},
    step,
    suite::{Outcome, Suite, Verdict},
};
use harness_core::changes_to;
use harness_sim::SimulatedTelescope;
use harness_tango::{
    control_model::ResultCode,
    telescope::{Telescope, Timeouts},
};

const SENDS: Phrase = Phrase::new("sends").with_patterns(&["{i} give <command> [to <who>]"]);
const ENDS: Phrase = Phrase::new("ends").with_patterns(&["its result is OK"]);
const COUNTS: Phrase = Phrase::new("counts").with_patterns(&["<who> are <number:integer> devices"]);
const SCANS: Phrase = Phrase::new("scans").with_patterns(&["<who> (has|have) begun to scan"]);

async fn send(world: &mut HarnessWorld, context: Context) -> Result<(), BoxError> {
    let words = words(&context)?;
    let command: String = words.needed("command")?;
    let session = world.session();
    session.devices(words.who("who"), Aspect::Observation)?;
    let number = session.number()?;
    session.send(number, &command, None).await
}

async fn ends(world: &mut HarnessWorld) -> Result<(), BoxError> {
    let completion = world.session().last_result().await?;
    match completion.code {
        ResultCode::Ok => Ok(()),
        code => Err(format!("it ended with {code}").into()),
    }
}

async fn counts(world: &mut HarnessWorld, context: Context) -> Result<(), BoxError> {
    let words = words(&context)?;
    let expected: usize = words.needed("number")?;
    let found = world
        .session()
        .devices(words.who("who"), Aspect::Observation)?;
    match found.len() {
        number if number == expected => Ok(()),
        number => Err(format!("{number} devices").into()),
    }
}

async fn scans(world: &mut HarnessWorld, context: Context) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let since = session.since_when(session.number()?)?;
    for device in session.devices(words.who("who"), Aspect::Observation)? {
        let scanning = changes_to([&device], "obsState", "SCANNING");
        let expected = device.tracer().expect(scanning).since(&since);
        expected.within(Duration::from_secs(1)).await?;
    }
    Ok(())
}

fn own_steps(book: StepBook<HarnessWorld>) -> StepBook<HarnessWorld> {
    book.phrase(&[Given, When], SENDS, |world, context| {
        step(send(world, context))
    })
    .phrase(&[Then], ENDS, |world, _| step(ends(world)))
    .phrase(&[Then], COUNTS, |world, context| {
        step(counts(world, context))
    })
    .phrase(&[Then], SCANS, |world, context| step(scans(world, context)))
}

/// What came of these steps on a simulated SKA Low.
async fn run(steps: &[&str]) -> Outcome {
    let text = format!("Feature: f\n  Scenario: s\n    {}\n", steps.join("\n    "));
    let simulator = SimulatedTelescope::low()
        .with_dwell(Duration::from_millis(10))
        .start()
        .await
        .unwrap();
    let config = simulator.telescope_config().with_timeouts(Timeouts {
        command: Duration::from_secs(3),
        reach: Duration::from_secs(3),
        recovery: Duration::from_secs(10),
    });
    let telescope = Telescope::connect(config).await.unwrap();
    let outcome = Suite::new(StepBook::new().merge(own_steps).merge(telescope_steps))
        .with_feature(feature::parse("own.feature", &text).unwrap())
        .on_simulated(simulator.handle())
        .on_telescope(Arc::new(telescope))
        .run()
        .await
        .unwrap();
    simulator.shutdown().await;
    outcome
}

async fn passes(steps: &[&str]) {
    let outcome = run(steps).await;
    assert_eq!(
        outcome.verdict(),
        Verdict::Passed,
        "{:?}",
        outcome.scenarios
    );
}

/// Why it failed.
async fn fails(steps: &[&str]) -> String {
    let outcome = run(steps).await;
    assert_eq!(
        outcome.verdict(),
        Verdict::Failed,
        "{:?}",
        outcome.scenarios
    );
    format!("{:?}", outcome.scenarios)
}

#[tokio::test]
async fn a_command_that_an_own_step_sent_is_the_command_of_the_library_too() {
    passes(&[
        "Given TMC subarray 1 is in obsState IDLE",
        "When I give Configure",
        "Then its result is OK",
        "And the CSP subarray transitions to READY",
        "And the TMC, CSP and SDP subarrays are 3 devices",
    ])
    .await;
    passes(&[
        "Given the TMC subarray is in obsState EMPTY",
        "When I give Configure to subarray 2",
        "Then the command is rejected",
    ])
    .await;
}

#[tokio::test]
async fn a_refusal_is_no_result() {
    let why = fails(&[
        "Given the TMC subarray is in obsState EMPTY",
        "When I give Configure",
        "Then its result is OK",
    ])
    .await;
    assert!(why.contains("say `Then the command is rejected`"), "{why}");
}

#[tokio::test]
async fn an_own_then_looks_only_at_what_came_since_the_when() {
    let scanning = "Given the TMC subarray is in obsState SCANNING";
    let then = "Then the TMC and CSP subarrays have begun to scan";
    let why = fails(&[scanning, "When I give Abort", then]).await;
    assert!(why.contains("MISSING"), "{why}");
    let why = fails(&[scanning, then]).await;
    assert!(why.contains("needs a When before it"), "{why}");
}

#[tokio::test]
async fn a_device_that_the_telescope_does_not_have_is_told() {
    let why = fails(&["Then the dishes are 4 devices"]).await;
    assert!(why.contains("name its dishes under `dishes`"), "{why}");
}
