//! Steps that say when and how the transitions of a simulated telescope go, until the end of the
//! scenario. They need the telescope that is simulated in this process.

use std::time::Duration;

use harness_core::fault::Fault as _;
use harness_sim::transition::{Setting, Transition};

use super::simulated::{Subject, Verb, scopes};
use crate::{BoxError, Context, HasTelescope, StepBook, argument, step};

/// How a transition is to end.
#[derive(Clone, Copy, Debug)]
enum Ending {
    Fails,
    Rejected,
    Stuck,
    Fault,
}

/// How often.
#[derive(Clone, Copy, Debug)]
enum Times {
    Next,
    NextFew,
    Every,
}

macro_rules! endings {
    ($book:expr; $( $expression:literal => $times:ident, $ending:ident; )+) => {
        $book$( .given($expression, |world, context| {
            step(ends(world, context, Times::$times, Ending::$ending))
        }) )+
    };
}

/// Steps that say when and how the transitions of a simulated telescope go, until the end of the
/// scenario.
///
/// "CSP", "SDP", "MCCS" and "TMC" stand for all subarrays that these have; "subarray 1" for the
/// one that tests talk to.
pub fn transition_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    let book = book
        .given(
            "the {word} subarray takes {float} second(s) to {word}",
            |world, context| step(takes(world, context, false)),
        )
        .given(
            "subarray {int} takes {float} second(s) to {word}",
            |world, context| step(takes(world, context, true)),
        )
        .given("the {word} subarray's {word} is held", |world, context| {
            step(hold(world, context, false))
        })
        .given("the {word} of subarray {int} is held", |world, context| {
            step(hold(world, context, true))
        })
        .when(
            "the {word} subarray's {word} is released",
            |world, context| step(release(world, context, false)),
        )
        .when(
            "the {word} of subarray {int} is released",
            |world, context| step(release(world, context, true)),
        );
    endings! { book;
        "the next {word} on {word} fails with {string}" => Next, Fails;
        "the next {word} on {word} is rejected with {string}" => Next, Rejected;
        "the next {word} on {word} gets stuck" => Next, Stuck;
        "the next {word} on {word} goes to FAULT with {string}" => Next, Fault;
        "the next {int} {word} on {word} fail with {string}" => NextFew, Fails;
        "the next {int} {word} on {word} are rejected with {string}" => NextFew, Rejected;
        "the next {int} {word} on {word} get stuck" => NextFew, Stuck;
        "the next {int} {word} on {word} go to FAULT with {string}" => NextFew, Fault;
        "every {word} on {word} fails with {string}" => Every, Fails;
        "every {word} on {word} is rejected with {string}" => Every, Rejected;
        "every {word} on {word} gets stuck" => Every, Stuck;
        "every {word} on {word} goes to FAULT with {string}" => Every, Fault;
    }
}

/// `subject takes seconds to verb`.
async fn takes<W: HasTelescope>(
    world: &mut W,
    context: Context,
    by_number: bool,
) -> Result<(), BoxError> {
    let subject = subject(&context, 0, by_number)?;
    let seconds: f64 = argument(&context, 1)?;
    let verb: Verb = argument(&context, 2)?;
    let time = Duration::try_from_secs_f64(seconds)?;
    set(
        world,
        &subject,
        verb.commands(),
        &Transition::after(time).into(),
    )
    .await
}

async fn hold<W: HasTelescope>(
    world: &mut W,
    context: Context,
    by_number: bool,
) -> Result<(), BoxError> {
    let (subject, command) = subject_and_command(&context, by_number)?;
    set(world, &subject, &[&command], &held()).await
}

/// Goes on as it would have gone: at once, if its time is over.
async fn release<W: HasTelescope>(
    world: &mut W,
    context: Context,
    by_number: bool,
) -> Result<(), BoxError> {
    let (subject, command) = subject_and_command(&context, by_number)?;
    let session = world.session();
    for scope in scopes(session, &subject, &[&command])? {
        let fault = session.simulated()?.transitions().fault(scope, held());
        let description = fault.describe();
        let Some(guard) = session.take_fault(&description) else {
            return Err(NotHeld(command).into());
        };
        guard.stop().await?;
        // a line that says it twice holds no faster
        while let Some(again) = session.take_fault(&description) {
            again.stop().await?;
        }
    }
    Ok(())
}

async fn ends<W: HasTelescope>(
    world: &mut W,
    context: Context,
    times: Times,
    ending: Ending,
) -> Result<(), BoxError> {
    let (uses, words) = match times {
        Times::Next => (Some(1), 0),
        Times::NextFew => (Some(argument::<u32>(&context, 0)?), 1),
        Times::Every => (None, 0),
    };
    let command: String = argument(&context, words)?;
    let subject = Subject::Subsystem(argument(&context, words + 1)?);
    let message = || argument::<String>(&context, words + 2);
    let transition = Transition::new();
    let transition = match ending {
        Ending::Fails => transition.failing(message()?),
        Ending::Rejected => transition.rejecting(message()?),
        Ending::Stuck => transition.sticking(),
        Ending::Fault => transition.faulting(message()?),
    };
    let setting = match uses {
        Some(0) => return Err("the next 0: at least one is needed".into()),
        Some(uses) => transition.next(uses),
        None => transition.into(),
    };
    set(world, &subject, &[&command], &setting).await
}

fn held() -> Setting {
    Transition::held().into()
}

/// Sets how these commands go, until the end of the scenario.
async fn set<W: HasTelescope>(
    world: &mut W,
    subject: &Subject,
    commands: &[&str],
    setting: &Setting,
) -> Result<(), BoxError> {
    let session = world.session();
    let journal = session.telescope()?.tracer().journal().clone();
    for scope in scopes(session, subject, commands)? {
        let controller = session.simulated()?.transitions();
        let guard = controller.fault(scope, setting.clone()).start().await?;
        session.keep_fault(guard.recorded_in(&journal));
    }
    Ok(())
}

fn subject(context: &Context, index: usize, by_number: bool) -> Result<Subject, BoxError> {
    Ok(match by_number {
        true => Subject::Subarray(argument(context, index)?),
        false => Subject::Subsystem(argument(context, index)?),
    })
}

/// `the CSP subarray's Configure`, or `the Configure of subarray 1`.
fn subject_and_command(context: &Context, by_number: bool) -> Result<(Subject, String), BoxError> {
    let (at, command) = match by_number {
        true => (1, 0),
        false => (0, 1),
    };
    Ok((
        subject(context, at, by_number)?,
        argument(context, command)?,
    ))
}

/// Something is released that is not held.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not held: this line needs a `Given .. {0} is held` before it")]
struct NotHeld(String);
