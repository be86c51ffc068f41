use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// The address of a device: its name, and who knows where it is.
///
/// | form | found through |
/// |---|---|
/// | `low-tmc/subarray/01` | the database of the client, or of `TANGO_HOST` |
/// | `tango://host:port/low-tmc/subarray/01` | the database at host:port |
/// | `tango://host:port/low-tmc/subarray/01#dbase=no` | the device server itself, at host:port |
///
/// Names are not case sensitive; they are kept in lower case.
///
/// ```
/// use tango_wire::client::DeviceAddress;
///
/// let address: DeviceAddress = "tango://Localhost:11000/low/SUB/1#dbase=no".parse()?;
/// assert_eq!(address.name(), "low/sub/1");
/// assert_eq!(address.to_string(), "tango://localhost:11000/low/sub/1#dbase=no");
/// # Ok::<(), tango_wire::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeviceAddress {
    name: String,
    guide: Guide,
}

/// Who knows where a device is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Guide {
    /// The client's own database.
    DefaultDatabase,
    /// The database there.
    Database { host: String, port: u16 },
    /// Nobody needs to be asked: its server is there.
    Server { host: String, port: u16 },
}

impl DeviceAddress {
    /// The name alone, in lower case: `low-tmc/subarray/01`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// False if the device's server is addressed directly.
    #[must_use]
    pub fn uses_database(&self) -> bool {
        !matches!(self.guide, Guide::Server { .. })
    }

    pub(super) fn guide(&self) -> &Guide {
        &self.guide
    }

    /// Another device that is found in the same way, as a server's admin device is.
    pub(crate) fn sibling(&self, name: &str) -> Result<DeviceAddress, Error> {
        if name.starts_with(SCHEME) {
            let other: DeviceAddress = name.parse()?;
            return self.sibling(other.name());
        }
        Ok(DeviceAddress {
            name: check_name(name, name)?,
            guide: self.guide.clone(),
        })
    }
}

const SCHEME: &str = "tango://";
const FORM: &str = "a name has three parts, as low-tmc/subarray/01; before it may stand \
    tango://host:port/, and #dbase=no behind it";

impl FromStr for DeviceAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<DeviceAddress, Error> {
        let invalid = |reason| Error::Name {
            address: text.to_owned(),
            reason,
        };
        let (path, fragment) = text.trim().split_once('#').unwrap_or((text.trim(), ""));
        let no_database = match fragment.to_ascii_lowercase().as_str() {
            "" | "dbase=yes" => false,
            "dbase=no" => true,
            _ => return Err(invalid("behind # only dbase=no or dbase=yes can stand")),
        };
        let path = match path.split_at_checked(SCHEME.len()) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SCHEME) => rest,
            _ => path,
        };
        let first = path.split('/').next().unwrap_or_default();
        let has_place = path.split('/').count() == 4;
        let (place, name) = if has_place {
            let place = split_place(first).ok_or_else(|| {
                invalid("before the name stands host:port, with a port from 1 to 65535")
            })?;
            (Some(place), &path[first.len() + 1..])
        } else {
            (None, path)
        };
        let name = check_name(name, text)?;
        let guide = match (place, no_database) {
            (Some((host, port)), false) => Guide::Database { host, port },
            (Some((host, port)), true) => Guide::Server { host, port },
            (None, true) => {
                return Err(invalid(
                    "without a database the address needs tango://host:port/",
                ));
            }
            (None, false) => Guide::DefaultDatabase,
        };
        Ok(DeviceAddress { name, guide })
    }
}

impl fmt::Display for DeviceAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.guide {
            Guide::DefaultDatabase => formatter.write_str(name),
            Guide::Database { host, port } => {
                write!(formatter, "{SCHEME}{}/{name}", Place(host, *port))
            }
            Guide::Server { host, port } => {
                write!(formatter, "{SCHEME}{}/{name}#dbase=no", Place(host, *port))
            }
        }
    }
}

/// A host and port as they are written: an IPv6 address in brackets.
pub(crate) struct Place<'a>(pub(crate) &'a str, pub(crate) u16);

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place(host, port) = self;
        match host.contains(':') {
            true => write!(formatter, "[{host}]:{port}"),
            false => write!(formatter, "{host}:{port}"),
        }
    }
}

/// Splits `host:port`; an IPv6 address stands in brackets. The host comes in lower case.
pub(crate) fn split_place(place: &str) -> Option<(String, u16)> {
    let (host, port) = place.rsplit_once(':')?;
    let host = match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']')?,
        None if host.contains(':') => return None,
        None => host,
    };
    let port = port.parse().ok().filter(|&port| port != 0)?;
    let sound = !host.is_empty() && host.chars().all(|c| c.is_ascii_graphic() && c != '/');
    sound.then(|| (host.to_ascii_lowercase(), port))
}

/// Three parts that are not empty and hold only what a Tango name may hold; in lower case.
fn check_name(name: &str, given: &str) -> Result<String, Error> {
    let invalid = |reason| Error::Name {
        address: given.to_owned(),
        reason,
    };
    let parts = name.split('/').collect::<Vec<_>>();
    if parts.len() != 3 || parts.iter().any(|part| part.is_empty()) {
        return Err(invalid(FORM));
    }
    if !name
        .chars()
        .all(|c| c.is_ascii_graphic() && c != '#' && c != '*')
    {
        return Err(invalid(
            "a name holds no spaces, no * and no letters beyond ASCII",
        ));
    }
    Ok(name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_forms_are_read_and_shown() {
        for (text, shown) in [
            ("low-tmc/Subarray/01", "low-tmc/subarray/01"),
            ("tango:a/b/c", "tango:a/b/c"),
            ("tango://a/b/c", "a/b/c"),
            ("a/b/c#dbase=yes", "a/b/c"),
            ("Host:10000/a/b/c", "tango://host:10000/a/b/c"),
            ("tango://h:1/A/b/c", "tango://h:1/a/b/c"),
            ("TANGO://h:1/a/b/c#DBASE=NO", "tango://h:1/a/b/c#dbase=no"),
            (
                "tango://[::1]:11000/a/b/c#dbase=no",
                "tango://[::1]:11000/a/b/c#dbase=no",
            ),
        ] {
            let address: DeviceAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(shown.parse::<DeviceAddress>().unwrap(), address);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "alias",
            "a/b",
            "a//c",
            "a/b/c/d",
            "h:0/a/b/c",
            "tango://h/a/b/c",
            "tango://h:99999/a/b/c",
            "a/b/c#dbase=no",
            "a/b/c#x",
            "a/b c/d",
            "a/b/é",
            "tango://::1:1/a/b/c",
        ] {
            let error = text.parse::<DeviceAddress>().unwrap_err();
            assert!(matches!(error, Error::Name { .. }), "{text}: {error}");
        }
    }

    #[test]
    fn a_sibling_is_found_in_the_same_way() {
        let address: DeviceAddress = "tango://h:1/a/b/c#dbase=no".parse().unwrap();
        for name in ["dserver/Sub/inst", "tango://other:9/dserver/sub/inst"] {
            let sibling = address.sibling(name).unwrap();
            assert_eq!(sibling.to_string(), "tango://h:1/dserver/sub/inst#dbase=no");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text: String, place in "[a-z0-9:\\[\\]]{0,12}") {
            let _ = text.parse::<DeviceAddress>();
            let _ = format!("tango://{place}/a/b/c").parse::<DeviceAddress>();
        }
    }
}
