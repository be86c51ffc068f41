//! The six actions of a subarray's cycle with the harness, timed beside `bench_client.py`.
//!
//! `bench_cycle DEVICE CYCLES`: prints one line of JSON of the same form. Run by
//! `tests/interop/bench`.

#[path = "bench_wire/process.rs"]
mod process;

use std::error::Error;
use std::time::Instant;

use harness_core::Timeout;
use harness_core::action::Action;
use harness_core::assertion::changes_to;
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::subarray::Subarray;
use harness_tango::telescope::{Telescope, TelescopeConfig};

/// Each command and the obsState in which it ends.
const CYCLE: [(&str, ObsState); 6] = [
    ("AssignResources", ObsState::Idle),
    ("Configure", ObsState::Ready),
    ("Scan", ObsState::Scanning),
    ("EndScan", ObsState::Ready),
    ("End", ObsState::Idle),
    ("ReleaseAllResources", ObsState::Empty),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(device), Some(cycles)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bench_cycle DEVICE CYCLES".into());
    };
    let cycles: u32 = cycles.parse()?;
    let config: TelescopeConfig = format!(
        "name = \"benchmark\"\nsubarrays = [1]\n[roles]\nsubarray = \"{}\"\n",
        device.replace("/1#", "/{subarray}#")
    )
    .parse()?;
    let telescope = Telescope::connect(config).await?;
    let subarray = telescope.subarray(1)?;

    let mut times = Vec::new();
    let mut resident = (0, 0);
    let used = process::processor_time()?;
    for cycle in 1..=cycles {
        let started = Instant::now();
        for (command, target) in CYCLE {
            act(&subarray, command, target).await?;
        }
        times.push(started.elapsed());
        if cycle == 100 {
            resident.0 = process::resident_kib()?;
        }
    }
    resident.1 = process::resident_kib()?;
    let used = process::processor_time()?.saturating_sub(used);

    times.sort_unstable();
    let median = times
        .get(times.len() / 2)
        .ok_or("no cycle was asked for")?
        .as_secs_f64();
    println!(
        "{{\"client\": \"the harness\", \"cycle_ms\": {}, \"cpu_ms\": {}, \
         \"resident_kib_100\": {}, \"resident_kib_end\": {}}}",
        median * 1e3,
        used.as_secs_f64() * 1e3 / f64::from(cycles),
        resident.0,
        resident.1
    );
    Ok(())
}

async fn act(subarray: &Subarray, command: &str, target: ObsState) -> Result<(), Box<dyn Error>> {
    subarray
        .command(command, None)
        .postcondition(changes_to([subarray], "obsState", target))
        .completes_with(ResultCode::Ok)
        .stops_early_on_lrc_error()
        .execute(Timeout::seconds(10))
        .await?;
    Ok(())
}
