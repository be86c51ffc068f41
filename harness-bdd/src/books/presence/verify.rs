//! Looking whether devices are there.

use futures_util::future::join_all;
use harness_core::TracedDevice;
use harness_tango::{
    control_model::DevState,
    telescope::{Role, System, Telescope, TelescopeKind},
};

use crate::{
    BoxError, Context, ErrorChain, HasTelescope, TelescopeSession,
    books::device::StateWord,
    phrase::{Part, Who, words},
    world::{Aspect, STATE},
};

/// The systems are there with all their devices.
pub(super) async fn consists<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    check_kind(session.telescope()?, words.line())?;
    if let Some(who) = words.who("who") {
        answer(&devices(session, who)?).await?;
    }
    match words.value::<StateWord>("state")? {
        None => Ok(()),
        Some(StateWord(DevState::On)) if session.is_power_known() => {
            // a line before this one may have said otherwise
            session.bring_on().await.map(drop).map_err(Into::into)
        }
        Some(StateWord(DevState::On)) => session.ensure_on().await,
        Some(StateWord(other)) => {
            let advice = format!("say in a line of its own that the telescope is in {other} state");
            Err(format!("only ON can be said here; {advice}").into())
        }
    }
}

/// It is the telescope that the line says, and somebody answers.
pub(super) async fn is_kind<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let telescope = world.session().telescope()?;
    check_kind(telescope, words.line())?;
    let all: Vec<_> = telescope
        .devices()
        .map(|(_, traced)| traced.clone())
        .collect();
    answer(&all).await
}

pub(super) async fn has_subarrays<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let count: usize = words.needed("count")?;
    let telescope = world.session().telescope()?;
    check_kind(telescope, words.line())?;
    let subarrays: Vec<_> = telescope
        .subarrays()
        .map(|it| it.traced().clone())
        .collect();
    if subarrays.len() < count {
        let name = telescope.config().name();
        return Err(format!("{name} has {} subarrays, not {count}", subarrays.len()).into());
    }
    answer(&subarrays).await
}

/// The devices are there; what the scenario says from now on, it says of them.
pub(super) async fn there_is<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let Some(who) = words.who("who") else {
        return Ok(());
    };
    answer(&devices(session, who)?).await?;
    // a system as a whole is nobody whom a scenario could be about
    if who
        .parts()
        .iter()
        .all(|part| part.kind.is_some() || !part.names.is_empty())
    {
        let targets = session.targets(Some(who), Aspect::System)?;
        session.set_subject(&targets);
    }
    Ok(())
}

/// The devices that a line names: of a system without anything more, all.
fn devices(session: &mut TelescopeSession, who: &Who) -> Result<Vec<TracedDevice>, BoxError> {
    let mut devices = Vec::new();
    for one in who.each() {
        let mut found = Vec::new();
        for part in one.parts() {
            found.extend(of_part(session.telescope()?, part)?);
        }
        if found.is_empty() {
            let targets = session.targets(Some(&one), Aspect::System)?;
            found.extend(targets.into_iter().map(|target| target.device));
        }
        devices.extend(found);
    }
    Ok(devices)
}

/// All devices of a system that is named without saying more. An error for a dish that is not there.
fn of_part(telescope: &Telescope, part: &Part) -> Result<Vec<TracedDevice>, BoxError> {
    if part.system == Some(System::Dish) {
        for name in &part.names {
            if telescope.dish(name).is_none()
                && telescope.device_of_dish(Role::DishLeaf, name).is_none()
            {
                let telescope = telescope.config().name();
                let advice = "name it under `dishes` in the telescope's file";
                return Err(format!("{telescope} has no dish {name}; {advice}").into());
            }
        }
        return Ok(Vec::new());
    }
    let whole = part.system.filter(|_| part.kind.is_none());
    let of_system = telescope.devices().filter(|(device, _)| {
        let system = device.role.map(Role::system);
        whole.is_some() && system == whole
    });
    Ok(of_system.map(|(_, traced)| traced.clone()).collect())
}

/// An error that names all that do not answer.
async fn answer(devices: &[TracedDevice]) -> Result<(), BoxError> {
    let asked = devices.iter().map(|device| async move {
        let error = device.read(STATE).await.err()?;
        Some(format!("{}: {}", device.name(), ErrorChain(&error)))
    });
    let silent: Vec<String> = join_all(asked).await.into_iter().flatten().collect();
    if silent.is_empty() {
        return Ok(());
    }
    Err(format!("these devices do not answer:\n{}", silent.join("\n")).into())
}

/// An error if the line says Low or Mid, and the telescope is the other one, or none.
fn check_kind(telescope: &Telescope, line: &str) -> Result<(), BoxError> {
    let said = line
        .split(' ')
        .find_map(|word| match word.to_ascii_lowercase().as_str() {
            "low" => Some(TelescopeKind::Low),
            "mid" => Some(TelescopeKind::Mid),
            _ => None,
        });
    let name = telescope.config().name();
    match (said, telescope.config().kind()) {
        (Some(said), Some(kind)) if said != kind => {
            Err(format!("{name} is the telescope of {kind}, not of {said}").into())
        }
        (Some(said), None) => Err(format!(
            "whether {name} is the telescope of {said} is not known; set `kind` in its file"
        )
        .into()),
        _ => Ok(()),
    }
}
