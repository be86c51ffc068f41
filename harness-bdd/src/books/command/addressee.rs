//! Whom a command goes to.

use harness_core::TracedDevice;
use harness_tango::{
    subarray::Subarray,
    telescope::{Role, RoleKind, System},
};

use super::name::CommandName;
use crate::{
    BoxError, SessionError, TelescopeSession,
    phrase::{Part, Words},
    world::{Aspect, Target},
};

/// Who gets a command, and under which name.
#[derive(Clone, Debug)]
pub(super) struct Addressee {
    /// Who gets it.
    pub(super) device: TracedDevice,
    /// What that device calls the command.
    pub(super) command: String,
    /// The system whose part of the inputs it is given.
    pub(super) system: Option<System>,
    /// The subarray that it is about.
    pub(super) subarray: Option<Subarray>,
    /// Whether it is the central node, which must be told the subarray.
    pub(super) is_central: bool,
}

/// How a line asks for a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// By its name: `the command AssignResources is sent to subarray 1`. It goes to whom the line names.
    ByName,
    /// By a verb: `I assign resources to subarray 1`. It goes the way that telescopes have for it.
    ByVerb,
}

/// By which way a command for the telescope manager's subarray goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// To the subarray itself.
    Direct,
    /// Resources by way of the central node, if there is one.
    Usual,
}

/// Those whom a line wants the command to go to.
///
/// A line says `using TMC` where it names a subsystem only as one that will show it. Resources are
/// assigned and released through the central node, if the telescope has one.
pub(super) async fn addressees(
    session: &mut TelescopeSession,
    words: &Words,
    manner: Manner,
    command: &CommandName,
) -> Result<Vec<Addressee>, BoxError> {
    let who = words.who("who");
    if command.is_of_telescope() {
        return Ok(vec![
            central(session, command)?.ok_or_else(|| no_central(session))?,
        ]);
    }
    let aspect = match command.is_about_power() {
        true => Aspect::System,
        false => Aspect::Observation,
    };
    let targets = match who {
        Some(who) if is_through_manager(words) && who.parts().iter().all(is_no_manager) => {
            let number = who.number();
            manager(session, number)?
        }
        who => session.targets(who, aspect)?,
    };
    let mut found = Vec::new();
    for target in &targets {
        let is_named = who.is_some();
        let by_name = manner == Manner::ByName && is_named && !is_through_manager(words);
        let way = if by_name { Way::Direct } else { Way::Usual };
        found.push(addressee(session, target, is_named, way, command).await?);
    }
    match found.is_empty() {
        true => Err("this line names nobody who could get a command".into()),
        false => Ok(found),
    }
}

/// The telescope manager's subarray of that number, or of the scenario's, for commands that the library
/// sends itself.
pub(super) async fn of_manager(
    session: &mut TelescopeSession,
    number: Option<u32>,
    command: &CommandName,
) -> Result<Addressee, BoxError> {
    let targets = manager(session, number)?;
    let target = targets.first().ok_or("there is no subarray")?;
    addressee(session, target, true, Way::Usual, command).await
}

fn manager(
    session: &mut TelescopeSession,
    number: Option<u32>,
) -> Result<Vec<Target>, SessionError> {
    let number = match number {
        Some(number) => number,
        None => session.number()?,
    };
    let device = session.subarray(number)?.traced().clone();
    Ok(vec![Target {
        system: Some(System::Tmc),
        kind: Some(RoleKind::Subarray),
        number: Some(number),
        device,
    }])
}

fn is_no_manager(part: &Part) -> bool {
    part.pronoun.is_none() && part.kind != Some(RoleKind::CentralNode)
}

fn is_through_manager(words: &Words) -> bool {
    let line = words.line().to_lowercase();
    ["using tmc", "via tmc", "through tmc"]
        .iter()
        .any(|way| line.contains(way))
}

async fn addressee(
    session: &mut TelescopeSession,
    target: &Target,
    is_named: bool,
    way: Way,
    command: &CommandName,
) -> Result<Addressee, BoxError> {
    let plain = |device: &TracedDevice, subarray: Option<Subarray>| Addressee {
        device: device.clone(),
        command: command.as_str().to_owned(),
        system: target.system,
        subarray,
        is_central: false,
    };
    match (target.system, target.kind) {
        (Some(System::Tmc), Some(RoleKind::CentralNode)) => {
            let central = central(session, command)?;
            Ok(central.unwrap_or_else(|| plain(&target.device, None)))
        }
        (Some(system), Some(RoleKind::Subarray)) => {
            let number = target.number.unwrap_or(1);
            if system == System::Tmc {
                // nobody was named: the telescope is meant, or whoever has the command
                let is_elsewhere = command.is_about_power() && !is_named
                    || command.is_special() && !has(&target.device, command).await;
                let by_central = command.is_about_resources() && way == Way::Usual;
                if (by_central || is_elsewhere)
                    && let Some(mut central) = central_of(session, number, command)?
                {
                    if command.is_about_power() {
                        central.command = format!("Telescope{command}");
                        central.subarray = None;
                    }
                    return Ok(central);
                }
            }
            let subarray = session.subarray_of(system, number)?;
            let name = subarray.command_names().of(command.as_str()).to_owned();
            Ok(Addressee {
                command: name,
                ..plain(&target.device, Some(subarray))
            })
        }
        (Some(system), Some(RoleKind::SubarrayLeaf)) => {
            // a telescope may have the leaf node alone
            let number = target.number.unwrap_or(1);
            let subarray = session.subarray_of(system, number).ok();
            Ok(plain(&target.device, subarray))
        }
        _ => Ok(plain(&target.device, None)),
    }
}

/// Whether the device has the command; true if it does not say.
async fn has(device: &TracedDevice, command: &CommandName) -> bool {
    match device.device().commands().await {
        Ok(Some(commands)) => commands
            .iter()
            .any(|known| known.eq_ignore_ascii_case(command.as_str())),
        Ok(None) | Err(_) => true,
    }
}

fn central(
    session: &mut TelescopeSession,
    command: &CommandName,
) -> Result<Option<Addressee>, SessionError> {
    let number = session.number()?;
    central_of(session, number, command)
}

/// The central node, for a command that may be about a subarray.
fn central_of(
    session: &mut TelescopeSession,
    number: u32,
    command: &CommandName,
) -> Result<Option<Addressee>, SessionError> {
    let Some(device) = session.telescope()?.device(Role::CentralNode).cloned() else {
        return Ok(None);
    };
    let subarray = match command.is_about_resources() {
        true => Some(session.subarray(number)?),
        false => None,
    };
    Ok(Some(Addressee {
        device,
        // it has no command of its own for all of them
        command: match command.as_str() {
            "ReleaseAllResources" => "ReleaseResources".to_owned(),
            other => other.to_owned(),
        },
        system: Some(System::Tmc),
        subarray,
        is_central: true,
    }))
}

fn no_central(session: &TelescopeSession) -> SessionError {
    let telescope = session
        .telescope()
        .map(|telescope| telescope.config().name().to_owned());
    SessionError::NobodyIs {
        telescope: telescope.unwrap_or_default(),
        who: "central node".to_owned(),
        advice: "give the role `central_node` in the telescope's file".to_owned(),
    }
}
