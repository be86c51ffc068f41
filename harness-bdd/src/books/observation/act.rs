//! Bringing subarrays to an obsState.

use harness_core::{Timeout, assertion::is_in_state};
use harness_tango::{
    control_model::ObsState,
    telescope::{RoleKind, System},
};

use super::ObsStateWord;
use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    books::observed::Account,
    phrase::{Words, words},
    world::{Act, Aspect, OBS_STATE, Target},
};

/// Whatever state the subarrays are in, they are brought to the one wanted; if the way fails, once more
/// by way of an abort and a restart, with more time.
pub(super) async fn given_state<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let state = match words.value::<ObsStateWord>("state")? {
        Some(word) => word.0,
        None if words.line().contains("configured") => ObsState::Ready,
        None => ObsState::Idle,
    };
    let session = world.session();
    let targets = session.targets(words.who("who"), Aspect::Observation)?;
    session.set_subject(&targets);
    prepare(session, &targets, state, &context).await
}

pub(super) async fn when_state<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let state = words.needed::<ObsStateWord>("state")?.0;
    let session = world.session();
    let targets = session.targets(words.who("who"), Aspect::Observation)?;
    let beginning = begin(session, &targets).await?;
    prepare(session, &targets, state, &context).await?;
    let number = targets.iter().find_map(|target| target.number);
    session.note(number, beginning, Act::Reached(state));
    Ok(())
}

/// What is under test is the way itself, so nothing is tried a second time.
pub(super) async fn bring<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let state = words.needed::<ObsStateWord>("state")?.0;
    let through = states(&words, "through")?;
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().reach);
    let targets = session.targets(words.who("who"), Aspect::Observation)?;
    let beginning = begin(session, &targets).await?;
    // what a Given kept where it was must be able to go on
    for (system, number) in leading(&targets) {
        session.release_holds(Some(number)).await?;
        session
            .subarray_of(system, number)?
            .reach(state)
            .passing_through(through.clone())
            .within(timeout.clone())
            .await?;
    }
    let number = targets.iter().find_map(|target| target.number);
    session.note(number, beginning, Act::Reached(state));
    Ok(())
}

/// In the middle of a command, and stays there as far as the telescope allows.
pub(super) async fn busy<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    given_state(world, context).await
}

/// The states of a list.
pub(super) fn states(words: &Words, name: &str) -> Result<Vec<ObsState>, BoxError> {
    let states = words.list::<ObsStateWord>(name)?;
    Ok(states.into_iter().map(|word| word.0).collect())
}

/// A When on these subarrays begins; they will be put back.
async fn begin(
    session: &mut TelescopeSession,
    targets: &[Target],
) -> Result<crate::world::Beginning, BoxError> {
    for (system, number) in leading(targets) {
        session.subarray_of(system, number)?;
    }
    Ok(session.begin().await?)
}

/// The subarrays by which the others are moved: the telescope manager's if it is among them, as its
/// subsystems follow it; else each of them.
fn leading(targets: &[Target]) -> Vec<(System, u32)> {
    let subarrays = targets
        .iter()
        .filter(|target| target.kind == Some(RoleKind::Subarray))
        .filter_map(|target| Some((target.system?, target.number?)));
    let all: Vec<_> = subarrays.collect();
    let managers: Vec<_> = all
        .iter()
        .copied()
        .filter(|(system, _)| *system == System::Tmc)
        .collect();
    if managers.is_empty() { all } else { managers }
}

/// Brings the subarrays there that lead, and waits for those that follow.
async fn prepare(
    session: &mut TelescopeSession,
    targets: &[Target],
    state: ObsState,
    context: &Context,
) -> Result<(), BoxError> {
    let leading = leading(targets);
    if leading.is_empty() {
        return Err("this line names no subarray, and only subarrays have an obsState".into());
    }
    session.ensure_on().await?;
    #[cfg(feature = "sim")]
    let is_forced = state == ObsState::Fault;
    #[cfg(not(feature = "sim"))]
    let is_forced = false;
    #[cfg(feature = "sim")]
    if is_forced {
        super::hold::fail(session, targets).await?;
    } else {
        super::hold::hold(session, targets, state).await?;
    }
    for (system, number) in &leading {
        let subarray = session.subarray_of(*system, *number)?;
        if is_forced {
            let timeout = Timeout::new(subarray.timeouts().command);
            subarray.wait_for(state, timeout).await?;
        } else {
            subarray.reach_or_recover(state).await?;
        }
    }
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    for target in targets {
        let leads = |(system, number): &(System, u32)| {
            target.is_subarray_of(*system) && target.number == Some(*number)
        };
        if state.is_transient() || leading.iter().any(leads) {
            continue;
        }
        let mark = target.device.tracer().mark();
        let in_state = is_in_state([&target.device], OBS_STATE, state);
        Account::new(&target.device, context)
            .holds(in_state, &mark, &timeout)
            .await?;
    }
    Ok(())
}
