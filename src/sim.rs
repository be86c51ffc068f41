//! `harness sim`: serves a simulated telescope.

use std::time::Duration;

use harness_sim::{SimulatedTelescope, preset::DeviceRole};

use crate::{
    arguments::SimArguments, exit::Exit, interrupt::stop_on_interrupt, output, problem::Problem,
    system::preset,
};

/// Long enough to be seen.
const DWELL: Duration = Duration::from_millis(100);

/// Serves until Ctrl-C, which is how it is meant to end: code 130.
pub(crate) async fn sim(arguments: SimArguments) -> Result<Exit, Problem> {
    let stop = stop_on_interrupt("ending");
    let telescope = telescope(&arguments)?;
    let telescope = telescope
        .with_port(arguments.port)
        .start()
        .await
        .map_err(|error| {
            Problem::new(Exit::Failed, error).advise("is the port taken? --port 0 takes a free one")
        })?;
    output::say(format_args!("TANGO_HOST={}", telescope.tango_host()));
    for role in DeviceRole::ALL {
        for name in telescope.names(*role) {
            output::say(name);
        }
    }
    output::complain("serving until Ctrl-C");
    stop.requested().await;
    telescope.shutdown().await;
    Ok(Exit::Interrupted)
}

/// The telescope that was asked for.
fn telescope(arguments: &SimArguments) -> Result<SimulatedTelescope, Problem> {
    let telescope = preset(arguments.preset.as_deref())?;
    let telescope = match arguments.preset.as_deref() {
        None | Some("low" | "mid") => telescope.with_dwell(DWELL),
        Some(_) => telescope,
    };
    let telescope = match arguments.subarrays {
        Some(count) => telescope.with_subarrays(u32::from(count)),
        None => telescope,
    };
    let telescope = match arguments.dwell {
        Some(dwell) => telescope.with_dwell(dwell),
        None => telescope,
    };
    Ok(if arguments.old_names {
        telescope.with_old_names()
    } else {
        telescope
    })
}
