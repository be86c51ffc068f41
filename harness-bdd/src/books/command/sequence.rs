//! Several configurations and scans in a row.

use std::time::Duration;

use harness_core::{Timeout, assertion::changes_to};
use harness_tango::{control_model::ObsState, inputs::InputList, subarray::Subarray};

use super::{
    addressee::{Addressee, Manner, addressees},
    execute::complete,
    input::{Edit, Input},
    issue::{issue, settle},
    name::CommandName,
};
use crate::{
    BoxError, Context, HasTelescope, SessionError, TelescopeSession,
    books::observed::{Account, obs_state},
    phrase::{Words, words},
    world::OBS_STATE,
};

/// Added to the length of a timed scan, for the telescope to end it.
const SLACK: Duration = Duration::from_secs(3);

/// Configures for each scan type and scans with each id, one after another.
pub(super) async fn each<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let words = words(&context)?;
    let (types, ids) = (list(&words, "types"), list(&words, "ids"));
    if types.len() != ids.len() || types.is_empty() {
        return Err(format!(
            "the lists belong together, but there are {} scan types and {} scan ids",
            types.len(),
            ids.len()
        )
        .into());
    }
    let session = world.session();
    let configure: CommandName = "Configure".parse()?;
    let to = the_one(session, &words, &configure).await?;
    settle(session, &to).await?;
    for (scan_type, id) in types.iter().zip(&ids) {
        let id = scan_id(id)?;
        let input = Input::with_edits([Edit::ScanType(scan_type.clone())]);
        complete(session, &to, &configure, &input).await?;
        let length = session.scan_duration()?;
        scan(session, &to, Some(id), length, &context).await?;
    }
    Ok(())
}

/// Scans once more without configuring anew.
pub(super) async fn again<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let to = the_one(session, &words, &"Scan".parse()?).await?;
    settle(session, &to).await?;
    let length = session.scan_duration()?;
    scan(session, &to, words.value("scan_id")?, length, &context).await
}

/// One scan, from READY to SCANNING and back: by itself if it is timed, by EndScan if not.
async fn scan(
    session: &mut TelescopeSession,
    to: &Addressee,
    id: Option<i64>,
    length: Duration,
    context: &Context,
) -> Result<(), BoxError> {
    let to = Addressee {
        command: "Scan".to_owned(),
        ..to.clone()
    };
    let subarray = subarray(&to)?;
    let (device, number) = (subarray.traced(), subarray.number());
    issue(
        session,
        &to,
        &"Scan".parse()?,
        &Input::with_edits(id.map(Edit::ScanId)),
    )
    .await?;
    let when = session
        .last_when(Some(number))
        .ok_or(SessionError::NoCommand)?
        .clone();
    let account = Account::new(device, context);
    let timeout = Timeout::new(subarray.timeouts().command);
    let scanning = changes_to([device], OBS_STATE, ObsState::Scanning);
    account
        .follows(&when.act, scanning, &when.mark, &timeout)
        .await?;
    let by_itself = subarray
        .wait_for(ObsState::Ready, Timeout::new(length + SLACK))
        .await;
    if by_itself.is_err() && obs_state(device).await? == ObsState::Scanning {
        let command: CommandName = "EndScan".parse()?;
        let to = Addressee {
            command: "EndScan".to_owned(),
            ..to.clone()
        };
        complete(session, &to, &command, &Input::default()).await?;
    }
    let ready = subarray.wait_for(ObsState::Ready, Timeout::new(subarray.timeouts().command));
    Ok(ready.await?)
}

async fn the_one(
    session: &mut TelescopeSession,
    words: &Words,
    command: &CommandName,
) -> Result<Addressee, BoxError> {
    let mut all = addressees(session, words, Manner::ByVerb, command).await?;
    match (all.pop(), all.is_empty()) {
        (Some(to), true) => Ok(to),
        _ => Err("this line can be about one subarray only".into()),
    }
}

fn subarray(to: &Addressee) -> Result<&Subarray, BoxError> {
    to.subarray.as_ref().ok_or_else(|| {
        format!(
            "{} is no subarray, and only subarrays scan",
            to.device.name()
        )
        .into()
    })
}

fn scan_id(text: &str) -> Result<i64, BoxError> {
    text.parse()
        .map_err(|_| format!("a scan id is a whole number, and `{text}` is none").into())
}

fn list(words: &Words, name: &str) -> Vec<String> {
    words.text(name).map(InputList::parse).unwrap_or_default()
}
