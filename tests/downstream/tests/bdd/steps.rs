//! Steps of this observatory's own.

use std::time::Duration;

use cucumber::{given, then};
use harness_bdd::{
    Aspect, BoxError, Context, HasTelescope as _,
    Keyword::{Given, When},
    StepBook,
    phrase::{Phrase, words},
    step,
};
use harness_core::{Action as _, Timeout, changes_to};
use harness_tango::control_model::ObsState;

use crate::world::Observatory;

// By attributes: plain functions. A panic fails the step.

#[given(expr = "the observer is {string}")]
fn the_observer(world: &mut Observatory, name: String) {
    world.observer = name;
}

#[then(expr = "the log of {string} has {int} observation(s)")]
fn the_log(world: &mut Observatory, name: String, expected: u32) {
    let observations = world.log.get(&name).copied().unwrap_or_default();
    assert_eq!(observations, expected, "observations of {name}");
}

// By book: with a time limit, and an error is told with its causes.

pub(crate) fn observing(book: StepBook<Observatory>) -> StepBook<Observatory> {
    book.when("the night assistant gives up", |world, _| {
        step(give_up(world))
    })
    .then("the scan is over", |world, _| step(scan_is_over(world)))
    .phrase(&[Given], INTEGRATES, |world, context| {
        step(integrate(world, context))
    })
    .phrase(&[When], OBSERVES, |world, context| {
        step(observe(world, context))
    })
}

async fn give_up(world: &mut Observatory) -> Result<(), BoxError> {
    let session = world.session();
    let number = session.number()?;
    session.send(number, "Abort", None).await
}

// By phrase: one step for the many ways of writing it.

const INTEGRATES: Phrase = Phrase::new("the deep field is to be integrated for some time")
    .with_patterns(&[
        "deep field (is integrated|integrates) for <seconds:number> (s|second|seconds)",
    ])
    .with_examples(&["the deep field is integrated for 10 seconds"]);

const OBSERVES: Phrase = Phrase::new("the deep field is observed: configured, scanned, ended")
    .with_patterns(&["{i} observe [deep field] [with <who>] for <time:number> <unit:word>"])
    .with_examples(&[
        "I observe for 5 minutes",
        "I observe the deep field with subarray 1 for 10 s",
    ]);

async fn integrate(world: &mut Observatory, context: Context) -> Result<(), BoxError> {
    let seconds = words(&context)?.needed("seconds")?;
    world.integration = Some(Duration::try_from_secs_f64(seconds)?);
    Ok(())
}

async fn observe(world: &mut Observatory, context: Context) -> Result<(), BoxError> {
    let words = words(&context)?;
    let unit = words.needed::<String>("unit")?;
    let time = words.needed::<f64>("time")? * seconds(&unit)?;
    let time = Duration::try_from_secs_f64(time)?;
    let integration = world.integration.unwrap_or(time);

    let session = world.session();
    session.devices(words.who("who"), Aspect::Observation)?;
    let number = session.number()?;
    session.ensure_on().await?;
    let subarray = session.subarray(number)?;
    let timeout = Timeout::new(subarray.timeouts().command);
    // inputs/deep_field.json, for another time
    let input = (subarray.inputs())
        .document_named("Configure", "deep_field")?
        .with_scan_duration(integration.as_secs_f64())?;

    session.begin_when(number).await?; // the Thens look at what comes after this
    for (command, input, state) in [
        ("Configure", Some(input.text().into()), ObsState::Ready),
        ("Scan", None, ObsState::Scanning),
    ] {
        let mut action = subarray.command(command, input);
        action.execute(timeout.clone()).await?;
        subarray.wait_for(state, timeout.clone()).await?;
    }
    tokio::time::sleep(time).await;
    *world.log.entry(world.observer.clone()).or_default() += 1;
    Ok(())
}

fn seconds(unit: &str) -> Result<f64, String> {
    match unit {
        "s" | "second" | "seconds" => Ok(1.0),
        "min" | "minute" | "minutes" => Ok(60.0),
        _ => Err(format!(
            "`{unit}` is no unit of time; seconds and minutes are"
        )),
    }
}

/// Looks only at what happened since the When: READY from before doesn't count.
async fn scan_is_over(world: &mut Observatory) -> Result<(), BoxError> {
    let session = world.session();
    let number = session.number()?;
    let subarray = session.subarray(number)?;
    let since = session.since_when(number)?;
    let scan = changes_to([&subarray], "obsState", "SCANNING");
    let scan = scan.then(changes_to([&subarray], "obsState", "READY"));
    let expected = subarray.traced().tracer().expect(scan).since(&since);
    Ok(expected.within(subarray.timeouts().command).await?)
}
