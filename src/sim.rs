//! `harness sim`: serves a simulated telescope.

use harness_sim::SimulatedTelescope;

use crate::{
    arguments::SimArguments, exit::Exit, interrupt::stop_on_interrupt, output, problem::Problem,
};

/// Serves until Ctrl-C, which is how it is meant to end: code 130.
pub(crate) async fn sim(arguments: SimArguments) -> Result<Exit, Problem> {
    let stop = stop_on_interrupt("ending");
    let telescope = SimulatedTelescope::new()
        .with_subarrays(u32::from(arguments.subarrays))
        .with_dwell(arguments.dwell)
        .with_port(arguments.port)
        .start()
        .await
        .map_err(|error| {
            Problem::new(Exit::Failed, error).advise("is the port taken? --port 0 takes a free one")
        })?;
    output::say(format_args!("TANGO_HOST={}", telescope.tango_host()));
    for device in telescope.telescope_config().devices().unwrap_or_default() {
        output::say(device.name);
    }
    output::complain("serving until Ctrl-C");
    stop.requested().await;
    telescope.shutdown().await;
    Ok(Exit::Interrupted)
}
