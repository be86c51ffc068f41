//! What lines do that send one command.

use harness_tango::telescope::System;

use super::{
    addressee::{Addressee, Manner, addressees, of_manager},
    input::{Edit, Input},
    issue::{issue, settle},
    name::CommandName,
};
use crate::{
    BoxError, Context, HasTelescope,
    phrase::{Words, words},
};

/// Sends the command that the line names, at once: it may come into the middle of another one.
pub(super) async fn command<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let command: CommandName = words.needed("command")?;
    let input = Input::of_line(&words, &context)?;
    let session = world.session();
    for to in addressees(session, &words, Manner::ByName, &command).await? {
        issue(session, &to, &command, &input).await?;
    }
    Ok(())
}

/// Sends the command that the line's verb means, after what the lines before it began: engineers write
/// such lines one after another.
pub(super) async fn verb<W: HasTelescope>(
    world: &mut W,
    context: Context,
    command: &str,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let command: CommandName = command.parse()?;
    let mut input = Input::of_line(&words, &context)?;
    if let Some(station) = words.value::<u32>("station")? {
        input.push(Edit::Resources(vec![station.to_string()]));
    }
    let session = world.session();
    for to in meant(session, &words, &command).await? {
        if !command.is_disruptive() {
            settle(session, &to).await?;
        }
        issue(session, &to, &command, &input).await?;
        // the telescope manager ends its scans itself
        let ends_itself = to.is_central || is_of_manager(&to);
        if command.as_str() == "Scan" && is_for_a_period(&words) && !ends_itself {
            let period = session.scan_duration()?;
            session.send_later(&to.device, "EndScan", period);
        }
    }
    Ok(())
}

/// Whether the line says that the scan has an end: `for a given period`.
fn is_for_a_period(words: &Words) -> bool {
    let line = words.line().to_lowercase();
    ["period", "time", "duration"]
        .iter()
        .any(|word| line.contains(word))
}

fn is_of_manager(to: &Addressee) -> bool {
    let subarray = to.subarray.as_ref();
    subarray.is_some_and(|subarray| {
        subarray.system() == System::Tmc && subarray.traced().name() == to.device.name()
    })
}

/// Those whom the line names, by a number that stands apart too: `assign resources with 1 to the
/// subarray`.
async fn meant(
    session: &mut crate::TelescopeSession,
    words: &Words,
    command: &CommandName,
) -> Result<Vec<Addressee>, BoxError> {
    let number = match words.value::<u32>("number")? {
        Some(number) => Some(number),
        None => words.value::<u32>("at")?,
    };
    match number {
        Some(number) => Ok(vec![of_manager(session, Some(number), command).await?]),
        None => addressees(session, words, Manner::ByVerb, command).await,
    }
}
