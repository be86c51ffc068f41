//! Keeping simulated subarrays in a state that they would leave by themselves.

use harness_core::fault::Fault as _;
use harness_sim::transition::{Scope, Transition};
use harness_tango::{
    control_model::ObsState,
    telescope::{RoleKind, System},
};

use crate::{BoxError, SessionError, TelescopeSession, world::Target};

/// The command that leads to a transient state, in its names on the devices that there are.
const fn commands(state: ObsState) -> &'static [&'static str] {
    match state {
        ObsState::Resourcing => &["AssignResources", "AddReceptors"],
        ObsState::Configuring => &["Configure", "ConfigureScan"],
        ObsState::Aborting => &["Abort"],
        ObsState::Resetting => &["ObsReset"],
        ObsState::Restarting => &["Restart"],
        _ => &[],
    }
}

/// Lets those subarrays not leave `state` by themselves that are named, or that the telescope manager
/// waits for if only it is named. On a telescope that is not simulated in this process nothing can be
/// held: there the state lasts as long as it lasts.
pub(in crate::books) async fn hold(
    session: &mut TelescopeSession,
    targets: &[Target],
    state: ObsState,
) -> Result<(), BoxError> {
    if session.simulated().is_err() {
        return Ok(());
    }
    for (number, name) in slow(session, targets)? {
        for command in commands(state) {
            let scope = Scope::instance(&name).command(*command);
            let controller = session.simulated()?.transitions();
            if controller.effective(&scope).is_err() {
                continue;
            }
            let journal = session.telescope()?.tracer().journal().clone();
            let guard = controller.fault(scope, Transition::held()).start().await?;
            session.keep_hold(number, guard.recorded_in(&journal));
        }
    }
    Ok(())
}

/// The command of the SKA's helper devices.
const SET_DIRECT_OBS_STATE: &str = "SetDirectObsState";

/// Puts the subarrays into FAULT, which no command of theirs leads to. Those that are not simulated in
/// this process must be helper devices.
pub(in crate::books) async fn fail(
    session: &mut TelescopeSession,
    targets: &[Target],
) -> Result<(), BoxError> {
    let names: Vec<String> = slow(session, targets)?
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    if session.simulated().is_err() {
        return fail_by_command(session, &names).await;
    }
    for name in names {
        let handle = session.simulated()?;
        let device = handle.device(&name).and_then(|device| device.subarray());
        let Some(subarray) = device else {
            return Err(format!("{name} can't be put into FAULT").into());
        };
        // only a restart leads out of it again, as from any other fault
        subarray.set_obs_state(ObsState::Fault).forget();
    }
    Ok(())
}

/// By the command that helper devices have for it; an error if one has it not, before any is sent it.
async fn fail_by_command(session: &TelescopeSession, names: &[String]) -> Result<(), BoxError> {
    let devices = session.telescope()?.devices();
    let failing: Vec<_> = devices
        .filter(|(_, traced)| names.iter().any(|name| **name == **traced.name()))
        .map(|(_, traced)| traced)
        .collect();
    for device in &failing {
        let known = device.device().commands().await?.unwrap_or_default();
        if !known.iter().any(|name| name == SET_DIRECT_OBS_STATE) {
            return Err(format!(
                "{} can't be put into FAULT: no command leads there, and it has no {SET_DIRECT_OBS_STATE}, \
                 as helper devices have; use a simulated telescope",
                device.name()
            )
            .into());
        }
    }
    for device in failing {
        let fault = i16::try_from(ObsState::Fault.number())?;
        device.command(SET_DIRECT_OBS_STATE, fault).await?;
    }
    Ok(())
}

/// The devices whose transitions count: subsystems rather than the telescope manager, which only
/// follows them; with the number of their subarray.
fn slow(
    session: &TelescopeSession,
    targets: &[Target],
) -> Result<Vec<(Option<u32>, String)>, SessionError> {
    let of = |wanted: &dyn Fn(&Target) -> bool| -> Vec<_> {
        let found = targets.iter().filter(|target| wanted(target));
        found
            .map(|target| (target.number, target.device.name().to_string()))
            .collect()
    };
    let subsystems = of(&|target| !target.is_subarray_of(System::Tmc));
    if !subsystems.is_empty() {
        return Ok(subsystems);
    }
    let telescope = session.telescope()?;
    let numbers: Vec<u32> = targets.iter().filter_map(|target| target.number).collect();
    let below = telescope.devices().filter(|(device, _)| {
        let subsystem = device
            .role
            .is_some_and(|role| role.kind() == RoleKind::Subarray && role.system() != System::Tmc);
        subsystem
            && device
                .subarray
                .is_some_and(|number| numbers.contains(&number))
    });
    let below: Vec<_> = below
        .map(|(device, traced)| (device.subarray, traced.name().to_string()))
        .collect();
    Ok(if below.is_empty() {
        of(&|_| true)
    } else {
        below
    })
}
