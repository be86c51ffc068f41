//! Tries a device of another Tango implementation through the public API of `tango-wire`.
//!
//! ```text
//! cargo run --example wire_client -- DEVICE TRIAL...
//! ```
//!
//! DEVICE is a name for the database at `TANGO_HOST`, or a full `tango://` address; most trials
//! want an `everything.py` or `wire_server` behind it. Prints a line for each thing that was tried,
//! `ok calls.echo DevShort -1`, goes on after a failure, and exits 1 if there was one.

use std::error::Error;
use std::process::ExitCode;

mod attributes;
mod black_box;
mod burst;
mod calls;
mod configuration;
mod configurations;
mod database;
mod errors;
mod events;
mod follower;
mod kinds;
mod locking;
mod old_device;
mod peer;
mod properties;
mod qualities;
mod report;
mod restart;
mod tango_test;
mod values;

use peer::Peer;
use report::Report;

/// The names of the trials; each is a module with a function `run`.
///
/// Room for more: a line here, one in `run`, a module. What a peer cannot do is asked of
/// [`Peer`], so that nothing is left out in silence.
const TRIALS: [&str; 25] = [
    "calls",
    "errors",
    "attributes",
    "qualities",
    "configurations",
    "configure",
    "memorise",
    "remembered",
    "black-box",
    "locking",
    "locked-out",
    "lock-breaker",
    "lock-visitor",
    "properties",
    "events",
    "kinds",
    "burst",
    "overrun",
    "restart",
    "device-restart",
    "database-restart",
    "database-gone",
    "tango-test",
    "old-device",
    "refused-device",
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let device = arguments.next().filter(|name| !name.starts_with('-'));
    let trials: Vec<String> = arguments.collect();
    let unknown = trials.iter().find(|name| !TRIALS.contains(&name.as_str()));
    let (Some(device), false, None) = (device, trials.is_empty(), unknown) else {
        eprintln!(
            "usage: wire_client DEVICE TRIAL...\ntrials: {}",
            TRIALS.join(" ")
        );
        return Ok(ExitCode::from(2));
    };
    let mut report = Report::default();
    if trials == ["refused-device"] {
        report.begin("refused-device");
        old_device::refused(&device, &mut report).await;
        println!("{report}");
        return Ok(if report.is_good() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    let peer = Peer::find(&device).await?;
    println!("{device}: {peer}");
    for trial in &trials {
        report.begin(trial);
        if let Err(error) = run(trial, &peer, &mut report).await {
            report.failed("goes to its end", &report::in_one_line(error.as_ref()));
        }
    }
    println!("{report}");
    Ok(if report.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn run(trial: &str, peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    match trial {
        "calls" => calls::run(peer, report).await,
        "errors" => errors::run(peer, report).await,
        "attributes" => attributes::run(peer, report).await,
        "qualities" => qualities::run(peer, report).await,
        "configurations" => configurations::run(peer, report).await,
        "configure" => configuration::run(peer, report).await,
        "memorise" => configuration::memorise(peer, report).await,
        "remembered" => configuration::remembered(peer, report).await,
        "black-box" => black_box::run(peer, report).await,
        "locking" => locking::run(peer, report).await,
        "locked-out" => locking::locked_out(peer, report).await,
        "lock-breaker" => locking::breaker(peer, report).await,
        "lock-visitor" => locking::visitor(peer, report).await,
        "properties" => properties::run(peer, report).await,
        "events" => events::run(peer, report).await,
        "kinds" => kinds::run(peer, report).await,
        "burst" => burst::run(peer, report).await,
        "overrun" => burst::overrun(peer, report).await,
        "restart" => restart::run(peer, report).await,
        "device-restart" => database::device_restart(peer, report).await,
        "database-restart" => database::database_restart(peer, report).await,
        "database-gone" => database::database_gone(peer, report).await,
        "tango-test" => tango_test::run(peer, report).await,
        "old-device" => old_device::run(peer, report).await,
        other => Err(format!("there is no trial {other}").into()),
    }
}
