//! Names of devices as a database takes them.

use super::Arguments;
use crate::{database::store::is_device_name, types::DevFailed};

/// The name without what clients may write before it, `tango:` and `//host:port/`.
///
/// # Errors
/// It is not of the form `domain/family/member`, or holds a `*`.
pub(super) fn device_name<'a>(name: &'a str, arguments: &Arguments) -> Result<&'a str, DevFailed> {
    let bare = name.strip_prefix("tango:").unwrap_or(name);
    let bare = match bare.strip_prefix("//") {
        Some(placed) => placed.split_once('/').map_or("", |(_, name)| name),
        None => bare,
    };
    if is_device_name(bare) {
        Ok(bare)
    } else {
        Err(arguments.failure(
            "DB_IncorrectDeviceName",
            format!(
                "device name ({name}) syntax error (should be \
                 [tango:][//instance/]domain/family/member)"
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Value;

    #[test]
    fn names_have_three_fields_and_no_star() {
        // DataBaseds 9.3.4 takes and refuses the same
        let arguments = Arguments::new("DbAddDevice", Value::Void, Default::default());
        for (name, taken) in [
            ("a/b/c", Some("a/b/c")),
            ("tango:a/b/c", Some("a/b/c")),
            ("tango://host:10000/a/b/c", Some("a/b/c")),
            ("//host/a/b/c", Some("a/b/c")),
            ("a//c", Some("a//c")),
            ("a/b", None),
            ("name", None),
            ("/a/b/c", None),
            ("a*/b/c", None),
            ("tango://a/b/c", None),
            ("", None),
        ] {
            match (device_name(name, &arguments), taken) {
                (Ok(bare), Some(taken)) => assert_eq!(bare, taken),
                (Err(failure), None) => assert_eq!(failure.reason(), "DB_IncorrectDeviceName"),
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
