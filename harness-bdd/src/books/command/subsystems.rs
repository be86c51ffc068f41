//! What subsystems did with the commands that they got from the telescope manager.

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use harness_core::{Event, Timeout, TracedDevice, assertion::changes_to};
use harness_tango::{
    control_model::{ObsState, ResultCode},
    telescope::{RoleKind, System},
};

use super::{
    issue::RESULT,
    name::CommandName,
    result::{code, failure, last},
};
use crate::{
    BoxError, Context, HasTelescope, SessionError, TelescopeSession,
    books::observed::{Account, obs_state},
    phrase::words,
    world::{Act, Aspect, OBS_STATE, Sent, When},
};

/// Each of the subsystems, or its leaf node, told that result since the last When.
pub(super) async fn result_from<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let expected = code(&words.needed::<String>("code")?)?;
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let when = session.last_command()?.clone();
    when.act.check_accepted()?;
    let Act::Sent(sent) = &when.act else {
        return Err(SessionError::NoCommand.into());
    };
    let targets = session.targets(words.who("from"), Aspect::Observation)?;
    let mut systems: Vec<System> = targets.iter().filter_map(|target| target.system).collect();
    systems.dedup();
    if systems.is_empty() {
        return Err("this line names no subsystem".into());
    }
    for system in systems {
        let tellers = tellers(session, system, when.number)?;
        let mut waiting: FuturesUnordered<_> = tellers
            .iter()
            .map(|device| told(device, &when, sent, expected, &timeout))
            .collect();
        let mut has_told = false;
        while let Some(events) = waiting.next().await {
            has_told |= !events.is_empty();
            if has_told {
                break;
            }
        }
        if !has_told {
            let names: Vec<_> = tellers
                .iter()
                .map(|device| device.name().to_string())
                .collect();
            let headline = format!(
                "{}: no {RESULT} {expected} came from the {system} ({})",
                context.step.value,
                names.join(", ")
            );
            return Err(failure(headline, &when.mark));
        }
    }
    Ok(())
}

/// The devices that tell what became of a command to the system's part of a subarray.
fn tellers(
    session: &TelescopeSession,
    system: System,
    number: Option<u32>,
) -> Result<Vec<TracedDevice>, BoxError> {
    let telescope = session.telescope()?;
    let devices = telescope.devices().filter(|(device, _)| {
        let tells = device.role.is_some_and(|role| {
            let of_subarray = matches!(role.kind(), RoleKind::Subarray | RoleKind::SubarrayLeaf);
            let of_telescope = matches!(role.kind(), RoleKind::Controller | RoleKind::MasterLeaf);
            role.system() == system && (of_subarray || number.is_none() && of_telescope)
        });
        tells && (number.is_none() || device.subarray == number)
    });
    let devices: Vec<_> = devices.map(|(_, traced)| traced.clone()).collect();
    match devices.is_empty() {
        true => {
            Err(format!("the telescope has no device of the {system} that tells results").into())
        }
        false => Ok(devices),
    }
}

async fn told(
    device: &TracedDevice,
    when: &When,
    sent: &Sent,
    expected: ResultCode,
    timeout: &Timeout,
) -> Vec<Event> {
    let command = sent.command.clone();
    device
        .tracer()
        .events_since(&when.mark)
        .from(device.name())
        .of(RESULT)
        .matching(move |event| is_result(event, &command, expected))
        .first(1)
        .within(timeout.clone())
        .await
}

/// Whether an event tells this result of a command of that name: `["1_2_Configure", "[0, \"..\"]"]`. The
/// telescope manager may have called it otherwise there.
fn is_result(event: &Event, command: &str, expected: ResultCode) -> bool {
    let texts = event
        .reading()
        .and_then(|reading| reading.value.as_list().map(<[_]>::to_vec));
    let texts = texts.unwrap_or_default();
    let [id, result] = texts.as_slice() else {
        return false;
    };
    let (Some(id), Some(result)) = (id.as_str(), result.as_str()) else {
        return false;
    };
    let family = [
        "Assign",
        "Release",
        "Configure",
        "EndScan",
        "Scan",
        "End",
        "Abort",
        "Restart",
        "ObsReset",
    ];
    let of = |text: &str| family.iter().find(|part| text.contains(**part)).copied();
    let same = of(command).is_none_or(|part| of(id).is_none_or(|other| other == part));
    let told = serde_json::from_str::<serde_json::Value>(result).ok();
    let first = told.map(|told| match told {
        serde_json::Value::Array(items) => items.into_iter().next().unwrap_or_default(),
        other => other,
    });
    let is_code = first.is_some_and(|first| {
        first.as_i64() == Some(expected.number())
            || first
                .as_str()
                .is_some_and(|word| code(word).is_ok_and(|code| code == expected))
    });
    same && is_code
}

/// Those subsystems that did not fail did what the command asks for.
pub(super) async fn others<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let timeout = Timeout::new(session.telescope()?.config().timeouts().command);
    let When {
        mark, act, number, ..
    } = last(session, words.value("command")?)?;
    act.check_accepted()?;
    let Act::Sent(sent) = &act else {
        return Err(SessionError::NoCommand.into());
    };
    let command: CommandName = sent.command.parse()?;
    let target = command
        .target()
        .ok_or_else(|| format!("where {command} leads is not known"))?;
    let telescope = session.telescope()?;
    let subarrays = telescope.devices().filter(|(device, _)| {
        let is_part = device
            .role
            .is_some_and(|role| role.kind() == RoleKind::Subarray && role.system() != System::Tmc);
        is_part && device.subarray == number
    });
    let mut well = 0;
    for (_, device) in subarrays {
        // asked, as its event may be under way
        if obs_state(device).await? == ObsState::Fault {
            continue;
        }
        let changes = changes_to([device], OBS_STATE, target);
        // not `follows`: the command as a whole may have failed
        Account::new(device, &context)
            .holds(changes, &mark, &timeout)
            .await?;
        well += 1;
    }
    match well {
        0 => Err(failure(
            "there is no subsystem that is not in FAULT".to_owned(),
            &mark,
        )),
        _ => Ok(()),
    }
}
