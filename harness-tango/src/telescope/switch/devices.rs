//! Switching devices one by one, where nothing switches the telescope as a whole.

use futures_util::future::join_all;
use harness_core::action::Parallel;
use harness_core::assertion::{is_in_state, one_of};
use harness_core::{TracedDevice, Tracer};

use super::target::TelescopeState;
use crate::control_model::{DevState, ResultCode};
use crate::lrc::LrcAction;
use crate::telescope::{Role, RoleKind, System, Telescope, TelescopeKind};

/// The attribute of every device.
pub(super) const STATE: &str = "State";

/// A device, and what it is.
pub(super) type Player = (Role, TracedDevice);

/// All devices of these kinds.
pub(super) fn players(telescope: &Telescope, kinds: &[RoleKind]) -> Vec<Player> {
    telescope
        .devices()
        .filter_map(|(device, traced)| Some((device.role?, traced.clone())))
        .filter(|(role, _)| kinds.contains(&role.kind()))
        .collect()
}

/// The subarrays to switch: those of the systems, and the telescope manager's only if there are no
/// others. It is software, which stays ON while its telescope is OFF.
pub(super) fn subarrays(telescope: &Telescope) -> Vec<Player> {
    let all = players(telescope, &[RoleKind::Subarray]);
    let is_of_a_system = |(role, _): &Player| role.system() != System::Tmc;
    if all.iter().any(is_of_a_system) {
        all.into_iter().filter(is_of_a_system).collect()
    } else {
        all
    }
}

/// Those that are not yet in the state; one whose state can not be read is.
pub(super) async fn not_yet(devices: &[Player], target: TelescopeState) -> Vec<Player> {
    let looked = devices.iter().map(|(role, device)| async move {
        let state = device.read(STATE).await.ok();
        let state = state.and_then(|reading| DevState::try_from(&reading.value).ok());
        (state != Some(target.device_state())).then(|| (*role, device.clone()))
    });
    join_all(looked).await.into_iter().flatten().collect()
}

/// Switches these devices at the same time.
pub(super) fn all_of(
    tracer: &Tracer,
    name: String,
    devices: &[Player],
    target: TelescopeState,
    kind: Option<TelescopeKind>,
) -> Parallel {
    let actions = devices.iter().map(|(role, device)| {
        let shown = target.shown_by_device(*role, kind);
        LrcAction::new(device, target.command(), ())
            .postcondition(is_in_state([device], STATE, one_of(shown)))
            .completes_with(ResultCode::Ok)
    });
    Parallel::new(tracer, name).and_all(actions)
}
