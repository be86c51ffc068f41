//! `harness sim`: serves a simulated telescope.

use std::time::Duration;

use harness_sim::{
    RunningTelescope, SimulatedTelescope,
    http::{HttpError, HttpServer, RunningHttpServer},
    preset::DeviceRole,
    zoo::PlantedBug,
};

use crate::{
    arguments::SimArguments,
    exit::Exit,
    interrupt::stop_on_interrupt,
    output,
    problem::Problem,
    system::preset,
    token::{say_made_token, token},
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
    plant(&telescope, &arguments.bug)?;
    let http = match arguments.http {
        Some(port) => Some(serve_http(&telescope, port, &arguments).await?),
        None => None,
    };
    output::say(format_args!("TANGO_HOST={}", telescope.tango_host()));
    if let Some(http) = &http {
        say_http(http, &arguments);
    }
    for role in DeviceRole::ALL {
        for name in telescope.names(*role) {
            output::say(name);
        }
    }
    output::complain("serving until Ctrl-C");
    stop.requested().await;
    if let Some(http) = http {
        http.shutdown().await;
    }
    telescope.shutdown().await;
    Ok(Exit::Interrupted)
}

/// Plants bugs in all subarrays, for good.
fn plant(telescope: &RunningTelescope, bugs: &[PlantedBug]) -> Result<(), Problem> {
    for subarray in telescope.subarrays() {
        for bug in bugs {
            let planted = subarray.plant(*bug);
            planted
                .map_err(|error| Problem::new(Exit::Failed, error))?
                .forget();
        }
    }
    if !bugs.is_empty() {
        let names: Vec<&str> = bugs.iter().map(|bug| bug.name()).collect();
        output::complain(format_args!(
            "all subarrays have bugs: {}",
            names.join(", ")
        ));
    }
    Ok(())
}

/// Serves the control over HTTP, beside Tango.
async fn serve_http(
    telescope: &RunningTelescope,
    port: u16,
    arguments: &SimArguments,
) -> Result<RunningHttpServer, Problem> {
    let server = HttpServer::new(telescope.handle())
        .with_bind(&arguments.http_bind)
        .with_port(port);
    let server = match token(arguments.http_token.as_deref()) {
        Some(token) => server.with_token(token),
        None => server,
    };
    server.start().await.map_err(|error| match error {
        HttpError::Token(_) => Problem::usage(error),
        _ => Problem::new(Exit::Failed, error).advise(
            "is the port taken? --http 0 takes a free one; --http-bind takes an address of this \
             machine",
        ),
    })
}

fn say_http(http: &RunningHttpServer, arguments: &SimArguments) {
    output::say(format_args!("HTTP={}", http.url()));
    if let Some(made) = say_made_token(http.token(), arguments.http_token.as_deref()) {
        output::complain(format_args!(
            "the page with its token: {}#{made}",
            http.url()
        ));
    }
}

/// The telescope that was asked for.
fn telescope(arguments: &SimArguments) -> Result<SimulatedTelescope, Problem> {
    let telescope = preset(arguments.preset.as_deref())?;
    let telescope = match arguments.preset.as_deref() {
        None | Some("low" | "mid" | "sdp") => telescope.with_dwell(DWELL),
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
    let telescope = if arguments.manual_clock {
        telescope.with_manual_clock()
    } else {
        telescope
    };
    Ok(if arguments.old_names {
        telescope.with_old_names()
    } else {
        telescope
    })
}
