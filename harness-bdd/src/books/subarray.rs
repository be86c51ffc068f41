//! Steps about the obsState of a subarray.

use std::time::Duration;

use harness_core::{
    Timeout, TracedDevice,
    assertion::{Assertion, changes_to, is_in_state, passes_through},
};
use harness_tango::control_model::ObsState;

use super::observed::{Account, now_in};
use crate::{
    BoxError, Context, HasTelescope, SessionError, StepBook, argument, list_argument, step,
    world::{Act, OBS_STATE},
};

/// How long a state must hold if the line doesn't say: long enough for a change that was on its way.
const STILL: Duration = Duration::from_millis(300);

/// Steps about the obsState of a subarray.
pub fn subarray_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.given("subarray {int} is in obsState {word}", |world, context| {
        step(given_state(world, context))
    })
    .when("subarray {int} is in obsState {word}", |world, context| {
        step(when_state(world, context))
    })
    .when(
        "I bring subarray {int} to obsState {word}",
        |world, context| step(bring(world, context)),
    )
    .when(
        "I bring subarray {int} to obsState {word} through {words}",
        |world, context| step(bring(world, context)),
    )
    .then("subarray {int} is in obsState {word}", |world, context| {
        step(is_in(world, context))
    })
    .then(
        "subarray {int} transitions to obsState {word}",
        |world, context| step(transitions(world, context)),
    )
    .then(
        "subarray {int} passes through {words} in that order",
        |world, context| step(passes(world, context)),
    )
    .then(
        "subarray {int} remains in obsState {word}",
        |world, context| step(remains(world, context, STILL)),
    )
    .then(
        "subarray {int} remains in obsState {word} for {float} seconds",
        |world, context| {
            step(async {
                let seconds: f64 = argument(&context, 2)?;
                remains(world, context, Duration::try_from_secs_f64(seconds)?).await
            })
        },
    )
}

/// Whatever state the subarray is in, it is brought to the one wanted; if the way fails, once more
/// by way of an abort and a restart, with more time.
async fn given_state<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let (number, state) = (argument(&context, 0)?, argument::<ObsState>(&context, 1)?);
    let subarray = world.session().subarray(number)?;
    subarray.reach_or_recover(state).await?;
    Ok(())
}

async fn when_state<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let (number, state) = (argument(&context, 0)?, argument::<ObsState>(&context, 1)?);
    let session = world.session();
    let mark = session.watched_mark(number).await?;
    session.subarray(number)?.reach_or_recover(state).await?;
    Ok(session.note_when(number, mark, Act::Reached(state))?)
}

/// What is under test is the way itself, so nothing is tried a second time.
async fn bring<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let (number, state) = (argument(&context, 0)?, argument::<ObsState>(&context, 1)?);
    let through: Vec<ObsState> = match context.matches.len() {
        4.. => list_argument(&context, 2)?,
        _ => Vec::new(),
    };
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().reach);
    let mark = session.watched_mark(number).await?;
    session
        .subarray(number)?
        .reach(state)
        .passing_through(through)
        .within(timeout)
        .await?;
    Ok(session.note_when(number, mark, Act::Reached(state))?)
}

/// After a When that sent a command, the subarray must *change* to the state: a state it had before
/// says nothing about the command.
async fn is_in<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let (number, state) = (argument(&context, 0)?, argument::<ObsState>(&context, 1)?);
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let subarray = session.subarray(number)?;
    let account = Account::new(subarray.traced(), &context);
    let in_state = is_in_state([subarray.traced()], OBS_STATE, state);
    match session.last_when(number)? {
        Some((_, Act::Reached(target))) if target == state && state.is_transient() => Ok(()),
        None | Some((_, Act::Reached(_))) => {
            let mark = subarray.traced().tracer().mark();
            account.holds(in_state, &mark, &timeout).await
        }
        Some((mark, act)) => {
            let changes = changes_to([subarray.traced()], OBS_STATE, state);
            let advice = format!(
                "if it should just still be {state}, say `subarray {number} remains in obsState {state}`"
            );
            account
                .with_advice(advice)
                .follows(&act, changes, &mark, &timeout)
                .await?;
            // A state that is left by itself may be over by now: having been in it is enough.
            if state.is_transient() {
                return Ok(());
            }
            account.holds(in_state, &mark, &timeout).await
        }
    }
}

async fn transitions<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let (number, state) = (argument(&context, 0)?, argument::<ObsState>(&context, 1)?);
    since_last_when(world, &context, number, |device| {
        changes_to([device], OBS_STATE, state)
    })
    .await
}

async fn passes<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let (number, states) = (
        argument(&context, 0)?,
        list_argument::<ObsState>(&context, 1)?,
    );
    since_last_when(world, &context, number, |device| {
        passes_through(device, OBS_STATE, states)
    })
    .await
}

/// Waits for something that the last When must have caused.
async fn since_last_when<W, A>(
    world: &mut W,
    context: &Context,
    number: u32,
    assertion: impl FnOnce(&TracedDevice) -> A,
) -> Result<(), BoxError>
where
    W: HasTelescope,
    A: Assertion + 'static,
{
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let subarray = session.subarray(number)?;
    let (mark, act) = session
        .last_when(number)?
        .ok_or(SessionError::NoWhen { subarray: number })?;
    let assertion = assertion(subarray.traced());
    Account::new(subarray.traced(), context)
        .follows(&act, assertion, &mark, &timeout)
        .await
}

/// The subarray is in the state and stays there. If it was there when the last When began, then it
/// has never left it since.
async fn remains<W: HasTelescope>(
    world: &mut W,
    context: Context,
    period: Duration,
) -> Result<(), BoxError> {
    let (number, state) = (argument(&context, 0)?, argument::<ObsState>(&context, 1)?);
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let subarray = session.subarray(number)?;
    let device = subarray.traced();
    let account = Account::new(device, &context);
    device.watch(OBS_STATE).await?;
    let since = match session.last_when(number)? {
        Some((mark, Act::Sent(sent))) if sent.before == state => mark,
        Some((mark, act @ Act::Sent(_))) => {
            let changes = changes_to([device], OBS_STATE, state);
            account.follows(&act, changes, &mark, &timeout).await?;
            device.tracer().mark()
        }
        _ => device.tracer().mark(),
    };
    now_in(device, state).await?;
    account.unchanged(&since, period).await
}
