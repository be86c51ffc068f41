//! Sending a command, and noting what the device says at once.

use std::sync::Arc;

use futures_util::future::join_all;
use harness_core::{Timeout, TracedDevice, Value};
use harness_tango::{
    lrc::{LrcReply, Refusal, SendError, send},
    telescope::RoleKind,
};

use super::{addressee::Addressee, input::Input, name::CommandName};
use crate::{
    BoxError, TelescopeSession,
    books::observed::obs_state,
    phrase::{self, Seen},
    world::{Act, Answer, Sent},
};

/// What devices tell of long running commands.
pub(super) const RESULT: &str = "longRunningCommandResult";
/// What the simulator and the SKA's helper devices tell of the commands that they got.
pub(super) const CALLS: &str = "commandCallInfo";

/// Sends the command and notes what the device says at once. A refusal is no failure yet: the next
/// line may be that it is rejected.
pub(super) async fn issue(
    session: &mut TelescopeSession,
    to: &Addressee,
    command: &CommandName,
    input: &Input,
) -> Result<(), BoxError> {
    let number = to.subarray.as_ref().map(|subarray| subarray.number());
    if let Some(when) = session.last_when(number) {
        when.act.check_accepted()?;
    }
    if command.is_about_power() {
        session.set_power_known();
    } else {
        session.ensure_on().await?;
    }
    let before = match &to.subarray {
        Some(subarray) => Some(obs_state(subarray.traced()).await?),
        None => None,
    };
    let argument = input.for_addressee(to, command)?;
    listen(session).await?;
    let beginning = session.begin().await?;
    let value = argument.clone().map(Value::from).unwrap_or_default();
    let answer = answer(&to.device, &to.command, value).await?;
    let is_taken = !matches!(answer, Answer::Refused(_));
    let sent = Sent {
        command: command.as_str().to_owned(),
        device: to.device.clone(),
        before,
        argument: argument.map(Arc::from),
        answer,
    };
    session.note(number, beginning, Act::Sent(sent));
    if is_taken && command.is_disruptive() {
        // what was kept going on is over, and what begins anew later is to go on by itself
        session.release_holds(number).await?;
    }
    Ok(())
}

/// Sends it as a long running command, or as a plain one to a device that has none such.
async fn answer(device: &TracedDevice, command: &str, value: Value) -> Result<Answer, BoxError> {
    match send(device, command, value.clone()).await {
        Ok(sent) => Ok(Answer::Accepted(Arc::new(sent))),
        Err(SendError::Refused(refusal)) => Ok(Answer::Refused(refusal)),
        // it was executed, by a device that answers otherwise
        Err(SendError::Reply { .. }) => Ok(Answer::Done),
        Err(SendError::NoProtocol { .. }) => plain(device, command, value).await,
        Err(error) => Err(error.into()),
    }
}

async fn plain(device: &TracedDevice, command: &str, value: Value) -> Result<Answer, BoxError> {
    let answer = match device.command(command, value).await {
        Ok(answer) => answer,
        Err(error) => {
            return match Refusal::of_error(&error, command) {
                Some(refusal) => Ok(Answer::Refused(refusal)),
                None => Err(error.into()),
            };
        }
    };
    let refusal = LrcReply::try_from(&answer)
        .ok()
        .and_then(|reply| Refusal::of_reply(device.name(), command, &reply));
    Ok(refusal.map_or(Answer::Done, Answer::Refused))
}

/// From here on nothing is missed that subsystems tell of commands which the telescope manager sends
/// them, as far as a line of the suite asks for it: there is much of it. Those that tell nothing are left
/// to the line that asks for them.
async fn listen(session: &TelescopeSession) -> Result<(), BoxError> {
    let seen = phrase::watched();
    let is_wanted = |attribute: &&str| {
        seen.iter()
            .any(|watched| watched.what == Seen::Attribute((*attribute).to_owned()))
    };
    let wanted: Vec<&str> = [RESULT, CALLS].into_iter().filter(is_wanted).collect();
    let telescope = session.telescope()?;
    let watched = telescope.devices().filter_map(|(device, traced)| {
        let kind = device.role?.kind();
        let tells = matches!(
            kind,
            RoleKind::Subarray
                | RoleKind::SubarrayLeaf
                | RoleKind::Controller
                | RoleKind::MasterLeaf
        );
        let attributes = wanted.iter();
        tells.then(|| attributes.map(|attribute| traced.watch_if_pushed(attribute)))
    });
    join_all(watched.flatten()).await;
    Ok(())
}

/// Waits until what the last When began is over: a line that says `end the configuration` comes after
/// what the lines before it did, and not into the middle of it. How it ended is not looked at.
pub(super) async fn settle(session: &mut TelescopeSession, to: &Addressee) -> Result<(), BoxError> {
    let Some(subarray) = &to.subarray else {
        return Ok(());
    };
    let Some((act, command)) = session.last_when(Some(subarray.number())).and_then(|when| {
        let Act::Sent(sent) = &when.act else {
            return None;
        };
        let command: CommandName = sent.command.parse().ok()?;
        Some((when.act.clone(), command))
    }) else {
        return Ok(());
    };
    let Some(accepted) = act.accepted() else {
        return Ok(());
    };
    let timeout = Timeout::new(subarray.timeouts().command);
    let Some(target) = command.target() else {
        return Ok(());
    };
    // a scan has begun long before its command is over
    if command.as_str() != "Scan"
        && accepted
            .refusal(&timeout)
            .await
            .is_ok_and(|refusal| refusal.is_some())
    {
        return Ok(());
    }
    // where the command does not lead there, what follows will say so
    if obs_state(subarray.traced()).await?.is_transient() {
        subarray.wait_for(target, timeout).await.ok();
    }
    Ok(())
}
