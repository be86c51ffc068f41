//! The log of a device of a foreign server, in the record of the harness.
//!
//! `device_log DEVICE`: listens to the device's log, takes the subarray to IDLE, and expects a line
//! of it; then stops listening, and expects none. Run by `tests/interop/run`.

use std::error::Error;
use std::time::Duration;

use harness_core::Timeout;
use harness_core::assertion::logs;
use harness_tango::control_model::ObsState;
use harness_tango::log::LogCollector;
use harness_tango::telescope::{Telescope, TelescopeConfig};

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let device = std::env::args().nth(1).ok_or("usage: device_log DEVICE")?;
    let config: TelescopeConfig = format!(
        "name = \"log\"\nsubarrays = [1]\n[roles]\nsubarray = \"{}\"\n",
        device.replace("/1#", "/{subarray}#")
    )
    .parse()?;
    let telescope = Telescope::connect(config).await?;
    let tracer = telescope.tracer();
    let collector = LogCollector::of_telescope(&telescope).await?;
    let listening = collector.listen(&device).await?;
    println!("{} logs to {}", listening.device(), collector.target());
    let subarray = telescope.subarray(1)?;
    let line = || {
        logs(
            listening.device(),
            "that it was told AssignResources",
            |line| line.message.contains("AssignResources") && &*line.level == "INFO",
        )
    };
    let (said, unsaid) = (line(), line().never());

    let mark = tracer.mark();
    subarray.reach(ObsState::Idle).await?;
    let said = tracer.expect(said).since(&mark);
    said.within(Timeout::new(PATIENCE)).await?;
    for line in tracer
        .journal()
        .since(&mark)
        .iter()
        .filter_map(|entry| entry.log_line())
    {
        println!("{}: {line}", line.device);
    }

    listening.stop().await?;
    subarray.reach(ObsState::Empty).await?;
    let mark = tracer.mark();
    subarray.reach(ObsState::Idle).await?;
    let unsaid = tracer.expect(unsaid).since(&mark);
    unsaid.within(Timeout::new(Duration::from_secs(1))).await?;
    Ok(())
}
