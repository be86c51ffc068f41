//! Making things that can't be used.

use harness_core::{
    TracedDevice,
    fault::{FaultError, FaultGuard},
};
use harness_tango::telescope::{Role, RoleKind, System};
use serde_json::json;

use crate::{
    BoxError, Context, HasTelescope, TelescopeSession,
    phrase::{Who, words},
    world::{Act, Aspect, Target},
};

/// The commands of the SKA's helper devices.
const SET_DEFECTIVE: &str = "SetDefective";
const SET_SUBSYSTEM_AVAILABLE: &str = "SetSubsystemAvailable";
/// The fault of theirs that takes a command and ends it with an exception.
const LONG_RUNNING_EXCEPTION: u8 = 3;
/// The result code of what failed.
const FAILED: u8 = 3;

/// A part can't be used: what the subarray of its system, and its controller, are asked to do fails.
pub(super) async fn component<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let targets = working(session, words.who("who"))?;
    let beginning = session.begin().await?;
    for target in &targets {
        make_defective(session, &target.device).await?;
    }
    session.note(None, beginning, Act::Other);
    Ok(())
}

/// The devices of a system that do its work for a subarray.
fn working(session: &mut TelescopeSession, who: Option<&Who>) -> Result<Vec<Target>, BoxError> {
    let parts = who.map(Who::parts).unwrap_or_default();
    let systems: Vec<System> = parts.iter().filter_map(|part| part.system).collect();
    if systems.is_empty() {
        return Ok(session.targets(who, Aspect::Observation)?);
    }
    let mut targets = Vec::new();
    for system in systems {
        let subarray = Who::of(system, RoleKind::Subarray);
        targets.extend(session.targets(Some(&subarray), Aspect::Observation)?);
    }
    Ok(targets)
}

async fn make_defective(
    session: &mut TelescopeSession,
    device: &TracedDevice,
) -> Result<(), BoxError> {
    let name = device.name();
    let defect = Defect {
        description: format!("a part of {name} can't be used"),
        message: format!("{name}: a component is unavailable"),
        command: None,
    };
    defect.start(session, device).await
}

/// A device takes commands, and ends them with an exception.
#[derive(Debug)]
pub(super) struct Defect {
    /// In one line.
    pub(super) description: String,
    /// The text of the exception.
    pub(super) message: String,
    /// The command; all if there is none.
    pub(super) command: Option<String>,
}

impl Defect {
    /// Until the end of the scenario.
    pub(super) async fn start(
        self,
        session: &mut TelescopeSession,
        device: &TracedDevice,
    ) -> Result<(), BoxError> {
        let advice = "simulate it, or make it fail by other means";
        need(device, SET_DEFECTIVE, advice).await?;
        let mut defect = json!({
            "enabled": true,
            "fault_type": LONG_RUNNING_EXCEPTION,
            "error_message": self.message,
            "result": FAILED,
        });
        if let (Some(command), Some(members)) = (self.command, defect.as_object_mut()) {
            members.insert("command".to_owned(), command.into());
        }
        device.command(SET_DEFECTIVE, defect.to_string()).await?;
        let none = json!({ "enabled": false }).to_string();
        keep(
            session,
            device,
            self.description,
            SET_DEFECTIVE,
            none.into(),
        );
        Ok(())
    }
}

/// The nodes of the telescope manager that stand for the system say that it can't be used.
pub(super) async fn unavailable<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let nodes = nodes(session, words.who("who"))?;
    let beginning = session.begin().await?;
    for device in &nodes {
        let advice = "only nodes of simulated telescopes and helper devices have it";
        need(device, SET_SUBSYSTEM_AVAILABLE, advice).await?;
        device.command(SET_SUBSYSTEM_AVAILABLE, false).await?;
        let description = format!("{} says that its subsystem can't be used", device.name());
        keep(
            session,
            device,
            description,
            SET_SUBSYSTEM_AVAILABLE,
            true.into(),
        );
    }
    session.note(None, beginning, Act::Other);
    Ok(())
}

/// The leaf nodes before the devices that the line names; these themselves if they are leaf nodes.
fn nodes(session: &mut TelescopeSession, who: Option<&Who>) -> Result<Vec<TracedDevice>, BoxError> {
    let mut nodes = Vec::new();
    for target in session.targets(who, Aspect::System)? {
        let leaf = match target.kind {
            Some(RoleKind::Controller) => Some(RoleKind::MasterLeaf),
            Some(RoleKind::Subarray) => Some(RoleKind::SubarrayLeaf),
            Some(RoleKind::Dish) => Some(RoleKind::DishLeaf),
            _ => None,
        };
        let role = target
            .system
            .zip(leaf)
            .and_then(|(system, leaf)| Role::of(system, leaf));
        let Some(role) = role else {
            nodes.push(target.device);
            continue;
        };
        let before = session.telescope()?.devices().filter(|(device, _)| {
            device.role == Some(role)
                && (target.number.is_none() || device.subarray == target.number)
        });
        let before: Vec<_> = before.map(|(_, traced)| traced.clone()).collect();
        if before.is_empty() {
            return Err(format!(
                "{} has no node before it that could say so; give the role `{}` in the telescope's file",
                target.device.name(),
                role.key()
            )
            .into());
        }
        nodes.extend(before);
    }
    Ok(nodes)
}

/// The devices answer nothing, not even a ping.
pub(super) async fn unreachable<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let targets = session.targets(words.who("who"), Aspect::System)?;
    let beginning = session.begin().await?;
    for target in &targets {
        silence(session, &target.device).await?;
    }
    session.note(None, beginning, Act::Other);
    Ok(())
}

#[cfg(feature = "sim")]
async fn silence(session: &mut TelescopeSession, device: &TracedDevice) -> Result<(), BoxError> {
    use harness_core::fault::Fault as _;
    use harness_sim::wire_fault::WireFault;

    let handle = session.simulated()?.device(device.name());
    let handle =
        handle.ok_or_else(|| format!("{} is not simulated in this process", device.name()))?;
    let guard = handle.wire_fault(WireFault::Silent).start().await?;
    session.keep_fault(guard.recorded_in(device.tracer().journal()));
    Ok(())
}

#[cfg(not(feature = "sim"))]
async fn silence(_: &mut TelescopeSession, device: &TracedDevice) -> Result<(), BoxError> {
    let name = device.name();
    Err(format!(
        "{name} can't be silenced: that needs a telescope that is simulated in this process"
    )
    .into())
}

/// An error unless the device has the command.
async fn need(device: &TracedDevice, command: &str, advice: &str) -> Result<(), BoxError> {
    let known = device.device().commands().await?;
    let is_it = |name: &String| name.eq_ignore_ascii_case(command);
    if known.is_none_or(|known| known.iter().any(is_it)) {
        return Ok(());
    }
    Err(format!(
        "{} has no command {command}, by which this is done: {advice}",
        device.name()
    )
    .into())
}

/// Undoes it at the end of the scenario.
fn keep(
    session: &mut TelescopeSession,
    device: &TracedDevice,
    description: String,
    command: &'static str,
    argument: harness_core::Value,
) {
    let (undone, told) = (device.clone(), description.clone());
    let guard = FaultGuard::new(description, async move {
        let answer = undone.command(command, argument).await;
        answer
            .map(drop)
            .map_err(|error| FaultError::stop(told, error))
    });
    session.keep_fault(guard.recorded_in(device.tracer().journal()));
}
