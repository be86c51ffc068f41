//! Sending a command that will fail somewhere.

use harness_tango::telescope::{RoleKind, System};

use super::act::Defect;
use crate::{BoxError, Context, HasTelescope, phrase::words, world::Aspect};

/// The command goes to the telescope manager's subarray if there is one, and from there to the
/// defective one.
pub(super) async fn send_to_defective<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let said: String = words.needed("command")?;
    let session = world.session();
    session.ensure_on().await?;
    let targets = session.targets(words.who("who"), Aspect::Observation)?;
    let subarrays = targets
        .iter()
        .filter(|target| target.kind == Some(RoleKind::Subarray));
    let Some((system, number)) = subarrays.filter_map(|it| it.system.zip(it.number)).next() else {
        return Err(
            "this line names no subarray, and only subarrays are sent such commands".into(),
        );
    };
    let manager = session
        .telescope()?
        .subarray_of(System::Tmc, number)
        .is_ok();
    let receiver = if manager { System::Tmc } else { system };
    let subarray = session.subarray_of(receiver, number)?;
    let command = known_as(&said, subarray.traced().device().commands().await?);
    for target in &targets {
        let name = target.device.name();
        let defect = Defect {
            description: format!("{name} fails to execute {command}"),
            message: format!("{name} is defective"),
            command: Some(command.clone()),
        };
        defect.start(session, &target.device).await?;
    }
    // where one fails, the others may be left where no command to the telescope manager reaches them
    session.touch_subsystems(number)?;
    session.send_to(&subarray, &command, None).await
}

/// A command as the device spells it: `assign resources` is AssignResources.
fn known_as(said: &str, known: Option<Vec<String>>) -> String {
    let joined: String = said.split([' ', '_']).collect();
    let mut known = known.into_iter().flatten();
    known
        .find(|name| name.eq_ignore_ascii_case(&joined))
        .unwrap_or(joined)
}
