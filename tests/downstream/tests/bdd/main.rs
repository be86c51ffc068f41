//! The whole suite: the features of this repository on the simulated telescope, or with
//! `TELESCOPE=telescope.toml` on the real one.

mod steps;
mod world;

use std::{env, error::Error, io, process::ExitCode, sync::Arc};

use harness_bdd::{
    StepBook,
    books::telescope_steps,
    report::TextReporter,
    suite::{Suite, Verdict},
};
use harness_sim::SimulatedTelescope;
use harness_tango::telescope::{Telescope, TelescopeConfig};

use world::Observatory;

/// The steps of this suite: its own, by attributes and by book, and those of the harness.
fn book() -> StepBook<Observatory> {
    StepBook::new()
        .with_attributes()
        .family("Observing here", steps::observing)
        .merge(telescope_steps)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let suite = Suite::new(book())
        .with_features("features")
        .with_reporter(TextReporter::new(io::stdout()));
    let outcome = match env::var_os("TELESCOPE") {
        Some(file) => {
            let telescope = Telescope::connect(TelescopeConfig::from_file(file)?).await?;
            suite.on_telescope(Arc::new(telescope)).run().await?
        }
        None => {
            let inputs = TelescopeConfig::from_file("telescope.toml")?
                .inputs()
                .clone();
            let simulator = SimulatedTelescope::low().start().await?;
            let config = simulator.telescope_config().with_inputs(inputs);
            let telescope = Telescope::connect(config).await?;
            let suite = suite.on_simulated(simulator.handle());
            let outcome = suite.on_telescope(Arc::new(telescope)).run().await?;
            simulator.shutdown().await;
            outcome
        }
    };
    Ok(match outcome.verdict() {
        Verdict::Passed => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}
