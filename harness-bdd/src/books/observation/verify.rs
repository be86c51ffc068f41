//! Looking at the obsState of subarrays. Each Then looks only at what happened since its When.

use std::time::Duration;

use harness_core::{
    Timeout,
    assertion::{Assertion, changes_to, is_in_state, passes_through},
};
use harness_tango::{control_model::ObsState, telescope::System};

use super::{ObsStateWord, act::states};
use crate::{
    BoxError, Context, HasTelescope, SessionError, TelescopeSession,
    books::observed::{Account, now_in},
    phrase::{Words, words},
    world::{Act, Aspect, OBS_STATE, Sent, Target, When},
};

/// How long a state must hold if the line doesn't say: long enough for a change that was on its way.
const STILL: Duration = Duration::from_millis(300);

/// After a When that sent a command, a subarray must *change* to the state: a state it had before says
/// nothing about the command, unless the command changes nothing there.
pub(super) async fn is_in<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let state = words.needed::<ObsStateWord>("state")?.0;
    let session = world.session();
    let timeout = match limit(&words)? {
        Some(limit) => limit,
        None => command_timeout(session)?,
    };
    for target in session.targets(words.who("who"), Aspect::Observation)? {
        let account = Account::new(&target.device, &context);
        let in_state = is_in_state([&target.device], OBS_STATE, state);
        let when = session.last_when(target.number).cloned();
        match when.as_ref().map(|when| (when, &when.act)) {
            // it may be over by now: having been in it is enough
            Some((when, Act::Reached(reached))) if *reached == state && state.is_transient() => {
                // one that was there already need not have gone anywhere
                if when.before.get(target.device.name()) != Some(&state) {
                    let changes = changes_to([&target.device], OBS_STATE, state);
                    account.holds(changes, &when.mark, &timeout).await?;
                }
            }
            Some((when, act @ Act::Sent(sent))) if must_change(when, sent, &target, state) => {
                let changes = changes_to([&target.device], OBS_STATE, state);
                let advice = format!(
                    "if it should just still be {state}, say `{} remains in obsState {state}`",
                    subject(&target)
                );
                account
                    .with_advice(advice)
                    .follows(act, changes, &when.mark, &timeout)
                    .await?;
                // A state that is left by itself may be over by now: having been in it is enough.
                if !state.is_transient() {
                    account.holds(in_state, &when.mark, &timeout).await?;
                }
            }
            Some((_, act @ Act::Sent(_))) => {
                act.check_accepted()?;
                if let Some(sent) = act.accepted() {
                    sent.completion(&timeout)
                        .await
                        .map_err(crate::books::observed::AccountError)?;
                }
                let mark = target.device.tracer().mark();
                account.holds(in_state, &mark, &timeout).await?;
            }
            None | Some((_, Act::Reached(_) | Act::Initialised | Act::Other)) => {
                let mark = target.device.tracer().mark();
                account.holds(in_state, &mark, &timeout).await?;
            }
        }
    }
    Ok(())
}

/// Commands that lead to another obsState or through one, wherever they are allowed. End is none: in
/// IDLE it changes nothing.
const MOVING: &[&str] = &[
    "AssignResources",
    "ReleaseResources",
    "ReleaseAllResources",
    "Configure",
    "Scan",
    "EndScan",
    "Abort",
    "ObsReset",
    "Restart",
    // as correlators call them
    "AddReceptors",
    "RemoveReceptors",
    "RemoveAllReceptors",
    "ConfigureScan",
];

/// Whether the device can only be in the state by a change since the When: it was in another one, or the
/// command leads away from where it was.
fn must_change(when: &When, sent: &Sent, target: &Target, state: ObsState) -> bool {
    match when.before.get(target.device.name()) {
        Some(before) if *before == state => MOVING.contains(&sent.command.as_str()),
        _ => true,
    }
}

pub(super) async fn transitions<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let state = words(&context)?.needed::<ObsStateWord>("state")?.0;
    let last = world.session().last_when(None);
    if last.is_some_and(|when| matches!(when.act, Act::Initialised)) {
        return is_in(world, context).await;
    }
    since_last_when(world, &context, |target| {
        changes_to([&target.device], OBS_STATE, state)
    })
    .await
}

pub(super) async fn goes_from_to<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let from = words.needed::<ObsStateWord>("from")?.0;
    let state = words.needed::<ObsStateWord>("state")?.0;
    let session = world.session();
    let timeout = command_timeout(session)?;
    for target in session.targets(words.who("who"), Aspect::Observation)? {
        let (when, account) = awaited(session, &target, &context)?;
        // it may pass through others on the way, but it must have begun there
        let began = when.before.get(target.device.name()) == Some(&from);
        let changes = changes_to([&target.device], OBS_STATE, state);
        if began {
            account
                .follows(&when.act, changes, &when.mark, &timeout)
                .await?;
        } else {
            let both = passes_through(&target.device, OBS_STATE, [from, state]);
            account
                .follows(&when.act, both, &when.mark, &timeout)
                .await?;
        }
    }
    Ok(())
}

/// In a state that ends by itself, and then out of it again.
pub(super) async fn is_until_finished<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let state = words(&context)?.needed::<ObsStateWord>("state")?.0;
    let after = match state {
        ObsState::Scanning | ObsState::Configuring => ObsState::Ready,
        ObsState::Resourcing | ObsState::Resetting => ObsState::Idle,
        ObsState::Aborting => ObsState::Aborted,
        ObsState::Restarting => ObsState::Empty,
        stable => return Err(format!("{stable} does not end by itself").into()),
    };
    since_last_when(world, &context, |target| {
        passes_through(&target.device, OBS_STATE, [state, after])
    })
    .await
}

pub(super) async fn passes<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let states = states(&words(&context)?, "states")?;
    since_last_when(world, &context, |target| {
        passes_through(&target.device, OBS_STATE, states.clone())
    })
    .await
}

/// So many times since the last When, and no more for a while.
pub(super) async fn changes_times<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let state = words.needed::<ObsStateWord>("state")?.0;
    let times = match words.value::<usize>("times")? {
        Some(times) => times,
        None if words.line().to_lowercase().contains("twice") => 2,
        None => 1,
    };
    let least =
        move |target: &Target| changes_to([&target.device], OBS_STATE, state).at_least(times);
    since_last_when(world, &context, least).await?;
    count_holds(world, &context, move |target| {
        changes_to([&target.device], OBS_STATE, state).exactly(times)
    })
    .await
}

pub(super) async fn never<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let state = words.needed::<ObsStateWord>("state")?.0;
    if words.text("seconds").is_none() {
        let session = world.session();
        let timeout = command_timeout(session)?;
        for target in session.targets(words.who("who"), Aspect::Observation)? {
            over(session, &target, &timeout).await?;
        }
    }
    count_holds(world, &context, move |target| {
        changes_to([&target.device], OBS_STATE, state).never()
    })
    .await
}

/// The command that the last When sent was taken, and is over, or has had its time.
async fn over(
    session: &TelescopeSession,
    target: &Target,
    timeout: &Timeout,
) -> Result<(), BoxError> {
    let Some(when) = session.last_when(target.number) else {
        return Ok(());
    };
    when.act.check_accepted()?;
    if let Some(sent) = when.act.accepted() {
        // one that never ends has led nowhere by then
        sent.completion(&Timeout::new(timeout.initial())).await.ok();
    }
    Ok(())
}

/// Waits for as long as the line says, or a little, for a count that must not be exceeded.
async fn count_holds<W, A>(
    world: &mut W,
    context: &Context,
    assertion: impl Fn(&Target) -> A,
) -> Result<(), BoxError>
where
    W: HasTelescope,
    A: Assertion + 'static,
{
    let words = words(context)?;
    let period = period(words.value("seconds")?)?;
    let session = world.session();
    for target in session.targets(words.who("who"), Aspect::Observation)? {
        let (when, account) = awaited(session, &target, context)?;
        account
            .holds(assertion(&target), &when.mark, &Timeout::new(period))
            .await?;
    }
    Ok(())
}

/// Waits for something that the last When must have caused, on each of the subarrays that the line
/// names. What has happened already is in the record, so that it does not matter in which order they
/// are looked at.
async fn since_last_when<W, A>(
    world: &mut W,
    context: &Context,
    assertion: impl Fn(&Target) -> A,
) -> Result<(), BoxError>
where
    W: HasTelescope,
    A: Assertion + 'static,
{
    let words = words(context)?;
    let session = world.session();
    let timeout = match limit(&words)? {
        Some(limit) => limit,
        None => Timeout::new(patience(session)?),
    };
    for target in session.targets(words.who("who"), Aspect::Observation)? {
        let (when, account) = awaited(session, &target, context)?;
        account
            .follows(&when.act, assertion(&target), &when.mark, &timeout)
            .await?;
    }
    Ok(())
}

/// How long what the last When causes may take: the telescope's timeout for a command, and after a Scan
/// as long as the scan takes on top of it.
fn patience(session: &mut TelescopeSession) -> Result<Duration, BoxError> {
    let command = session.telescope()?.config().timeouts().command;
    let number = session.number()?;
    let scans = session
        .last_when(Some(number))
        .is_some_and(|when| matches!(&when.act, Act::Sent(sent) if sent.command == "Scan"));
    if !scans {
        return Ok(command);
    }
    Ok(command + session.scan_duration()?)
}

/// A subarray is in the state and stays there. If it was there when the last When began, then it has
/// never left it since.
pub(super) async fn remains<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let state = words.needed::<ObsStateWord>("state")?.0;
    let period = period(words.value("seconds")?)?;
    let session = world.session();
    let timeout = command_timeout(session)?;
    for target in session.targets(words.who("who"), Aspect::Observation)? {
        let device = &target.device;
        let account = Account::new(device, &context);
        device.watch(OBS_STATE).await?;
        let when = session.last_when(target.number).cloned();
        let since = match &when {
            Some(
                when @ When {
                    act: Act::Sent(_), ..
                },
            ) => match when.before.get(device.name()) {
                Some(before) if *before == state => when.mark.clone(),
                _ => {
                    // what it comes to is looked at also after a command that failed
                    let changes = changes_to([device], OBS_STATE, state);
                    account.holds(changes, &when.mark, &timeout).await?;
                    device.tracer().mark()
                }
            },
            _ => device.tracer().mark(),
        };
        now_in(device, state).await?;
        account.unchanged(&since, period).await?;
    }
    Ok(())
}

fn period(seconds: Option<f64>) -> Result<Duration, BoxError> {
    Ok(match seconds {
        Some(seconds) => Duration::try_from_secs_f64(seconds)?,
        None => STILL,
    })
}

/// The time that the line itself gives: `within 20 seconds`.
fn limit(words: &Words) -> Result<Option<Timeout>, BoxError> {
    let seconds: Option<f64> = words.value("within")?;
    let limit = seconds.map(Timeout::try_seconds).transpose()?;
    Ok(limit)
}

fn command_timeout(session: &TelescopeSession) -> Result<Timeout, BoxError> {
    Ok(Timeout::new(
        session.telescope()?.config().timeouts().command,
    ))
}

/// What the line looks at: the last When that was about this device.
fn awaited<'a>(
    session: &TelescopeSession,
    target: &'a Target,
    context: &Context,
) -> Result<(When, Account<'a>), BoxError> {
    let when = session.last_when(target.number).cloned();
    let when = when.ok_or(SessionError::NoWhen {
        subarray: target.number.unwrap_or_default(),
    })?;
    Ok((when, Account::new(&target.device, context)))
}

/// As a line names it.
fn subject(target: &Target) -> String {
    let system = target.system.filter(|system| *system != System::Tmc);
    let number = target.number.unwrap_or(1);
    match system {
        Some(system) => format!("{system} subarray {number}"),
        None => format!("subarray {number}"),
    }
}
