//! A device server that ends and comes back, seen through subscriptions that were made before.
//!
//! `server_restart DEVICE`: takes the subarray to IDLE and prints `restart the server now`. Then the
//! record must say that the subscription was lost and is back, with the value read again; and after
//! it the subarray must be drivable as before, every change of obsState recorded once. Run by
//! `tests/interop/run`.

use std::error::Error;
use std::time::Duration;

use harness_core::{Signal, Timeout, TracedDevice, Value};
use harness_tango::control_model::ObsState;
use harness_tango::telescope::{Telescope, TelescopeConfig};
use tokio::time::timeout;

/// How long the server may be away, and the harness may take to notice that it is back.
const PATIENCE: Duration = Duration::from_secs(45);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let device = std::env::args()
        .nth(1)
        .ok_or("usage: server_restart DEVICE")?;
    let config: TelescopeConfig = format!(
        "name = \"restart\"\nsubarrays = [1]\n[roles]\nsubarray = \"{}\"\n",
        device.replace("/1#", "/{subarray}#")
    )
    .parse()?;
    let telescope = Telescope::connect(config).await?;
    let subarray = telescope.subarray(1)?;
    subarray.reach(ObsState::Idle).await?;

    let traced: &TracedDevice = subarray.as_ref();
    let tracer = telescope.tracer();
    let mark = tracer.mark();
    println!("restart the server now");
    let mut record = tracer.follow(&mark);
    let mut lost = false;
    let back = timeout(PATIENCE, async {
        loop {
            let entry = record.next().await;
            let Some(event) = entry.event() else { continue };
            if *event.attribute != *"obsstate" && *event.attribute != *"obsState" {
                continue;
            }
            match &event.signal {
                Signal::Lost { reason } => {
                    println!("lost: {reason}");
                    lost = true;
                }
                Signal::Back(reading) => return reading.value.clone(),
                _ => {}
            }
        }
    })
    .await
    .map_err(|_| format!("nothing came back within {PATIENCE:?}; lost: {lost}"))?;
    println!("back: {back}");
    if !lost {
        return Err("the subscription came back without having been lost".into());
    }
    if back != Value::from(ObsState::Empty) {
        return Err(format!("a restarted subarray is EMPTY, but what came back is {back}").into());
    }

    let mark = tracer.mark();
    subarray
        .reach(ObsState::Ready)
        .within(Timeout::seconds(20))
        .await?;
    let changes: Vec<String> = tracer
        .changes_since(&mark, traced.name(), "obsState")
        .iter()
        .map(|change| change.reading.value.to_string())
        .collect();
    if changes != ["RESOURCING", "IDLE", "CONFIGURING", "READY"] {
        return Err(format!("after the restart came {changes:?}").into());
    }
    println!("after the restart: {}", changes.join(", "));
    Ok(())
}
