//! Brings a subarray of a simulated telescope to a state, and on to another one by way of an abort.
//!
//! ```console
//! $ cargo run --example reach_a_state
//! ```

use std::error::Error;

use harness_core::Timeout;
use harness_sim::SimulatedTelescope;
use harness_tango::{control_model::ObsState, telescope::Telescope};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let simulator = SimulatedTelescope::new().start().await?;
    // For a real one: TelescopeConfig::from_file("telescope.toml")?
    let telescope = Telescope::connect(simulator.telescope_config()).await?;
    let subarray = telescope.subarray(1)?;

    let arrival = subarray.reach(ObsState::Ready).await?;
    println!("{arrival}");

    let arrival = subarray
        .reach(ObsState::Idle)
        .passing_through([ObsState::Aborted])
        .within(Timeout::seconds(60))
        .await?;
    println!("{arrival}");

    simulator.shutdown().await;
    Ok(())
}
