//! Commands while something is wrong, or something else is going on.

use harness_core::{Timeout, assertion::is_in_state};
use harness_tango::{
    control_model::ObsState,
    telescope::{RoleKind, System},
};

use super::{
    addressee::{Manner, addressees, of_manager},
    input::Input,
    issue::issue,
    name::CommandName,
};
use crate::{
    BoxError, Context, HasTelescope, SessionError, TelescopeSession,
    books::{observation, observed::Account},
    phrase::{Words, words},
    world::{Act, Aspect, OBS_STATE, Target},
};

/// AssignResources went through the central node, and is going on.
pub(super) async fn central_is_busy<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    session.ensure_on().await?;
    let number = match words.who("who").and_then(crate::phrase::Who::number) {
        Some(number) => number,
        None => session.number()?,
    };
    let command: CommandName = "AssignResources".parse()?;
    let subarray = session.subarray(number)?;
    subarray.reach_or_recover(ObsState::Empty).await?;
    let to = of_manager(session, Some(number), &command).await?;
    if !to.is_central {
        return Err(
            "the telescope has no central node; give the role `central_node` in its file".into(),
        );
    }
    let target = Target {
        system: Some(System::Tmc),
        kind: Some(RoleKind::Subarray),
        number: Some(number),
        device: subarray.traced().clone(),
    };
    observation::hold(session, &[target], ObsState::Resourcing).await?;
    issue(session, &to, &command, &Input::default()).await?;
    let when = session.last_command()?.clone();
    when.act.check_accepted()?;
    let resourcing = is_in_state([subarray.traced()], OBS_STATE, ObsState::Resourcing);
    let timeout = Timeout::new(subarray.timeouts().command);
    let account = Account::new(subarray.traced(), &context);
    account.holds(resourcing, &when.mark, &timeout).await
}

/// A subsystem goes to FAULT as soon as the telescope manager has taken the command.
pub(super) async fn faulty<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let command: CommandName = words.needed("command")?;
    let session = world.session();
    session.simulated()?;
    for to in addressees(session, &words, Manner::ByVerb, &command).await? {
        let Some(number) = to.subarray.as_ref().map(|subarray| subarray.number()) else {
            return Err(format!("{} has no subsystems that could fail", to.device.name()).into());
        };
        let failing = failing(session, &words, number)?;
        session.touch_subsystems(number)?;
        issue(session, &to, &command, &Input::default()).await?;
        let when = session
            .last_when(Some(number))
            .ok_or(SessionError::NoCommand)?;
        if !matches!(when.act, Act::Sent(_)) {
            return Err(SessionError::NoCommand.into());
        }
        observation::fail(session, &failing).await?;
    }
    Ok(())
}

/// Those that fail: whom the line names, or the first subsystem that the telescope has.
fn failing(
    session: &mut TelescopeSession,
    words: &Words,
    number: u32,
) -> Result<Vec<Target>, BoxError> {
    if words.who("on").is_some() {
        return Ok(session.targets(words.who("on"), Aspect::Observation)?);
    }
    let telescope = session.telescope()?;
    let mut subarrays = telescope.devices().filter_map(|(device, traced)| {
        let role = device.role?;
        let is_part = role.kind() == RoleKind::Subarray && role.system() != System::Tmc;
        (is_part && device.subarray == Some(number)).then(|| Target {
            system: Some(role.system()),
            kind: Some(role.kind()),
            number: device.subarray,
            device: traced.clone(),
        })
    });
    match subarrays.next() {
        Some(first) => Ok(vec![first]),
        None => Err("the telescope has no subsystem that could fail".into()),
    }
}
