//! Results of the commands that the client sent.

use std::time::Duration;

use harness_core::{Mark, Timeout, failure::Failure};
use harness_tango::{control_model::ResultCode, lrc::ResultCodes};

use super::{execute::wellness, name::CommandName};
use crate::{
    BoxError, Context, HasTelescope, SessionError, TelescopeSession,
    books::observed::AccountError,
    phrase::words,
    world::{Act, Answer, Aspect, When},
};

/// The long running command ends with that result code, and in that time since it was sent.
pub(super) async fn completes<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let expected: Option<ResultCode> = words.text("code").map(code).transpose()?;
    let session = world.session();
    let mut timeout = session.telescope()?.config().timeouts().command;
    let seconds: Option<f64> = words.value("seconds")?;
    let When { mark, act, .. } = last(session, words.value("command")?)?;
    act.check_accepted()?;
    let Act::Sent(sent) = &act else {
        return Err(SessionError::NoCommand.into());
    };
    if let Some(seconds) = seconds {
        let limit = Duration::try_from_secs_f64(seconds)?;
        timeout = limit.saturating_sub(mark.instant().elapsed());
    }
    let command: CommandName = sent.command.parse()?;
    let expected = expected.map_or_else(|| wellness(&command), ResultCodes::from);
    let accepted = match &sent.answer {
        Answer::Accepted(accepted) => accepted,
        Answer::Done if expected.contain(ResultCode::Ok) && seconds.is_none() => return Ok(()),
        Answer::Done => {
            let told = "the device executed it without telling a result or its time";
            return Err(failure(format!("{command}: {told}"), &mark));
        }
        Answer::Refused(refusal) | Answer::RefusedAsExpected(refusal) => {
            return Err(failure(
                format!("{command} did not complete: {refusal}"),
                &mark,
            ));
        }
    };
    let completion = accepted
        .ends_with(expected.clone(), &Timeout::new(timeout))
        .await
        .map_err(AccountError)?;
    if expected.contain(completion.code) {
        return Ok(());
    }
    let headline = format!(
        "{} ended with {completion}, not with {expected}",
        accepted.command()
    );
    Err(failure(headline, &mark))
}

/// The last command; the last one of that name if the line names it.
pub(super) fn last(
    session: &TelescopeSession,
    name: Option<CommandName>,
) -> Result<When, BoxError> {
    let when = session.last_command()?.clone();
    let (Some(name), Act::Sent(sent)) = (name, &when.act) else {
        return Ok(when);
    };
    if sent.command.eq_ignore_ascii_case(name.as_str()) {
        return Ok(when);
    }
    let found = session
        .commands()
        .find(|(_, sent)| sent.command.eq_ignore_ascii_case(name.as_str()));
    found.map(|(when, _)| when.clone()).ok_or_else(|| {
        format!(
            "no {name} was sent yet; the last command was {}",
            sent.command
        )
        .into()
    })
}

/// What came of the last command that went to this very device.
pub(super) async fn result<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let expected = words.text("code").map(code).transpose()?;
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    for target in session.targets(words.who("who"), Aspect::Observation)? {
        let name = target.device.name();
        let found = session
            .commands()
            .find(|(_, sent)| sent.device.name() == name && sent.accepted().is_some());
        let Some((when, sent)) = found else {
            return Err(format!(
                "{name} took no command in this scenario, so that it tells of none"
            )
            .into());
        };
        let Some(accepted) = sent.accepted() else {
            return Err(SessionError::NoCommand.into());
        };
        let completion = match expected {
            Some(code) => accepted.ends_with(code, &timeout).await,
            None => accepted.completion(&timeout).await,
        };
        let completion = completion.map_err(AccountError)?;
        let is_code = expected.is_none_or(|code| code == completion.code);
        let is_message = words
            .text("message")
            .is_none_or(|message| completion.message.contains(message));
        if !is_code || !is_message {
            let headline = format!(
                "{}: {} ended with {completion}",
                context.step.value, sent.command
            );
            return Err(failure(headline, &when.mark));
        }
    }
    Ok(())
}

/// A result code as people write it: `OK`, `ResultCode.REJECTED`, `Rejected`.
pub(super) fn code(word: &str) -> Result<ResultCode, BoxError> {
    let upper = word.to_uppercase();
    let bare = upper.trim_start_matches("RESULTCODE.");
    let bare = match bare {
        "NOTALLOWED" => "NOT_ALLOWED",
        other => other,
    };
    Ok(bare.parse()?)
}

/// An error with what happened since.
pub(super) fn failure(headline: String, mark: &Mark) -> BoxError {
    AccountError(Failure::new(headline).with_timeline(mark)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_codes_are_read_in_every_spelling() {
        for (word, expected) in [
            ("ok", ResultCode::Ok),
            ("ResultCode.Rejected", ResultCode::Rejected),
            ("ResultCode.NOT_ALLOWED", ResultCode::NotAllowed),
        ] {
            assert_eq!(code(word).unwrap(), expected, "{word}");
        }
        assert!(code("fine").is_err());
    }
}
