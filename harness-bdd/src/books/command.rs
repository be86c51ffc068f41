//! Steps about commands to a subarray.

use std::sync::Arc;

use harness_core::{Timeout, Value, failure::Failure};
use harness_tango::{control_model::ResultCode, lrc::SendError};

use super::observed::{AccountError, now_in, obs_state};
use crate::{
    BoxError, Context, HasTelescope, SessionError, StepBook, argument, step,
    world::{Act, Answer, OBS_STATE, Sent, When},
};

/// Steps about commands to a subarray.
///
/// A command is given the input of the telescope's configuration, or the doc string under the line.
pub fn command_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.when(
        "the command {word} is sent to subarray {int}",
        |world, context| step(send_command(world, context)),
    )
    .when(
        "I send the command {word} to subarray {int}",
        |world, context| step(send_command(world, context)),
    )
    .then("the command is rejected", |world, _| step(rejected(world)))
    .then("the command completes with {word}", |world, context| {
        step(completes(world, context))
    })
}

/// Sends the command and notes what the device says at once. A refusal is no failure yet: the next
/// line may be that it is rejected.
async fn send_command<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let (command, number) = (argument::<String>(&context, 0)?, argument(&context, 1)?);
    let session = world.session();
    if let Some(when) = session.last_when(Some(number)) {
        when.act.check_accepted()?;
    }
    session.ensure_on().await?;
    let subarray = session.subarray(number)?;
    let before = obs_state(subarray.traced()).await?;
    let input = input(&command, number, &context);
    let beginning = session.begin().await?;
    let answer = match subarray.send(&command, input).await {
        Ok(sent) => Answer::Accepted(Arc::new(sent)),
        Err(SendError::Refused(refusal)) => Answer::Refused(refusal),
        Err(error) => return Err(error.into()),
    };
    let sent = Sent {
        command,
        device: subarray.traced().clone(),
        before: Some(before),
        answer,
    };
    session.note(number, beginning, Act::Sent(sent));
    Ok(())
}

/// The doc string under the line; if there is none, [`None`], and the command is given the input of the
/// telescope's configuration.
fn input(command: &str, number: u32, context: &Context) -> Option<Value> {
    // The configuration has no input for this one, as no way of the navigation leads over it.
    let release = || {
        let input = format!(r#"{{"subarray_id":{number},"release_all":true}}"#);
        (command == "ReleaseResources").then_some(input)
    };
    let given = context
        .step
        .docstring
        .as_deref()
        .map(|text| text.trim().to_owned());
    given.or_else(release).map(Value::from)
}

/// The device said no: by an exception, by its answer, or by the result of what it had accepted; and
/// its obsState has not changed since the command.
async fn rejected<W: HasTelescope>(world: &mut W) -> Result<(), BoxError> {
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let when = session.last_command()?.clone();
    let (When { mark, number, .. }, Act::Sent(sent)) = (&when, &when.act) else {
        return Err(SessionError::NoCommand.into());
    };
    let device = &sent.device;
    let refusal = match &sent.answer {
        Answer::Refused(refusal) => Some(refusal.clone()),
        Answer::Accepted(accepted) => accepted.refusal(&timeout).await.map_err(AccountError)?,
        Answer::RefusedAsExpected | Answer::Done => None,
    };
    match refusal {
        Some(refusal) => device
            .tracer()
            .journal()
            .note(format!("as expected, {refusal}")),
        None if matches!(sent.answer, Answer::RefusedAsExpected) => return Ok(()),
        None => return Err(not_rejected(sent, mark).into()),
    };
    let changes = device
        .tracer()
        .changes_since(mark, device.name(), OBS_STATE);
    if !changes.is_empty() {
        let headline = format!("{} was rejected, but the obsState changed", sent.command);
        return Err(AccountError(Failure::new(headline).with_timeline(mark)).into());
    }
    if let Some(before) = sent.before {
        now_in(device, before).await?;
    }
    let act = Act::Sent(Sent {
        answer: Answer::RefusedAsExpected,
        ..sent.clone()
    });
    let number = *number;
    session.note_again(
        |when| when.number == number && matches!(when.act, Act::Sent(_)),
        act,
    );
    Ok(())
}

fn not_rejected(sent: &Sent, mark: &harness_core::Mark) -> AccountError {
    let headline = match sent.before {
        Some(before) => format!("{} was not rejected in {before}", sent.command),
        None => format!("{} was not rejected", sent.command),
    };
    AccountError(Failure::new(headline).with_timeline(mark))
}

/// The long running command ends with that result code.
async fn completes<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let expected: ResultCode = argument(&context, 0)?;
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let When { mark, act, .. } = session.last_command()?.clone();
    act.check_accepted()?;
    let sent = act.accepted().ok_or(SessionError::NoCommand)?;
    let completion = sent
        .ends_with(expected, &timeout)
        .await
        .map_err(AccountError)?;
    if completion.code == expected {
        return Ok(());
    }
    let headline = format!(
        "{} ended with {completion}, not with {expected}",
        sent.command()
    );
    Err(AccountError(Failure::new(headline).with_timeline(&mark)).into())
}
