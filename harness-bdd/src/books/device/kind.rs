//! What a device is made of: its commands, and beginning anew.

use crate::{
    BoxError, Context, HasTelescope,
    phrase::words,
    world::{Act, Aspect},
};

/// Sends Init, which brings a device back to what it is when its server starts.
pub(super) async fn initialise<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let targets = session.targets(words.who("who"), Aspect::System)?;
    let beginning = session.begin().await?;
    for target in &targets {
        target.device.command("Init", ()).await?;
    }
    session.set_power_known();
    let number = targets.iter().find_map(|target| target.number);
    session.note(number, beginning, Act::Initialised);
    Ok(())
}

/// The device says what its command takes and gives.
pub(super) async fn has_type<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let command: String = words.needed("command")?;
    let session = world.session();
    for target in session.targets(words.who("who"), Aspect::System)? {
        let name = target.device.name();
        let types = target.device.device().command_types(&command).await?;
        let Some(types) = types else {
            return Err(format!("{name} does not tell the types of its commands").into());
        };
        for (word, what, found) in [
            ("input", "takes", types.argument),
            ("output", "gives", types.reply),
        ] {
            if let Some(wanted) = words.text(word).filter(|wanted| !is_type(&found, wanted)) {
                return Err(format!("{command} of {name} {what} {found}, not {wanted}").into());
            }
        }
    }
    Ok(())
}

/// Whether a type is called so: `DevString`, `string`, `tango.DevVarLongStringArray`.
fn is_type(found: &str, wanted: &str) -> bool {
    let bare = |name: &str| {
        let name = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
        name.strip_prefix("dev").unwrap_or(&name).to_owned()
    };
    bare(found) == bare(wanted)
}

#[cfg(test)]
mod tests {
    use super::is_type;

    #[test]
    fn types_may_be_named_in_short() {
        for wanted in ["DevString", "devstring", "String", "tango.DevString"] {
            assert!(is_type("DevString", wanted), "{wanted}");
        }
        assert!(!is_type("DevVarStringArray", "DevString"));
    }
}
