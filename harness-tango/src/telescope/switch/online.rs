//! Bringing devices ONLINE, so that they can be commanded at all.

use std::time::Duration;

use futures_util::future::join_all;
use harness_core::action::{Action, ActionError, CommandAction, Parallel};
use harness_core::assertion::{is_in_state, not};
use harness_core::{Timeout, TracedDevice, Tracer};

use super::devices::STATE;
use crate::control_model::{AdminMode, DevState};

const ADMIN_MODE: &str = "adminMode";

/// How often a device is asked: some take the first write only when they have found their hardware.
const TRIES: u32 = 3;

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Brings those that are OFFLINE to ONLINE, all at the same time, and tells which those were.
/// Devices without an adminMode, and those in any other one, are left alone.
pub(super) async fn bring_online(
    tracer: &Tracer,
    devices: &[TracedDevice],
    timeout: &Timeout,
) -> Result<Vec<String>, ActionError> {
    let looked = devices.iter().map(|device| async move {
        let mode = device.read(ADMIN_MODE).await.ok()?;
        let mode = AdminMode::try_from(&mode.value).ok()?;
        (mode == AdminMode::Offline).then_some(device)
    });
    let offline: Vec<_> = join_all(looked).await.into_iter().flatten().collect();
    if offline.is_empty() {
        return Ok(Vec::new());
    }
    let actions = offline.iter().map(|device| {
        CommandAction::write(device, ADMIN_MODE, AdminMode::Online)
            .postcondition(is_in_state([device], ADMIN_MODE, AdminMode::Online))
            .postcondition(is_in_state([device], STATE, not(DevState::Disable)))
            .retried(TRIES)
            .each_within(PATIENCE)
    });
    Parallel::new(tracer, format!("bring {} devices ONLINE", offline.len()))
        .and_all(actions)
        .execute(timeout.clone())
        .await?;
    Ok(offline
        .into_iter()
        .map(|device| device.name().to_string())
        .collect())
}
