//! Features of this project as tests, each scenario one, on a simulated telescope of its own:
//! `cargo test --test scenarios`, `cargo nextest run --test scenarios`.

use std::time::Duration;

use harness_bdd::{
    HarnessWorld, StepBook, books::telescope_steps, libtest::Scenarios, suite::Suite,
};
use harness_sim::SimulatedTelescope;
use harness_tango::telescope::{Telescope, Timeouts};

/// The telescope in this process answers at once, so what gets stuck there need not be awaited long.
const TIMEOUTS: Timeouts = Timeouts {
    command: Duration::from_secs(3),
    reach: Duration::from_secs(3),
    recovery: Duration::from_secs(10),
};

fn suite() -> Suite<HarnessWorld> {
    Suite::new(StepBook::new().merge(telescope_steps))
        .with_features("features/abort_restart.feature")
        .with_features("features/recovery.feature")
}

fn main() -> std::process::ExitCode {
    Scenarios::new(suite)
        .prepared(|suite| {
            Box::pin(async {
                let simulator = SimulatedTelescope::new()
                    .with_dwell(Duration::from_millis(10))
                    .start()
                    .await?;
                let config = simulator.telescope_config().with_timeouts(TIMEOUTS);
                let telescope = Telescope::connect(config).await?;
                let handle = simulator.handle();
                Ok(suite
                    .on_simulated(handle)
                    .on_telescope(telescope.into())
                    .keeping(simulator))
            })
        })
        .run()
}
