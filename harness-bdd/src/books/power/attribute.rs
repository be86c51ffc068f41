//! By which attribute one sees whether something is on.

use harness_tango::{
    control_model::DevState,
    telescope::{Role, RoleKind, System},
};

use crate::{
    BoxError, TelescopeSession,
    books::device::{Claim, StateWord, ValueWord},
    phrase::{Who, Words},
    world::{STATE, TELESCOPE_STATE, Target},
};

/// The mode by which a dish is seen to be on.
const DISH_MODE: &str = "dishMode";

/// The states that a line names.
pub(super) fn states(words: &Words) -> Result<Vec<DevState>, BoxError> {
    let states = words.list::<StateWord>("states")?;
    Ok(states.into_iter().map(|word| word.0).collect())
}

/// Whether these devices are the telescope as a whole: its manager without saying which part of it.
pub(super) fn is_telescope(targets: &[Target]) -> bool {
    let is_central = |target: &Target| target.kind == Some(RoleKind::CentralNode);
    !targets.is_empty() && targets.iter().all(is_central)
}

/// What a line says of the whole telescope: the central node tells; without one each of the controllers
/// and of the subarrays of the subsystems.
pub(super) fn of_telescope(
    session: &TelescopeSession,
    states: &[DevState],
) -> Result<Vec<Claim>, BoxError> {
    let telescope = session.telescope()?;
    if telescope.device(Role::CentralNode).is_some() {
        let central = Who::of(System::Tmc, RoleKind::CentralNode);
        let targets = session.holders(Some(&central), TELESCOPE_STATE)?;
        let claims = targets.into_iter();
        return Ok(claims
            .map(|target| Claim::state(target, TELESCOPE_STATE, states))
            .collect());
    }
    let kinds = [RoleKind::Controller, RoleKind::Subarray];
    let claims: Vec<_> = telescope
        .devices()
        .filter_map(|(device, traced)| {
            let role = device.role.filter(|role| kinds.contains(&role.kind()))?;
            let target = Target {
                system: Some(role.system()),
                kind: Some(role.kind()),
                number: device.subarray,
                device: traced.clone(),
            };
            Some(Claim::state(target, STATE, states))
        })
        .collect();
    if claims.is_empty() {
        return Err(
            "the telescope has neither a central node nor controllers nor subarrays that \
                    could tell whether it is on; give them in the telescope's file"
                .into(),
        );
    }
    Ok(claims)
}

/// What a line says of a device: the central node tells the state of the telescope, a dish shows by its
/// mode whether it is on, and all others have their State.
pub(super) async fn of_device(target: Target, states: &[DevState]) -> Claim {
    if is_telescope(std::slice::from_ref(&target)) {
        return Claim::state(target, TELESCOPE_STATE, states);
    }
    if target.kind == Some(RoleKind::Dish) && target.device.read(DISH_MODE).await.is_ok() {
        let modes = states.iter().flat_map(|state| modes(*state));
        let values: Vec<ValueWord> = modes.filter_map(|mode| mode.parse().ok()).collect();
        if !values.is_empty() {
            return Claim {
                target,
                attribute: DISH_MODE.to_owned(),
                values,
            };
        }
    }
    Claim::state(target, STATE, states)
}

/// The modes in which a dish is that is so: a telescope that is on has its dishes at full power, and one
/// that is off at low power.
const fn modes(state: DevState) -> &'static [&'static str] {
    match state {
        DevState::On => &["STANDBY_FP", "CONFIG", "OPERATE"],
        DevState::Off => &["STANDBY_LP", "SHUTDOWN"],
        DevState::Standby => &["STANDBY_LP", "STANDBY_FP"],
        _ => &[],
    }
}
