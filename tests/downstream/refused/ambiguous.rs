//! Two steps that are the same line: the run is refused before it begins, and both places are named.

use std::process::ExitCode;

use cucumber::{World, given};
use harness_bdd::{BoxError, ErrorChain, StepBook, feature, step, suite::Suite};

#[derive(Debug, Default, World)]
struct Observatory;

#[given(expr = "the dome is {word}")]
fn dome(_: &mut Observatory, _state: String) {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, BoxError> {
    let book = StepBook::<Observatory>::new()
        .with_attributes()
        .given("the {word} is open", |_, _| step(async { Ok(()) }));
    let text = "Feature: Dome\n  Scenario: Open\n    Given the dome is open\n";
    let suite = Suite::new(book).with_feature(feature::parse("dome.feature", text)?);
    match suite.run().await {
        Ok(_) => println!("it was run"),
        Err(error) => println!("{}", ErrorChain(&error)),
    }
    Ok(ExitCode::SUCCESS)
}
