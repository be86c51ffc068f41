//! Switching the telescope and its devices.

use harness_core::{
    Timeout, TracedDevice,
    assertion::is_in_state,
    fault::{FaultError, FaultGuard},
};
use harness_tango::{
    control_model::DevState,
    lrc::{LrcReply, Refusal},
    telescope::TelescopeState,
};

use super::attribute::{is_telescope, of_device, of_telescope, states};
use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    books::device::{Claim, StateWord, set},
    phrase::{Words, words},
    world::{Act, Aspect, STATE, Target},
};

/// A Given: the telescope is in one of these states, or is brought to the first of them.
pub(super) async fn given_telescope<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let states = states(&words(&context)?)?;
    bring_telescope(world.session(), &states).await
}

async fn bring_telescope(
    session: &mut TelescopeSession,
    states: &[DevState],
) -> Result<(), BoxError> {
    session.set_power_known();
    let found = session.telescope()?.state().await?;
    if states.contains(&DevState::On) && found == DevState::On {
        // also ON, but maybe not all of it ONLINE
        session.bring_on().await?;
    } else if !states.contains(&found) {
        // OFF rather than STANDBY, where some systems stay ON: more is tried from there
        let off = states.iter().filter(|state| **state == DevState::Off);
        let wanted = off
            .chain(states)
            .find_map(|state| TelescopeState::shown_by(*state));
        match wanted {
            Some(TelescopeState::On) => session.bring_on().await?,
            Some(other) => session.switch(other).await?,
            None => return Err(NotSwitchable(states.first().copied()).into()),
        };
    }
    Ok(())
}

/// A Given: each device is in one of these states, or is brought to the first of them.
pub(super) async fn given_devices<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let states = states(&words)?;
    let session = world.session();
    let targets = session.targets(words.who("who"), Aspect::System)?;
    if is_telescope(&targets) {
        return bring_telescope(session, &states).await;
    }
    let is_whole = of_telescope(session, &states).is_ok()
        && targets.iter().all(|target| target.system.is_some());
    for target in targets {
        let claim = of_device(target, &states).await;
        if claim.holds_now().await? {
            continue;
        }
        // what belongs to a telescope is on when that is
        if is_whole && states.contains(&DevState::On) {
            session.ensure_on().await?;
        }
        if !claim.holds_now().await? {
            bring_device(session, &claim, &states).await?;
        }
    }
    session.set_power_known();
    Ok(())
}

async fn bring_device(
    session: &mut TelescopeSession,
    claim: &Claim,
    states: &[DevState],
) -> Result<(), BoxError> {
    let state = states.first().copied();
    match state.and_then(command) {
        Some(command) if has_command(claim.device(), command).await? => {
            switch_device(session, &claim.target, command).await
        }
        _ => set(session, claim).await,
    }
}

/// Switches the telescope. If it shows the state already, and the scenario has not said that it should,
/// it is switched otherwise first: or nothing would be tried.
pub(super) async fn switch_telescope<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    switch_whole(world.session(), target(&words)?).await
}

async fn switch_whole(
    session: &mut TelescopeSession,
    target: TelescopeState,
) -> Result<(), BoxError> {
    let found = session.telescope()?.state().await?;
    if found == target.device_state() && !session.is_power_known() {
        let other = match target {
            TelescopeState::On => TelescopeState::Off,
            TelescopeState::Off | TelescopeState::Standby => TelescopeState::On,
        };
        session.switch(other).await?;
    }
    session.set_power_known();
    let beginning = session.begin().await?;
    session.switch(target).await?;
    session.note(None, beginning, Act::Other);
    Ok(())
}

/// Switches each of the devices by its own command.
pub(super) async fn switch_devices<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let target_state = target(&words)?;
    let session = world.session();
    let targets = session.targets(words.who("who"), Aspect::System)?;
    if is_telescope(&targets) {
        return switch_whole(session, target_state).await;
    }
    session.set_power_known();
    let beginning = session.begin().await?;
    let command = command(target_state.device_state()).unwrap_or("On");
    for target in &targets {
        switch_device(session, target, command).await?;
    }
    let number = targets.iter().find_map(|target| target.number);
    session.note(number, beginning, Act::Other);
    Ok(())
}

/// Sends the command, and sees it carried out; the device goes back afterwards.
async fn switch_device(
    session: &mut TelescopeSession,
    target: &Target,
    command: &'static str,
) -> Result<(), BoxError> {
    let device = &target.device;
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let found = DevState::try_from(&device.read(STATE).await?.value)?;
    send(device, command, &timeout).await?;
    let back = self::command(found).filter(|back| *back != command);
    if let Some(back) = back {
        let description = format!("{} was sent {command}", device.name());
        let (device, told) = (device.clone(), description.clone());
        let guard = FaultGuard::new(description, async move {
            let put_back = async {
                // a line after this one may have brought it there
                match DevState::try_from(&device.read(STATE).await?.value)? {
                    now if now == found => Ok(()),
                    _ => send(&device, back, &timeout).await,
                }
            };
            put_back
                .await
                .map_err(|error: BoxError| FaultError::stop(told, error))
        });
        session.keep_fault(guard);
    }
    Ok(())
}

async fn send(
    device: &TracedDevice,
    command: &'static str,
    timeout: &Timeout,
) -> Result<(), BoxError> {
    let state = match command {
        "On" => DevState::On,
        "Off" => DevState::Off,
        "Standby" => DevState::Standby,
        _ => DevState::Disable,
    };
    let mark = device.tracer().mark();
    let answer = device.command(command, ()).await?;
    // some devices answer with nothing, others as to a long running command
    let refusal = LrcReply::try_from(&answer)
        .ok()
        .and_then(|reply| Refusal::of_reply(device.name(), command, &reply));
    if let Some(refusal) = refusal {
        return Err(refusal.into());
    }
    let switched = is_in_state([device], STATE, state);
    let switched = device.tracer().expect(switched).since(&mark);
    switched.within(Timeout::new(timeout.initial())).await?;
    Ok(())
}

/// The command that leads to a state.
const fn command(state: DevState) -> Option<&'static str> {
    match state {
        DevState::On => Some("On"),
        DevState::Off => Some("Off"),
        DevState::Standby => Some("Standby"),
        DevState::Disable => Some("Disable"),
        _ => None,
    }
}

async fn has_command(device: &TracedDevice, command: &str) -> Result<bool, BoxError> {
    let known = device.device().commands().await?;
    let is_it = |name: &String| name.eq_ignore_ascii_case(command);
    Ok(known.is_none_or(|known| known.iter().any(is_it)))
}

/// What the line switches to: it says a state, or it says to start or to shut down.
pub(super) fn target(words: &Words) -> Result<TelescopeState, BoxError> {
    if let Some(state) = words.value::<StateWord>("state")? {
        return TelescopeState::shown_by(state.0)
            .ok_or_else(|| NotSwitchable(Some(state.0)).into());
    }
    let line = words.line().to_ascii_lowercase();
    let is_off = ["shut", "down", "stop"]
        .iter()
        .any(|word| line.contains(word));
    Ok(if is_off {
        TelescopeState::Off
    } else {
        TelescopeState::On
    })
}

/// No command leads to that state.
#[derive(Debug, thiserror::Error)]
#[error(
    "nothing can be switched to {}: it is switched to ON, OFF or STANDBY",
    .0.map_or_else(|| "no state".to_owned(), |state| state.to_string())
)]
struct NotSwitchable(Option<DevState>);
