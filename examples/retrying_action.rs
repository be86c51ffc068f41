//! An action that is tried again: the command is sent with growing pauses until the device accepts it,
//! and then what the command must cause is awaited. Any other failure ends it at once.
//!
//! Here the subarray of a simulated telescope refuses AssignResources twice before it takes it.
//!
//! ```console
//! $ cargo run --example retrying_action
//! ```

use std::{error::Error, time::Duration};

use harness_core::{
    Timeout,
    action::{Action, ActionError},
    assertion::changes_to,
    journal::EntryKind,
};
use harness_sim::SimulatedTelescope;
use harness_tango::{
    control_model::{ObsState, ResultCode},
    lrc::LrcAction,
    telescope::Telescope,
};

/// Whether the command was not even accepted; the device might think better of it.
fn was_not_accepted(error: &ActionError) -> bool {
    matches!(error, ActionError::Procedure { .. })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let simulator = SimulatedTelescope::new().start().await?;
    let telescope = Telescope::connect(simulator.telescope_config()).await?;
    let subarray = telescope.subarray(1)?;
    let tracer = subarray.traced().tracer();

    // The device is to refuse the next two AssignResources.
    let busy = r#"{"enabled": true, "fault_type": 1, "error_message": "the correlator is busy",
                   "command": "AssignResources", "times": 2}"#;
    subarray.traced().command("SetDefective", busy).await?;

    let mark = tracer.mark();
    LrcAction::new(
        &subarray,
        "AssignResources",
        subarray.inputs().assign_resources(),
    )
    .postcondition(changes_to([&subarray], "obsState", ObsState::Resourcing))
    .postcondition(changes_to([&subarray], "obsState", ObsState::Idle))
    .completes_with(ResultCode::Ok)
    .retried(5)
    .with_pause(Duration::from_millis(50))
    .only_when(was_not_accepted)
    .execute(Timeout::seconds(10))
    .await?;

    for entry in tracer.journal().since(&mark) {
        if let EntryKind::Note { text } = &*entry.kind {
            println!("{text}");
        }
    }
    println!(
        "accepted; the subarray is in {}",
        subarray.obs_state().await?
    );

    simulator.shutdown().await;
    Ok(())
}
