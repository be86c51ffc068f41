//! Refusals, in any of the ways in which devices refuse.

use harness_core::Timeout;
use harness_tango::{
    control_model::ResultCode,
    lrc::{Refusal, RefusalClass, RefusedBy},
    telescope::{RoleKind, System},
};

use super::{
    name::CommandName,
    result::{code, failure},
};
use crate::{
    BoxError, Context, HasTelescope, SessionError, TelescopeSession,
    books::{
        observation::ObsStateWord,
        observed::{Account, AccountError, now_in},
    },
    phrase::{Who, words},
    world::{Act, Answer, Aspect, OBS_STATE, Sent, When},
};

/// How long an obsState that should not change is looked at.
const STILL: std::time::Duration = std::time::Duration::from_millis(300);

/// The device said no: by an exception, by its answer, or by the result of what it had accepted. Unless
/// it was that result, the obsState has not changed since the command.
pub(super) async fn rejected<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let said = words.value("command")?.or(words.value("what")?);
    check_command(world.session(), said)?;
    let (when, refusal) = refusal(world.session()).await?;
    names(&when, &refusal, words.who("who"))?;
    unchanged(world.session(), &when, &refusal).await?;
    check_code(&when, &refusal, words.text("code"))?;
    says(&when, &refusal, words.text("message"))
}

/// An exception, and nothing else.
pub(super) async fn dev_failed<W: HasTelescope>(world: &mut W) -> Result<(), BoxError> {
    let (when, refusal) = refusal(world.session()).await?;
    unchanged(world.session(), &when, &refusal).await?;
    match refusal.by {
        RefusedBy::Exception => Ok(()),
        _ => Err(failure(
            format!("no exception was raised: {refusal}"),
            &when.mark,
        )),
    }
}

/// Somebody's error: the telescope manager's own, or that of a subsystem, which the manager must name.
pub(super) async fn error<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let (when, refusal) = refusal(session).await?;
    names(&when, &refusal, words.who("who"))?;
    check_code(&when, &refusal, words.text("code"))?;
    let Some(ObsStateWord(state)) = words.value("state")? else {
        return match words.who("who").is_none_or(|who| !is_subsystem(who)) {
            true => unchanged(session, &when, &refusal).await,
            false => Ok(()),
        };
    };
    for target in session.targets(words.who("who"), Aspect::Observation)? {
        let account = Account::new(&target.device, &context);
        now_in(&target.device, state).await?;
        let since = match when.before.get(target.device.name()) {
            Some(before) if *before == state => when.mark.clone(),
            _ => target.device.tracer().mark(),
        };
        account.unchanged(&since, STILL).await?;
    }
    Ok(())
}

/// The client was told, in words.
pub(super) async fn reported<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let (when, refusal) = refusal(world.session()).await?;
    names(&when, &refusal, words.who("from"))?;
    if refusal.words.trim().is_empty() {
        return Err(failure(
            format!("the words of the error are missing: {refusal}"),
            &when.mark,
        ));
    }
    Ok(())
}

/// How the last command was refused; from now on as expected.
async fn refusal(session: &mut TelescopeSession) -> Result<(When, Refusal), BoxError> {
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let when = session.last_command()?.clone();
    let Act::Sent(sent) = &when.act else {
        return Err(SessionError::NoCommand.into());
    };
    let refusal = match &sent.answer {
        Answer::Refused(refusal) => Some(refusal.clone()),
        Answer::RefusedAsExpected(refusal) => return Ok((when.clone(), refusal.clone())),
        Answer::Accepted(accepted) => accepted.refusal(&timeout).await.map_err(AccountError)?,
        Answer::Done => None,
    };
    let Some(refusal) = refusal else {
        let headline = match sent.before {
            Some(before) => format!("{} was not rejected in {before}", sent.command),
            None => format!("{} was not rejected", sent.command),
        };
        return Err(failure(headline, &when.mark));
    };
    let journal = sent.device.tracer().journal();
    journal.note(format!("as expected, {refusal}"));
    let act = Act::Sent(Sent {
        answer: Answer::RefusedAsExpected(refusal.clone()),
        ..sent.clone()
    });
    let number = when.number;
    session.note_again(
        |when| when.number == number && matches!(when.act, Act::Sent(_)),
        act,
    );
    Ok((when, refusal))
}

/// Whoever refuses at once does nothing. What a command did before it failed is not for this to say.
async fn unchanged(
    session: &mut TelescopeSession,
    when: &When,
    refusal: &Refusal,
) -> Result<(), BoxError> {
    let Act::Sent(sent) = &when.act else {
        return Ok(());
    };
    let device = match (sent.before, when.number, is_central(session, sent)) {
        (None, ..) => return Ok(()),
        (Some(_), Some(number), true) => session.subarray(number)?.traced().clone(),
        _ => sent.device.clone(),
    };
    if let RefusedBy::Completion(_) = refusal.by
        && is_central(session, sent)
    {
        // the central node took it, and asked the subarray for it
        return Ok(());
    }
    let changes = device
        .tracer()
        .changes_since(&when.mark, device.name(), OBS_STATE);
    if !changes.is_empty() {
        let headline = format!("{} was rejected, but the obsState changed", sent.command);
        return Err(failure(headline, &when.mark));
    }
    match sent.before {
        Some(before) if has_obs_state(session, &device) => now_in(&device, before).await,
        _ => Ok(()),
    }
}

fn is_central(session: &TelescopeSession, sent: &Sent) -> bool {
    kind_of(session, sent.device.name()) == Some(RoleKind::CentralNode)
}

fn has_obs_state(session: &TelescopeSession, device: &harness_core::TracedDevice) -> bool {
    kind_of(session, device.name()).is_none_or(|kind| kind == RoleKind::Subarray)
}

fn kind_of(session: &TelescopeSession, name: &str) -> Option<RoleKind> {
    let telescope = session.telescope().ok()?;
    let mut devices = telescope.devices();
    let (device, _) = devices.find(|(_, traced)| **traced.name() == *name)?;
    Some(device.role?.kind())
}

/// An error if the line says that one of the commands which every suite knows was refused, and the last
/// one was another. Other words than commands say what was wrong with it: `reject the invalid_json`.
fn check_command(session: &TelescopeSession, said: Option<CommandName>) -> Result<(), BoxError> {
    let Some(said) = said.filter(|said| !said.is_special()) else {
        return Ok(());
    };
    let when = session.last_command()?;
    let Act::Sent(sent) = &when.act else {
        return Err(SessionError::NoCommand.into());
    };
    if said.means(&sent.command) {
        return Ok(());
    }
    let last = &sent.command;
    let headline =
        format!("the last command was {last}, and not the {said} that the line speaks of");
    Err(failure(headline, &when.mark))
}

/// An error unless the refusal has the code that the line says. Whoever says REJECTED means that the
/// command was not begun: so it was too if an exception said so, or if the central node tells as FAILED
/// that a subarray did not allow it.
fn check_code(when: &When, refusal: &Refusal, said: Option<&str>) -> Result<(), BoxError> {
    let Some(said) = said else {
        return Ok(());
    };
    let by_exception = refusal.by == RefusedBy::Exception;
    let is_it = match said.to_lowercase().as_str() {
        "error" => true,
        "exception" | "devfailed" | "tango.devfailed" => by_exception,
        _ => match code(said)? {
            ResultCode::Rejected | ResultCode::NotAllowed => {
                by_exception || has_code(refusal, code(said)?) || was_not_begun(refusal)
            }
            other => has_code(refusal, other),
        },
    };
    if is_it {
        return Ok(());
    }
    Err(failure(format!("not with {said}: {refusal}"), &when.mark))
}

fn has_code(refusal: &Refusal, code: ResultCode) -> bool {
    match refusal.by {
        RefusedBy::Reply(found) | RefusedBy::Completion(found) => found == code,
        _ => false,
    }
}

fn was_not_begun(refusal: &Refusal) -> bool {
    use RefusalClass::{DeviceState, Input, NotAllowedLater, ObsState};
    matches!(
        refusal.class,
        ObsState | DeviceState | Input | NotAllowedLater
    )
}

/// An error unless the words of the refusal are these, or hold them.
fn says(when: &When, refusal: &Refusal, message: Option<&str>) -> Result<(), BoxError> {
    match message {
        Some(message) if !refusal.words.contains(message) => {
            let headline = format!("the words are not `{message}`: {refusal}");
            Err(failure(headline, &when.mark))
        }
        _ => Ok(()),
    }
}

fn is_subsystem(who: &Who) -> bool {
    let mut systems = who.parts().iter().filter_map(|part| part.system);
    systems.any(|system| system != System::Tmc)
}

/// An error unless the refusal names each of the subsystems that the line names: as who refused, or as
/// whom the telescope manager blames.
fn names(when: &When, refusal: &Refusal, who: Option<&Who>) -> Result<(), BoxError> {
    let parts = who.map(Who::parts).unwrap_or_default();
    let systems = parts.iter().filter_map(|part| part.system);
    let text = format!("{} {}", refusal.device, refusal.words).to_lowercase();
    for system in systems.filter(|system| *system != System::Tmc) {
        if !text.contains(system.key()) {
            let headline = format!("the failure does not name the {system}: {refusal}");
            return Err(failure(headline, &when.mark));
        }
    }
    Ok(())
}
