//! Commands that must go well.

use harness_core::{
    Timeout,
    assertion::{is_in_state, one_of},
    failure::Failure,
};
use harness_tango::{
    control_model::{ObsState, ResultCode},
    lrc::ResultCodes,
    subarray::Subarray,
};

use super::{
    addressee::{Addressee, Manner, addressees},
    input::Input,
    issue::issue,
    name::CommandName,
};
use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    books::observed::{Account, AccountError, obs_state},
    phrase::words,
    world::{Act, Answer, OBS_STATE},
};

/// Whatever kept subarrays where they were is let go; the command is sent where it is allowed, with an
/// input that is valid; it ends with OK, and the subarray is where it leads.
pub(super) async fn execute<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let command: CommandName = words.needed("command")?;
    let session = world.session();
    for to in addressees(session, &words, Manner::ByVerb, &command).await? {
        let number = to.subarray.as_ref().map(Subarray::number);
        session.release_holds(number).await?;
        if let Some(subarray) = &to.subarray {
            arrive(session, subarray, &command, &context).await?;
        }
        complete(session, &to, &command, &Input::default()).await?;
    }
    Ok(())
}

/// Sends a command and waits until it is over, which it must be well.
pub(super) async fn complete(
    session: &mut TelescopeSession,
    to: &Addressee,
    command: &CommandName,
    input: &Input,
) -> Result<(), BoxError> {
    issue(session, to, command, input).await?;
    let number = to.subarray.as_ref().map(Subarray::number);
    let when = session
        .last_when(number)
        .ok_or(crate::SessionError::NoCommand)?
        .clone();
    let Act::Sent(sent) = &when.act else {
        return Err(crate::SessionError::NoCommand.into());
    };
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    match &sent.answer {
        Answer::Refused(refusal) | Answer::RefusedAsExpected(refusal) => {
            let headline = format!("{command} was not executed: {refusal}");
            return Err(AccountError(Failure::new(headline).with_timeline(&when.mark)).into());
        }
        // a scan's command may be over long after it has begun
        Answer::Accepted(_) if command.as_str() == "Scan" => {}
        Answer::Accepted(accepted) => {
            let well = wellness(command);
            let completion = accepted
                .ends_with(well.clone(), &timeout)
                .await
                .map_err(AccountError)?;
            if !well.contain(completion.code) {
                let headline = format!("{command} ended with {completion}, not with {well}");
                return Err(AccountError(Failure::new(headline).with_timeline(&when.mark)).into());
            }
        }
        Answer::Done => {}
    }
    if let (Some(subarray), Some(target)) = (&to.subarray, command.target()) {
        subarray.wait_for(target, timeout).await?;
    }
    Ok(())
}

/// The results of a command that went well. Some devices tell no more of an Abort than that it began.
pub(super) fn wellness(command: &CommandName) -> ResultCodes {
    match command.as_str() {
        "Abort" => ResultCodes::from([ResultCode::Ok, ResultCode::Started]),
        _ => ResultCodes::from(ResultCode::Ok),
    }
}

/// Waits until what was going on is over, and then brings the subarray to where it takes the command, if
/// it is not there already.
async fn arrive(
    session: &mut TelescopeSession,
    subarray: &Subarray,
    command: &CommandName,
    context: &Context,
) -> Result<(), BoxError> {
    let sources = command.sources();
    let Some(first) = sources.first() else {
        return Ok(());
    };
    session.ensure_on().await?;
    let now = obs_state(subarray.traced()).await?;
    if sources.contains(&now) {
        return Ok(());
    }
    if now.is_transient() {
        let lasting = ObsState::ALL
            .iter()
            .copied()
            .filter(|state| !state.is_transient());
        let device = subarray.traced();
        let over = is_in_state([device], OBS_STATE, one_of(lasting));
        let timeout = Timeout::new(subarray.timeouts().command);
        let mark = device.tracer().mark();
        Account::new(device, context)
            .holds(over, &mark, &timeout)
            .await?;
    }
    if !sources.contains(&obs_state(subarray.traced()).await?) {
        let timeout = Timeout::new(subarray.timeouts().reach);
        subarray.reach(*first).within(timeout).await?;
    }
    Ok(())
}
