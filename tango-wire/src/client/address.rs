//! Where a device is: `a/b/c`, `tango://host:port/a/b/c`, `tango://host:port/a/b/c#dbase=no`.

use std::{fmt, str::FromStr};

/// The address of a device.
///
/// ```
/// use tango_wire::client::{DeviceAddress, Place};
///
/// let address: DeviceAddress = "tango://tango-databaseds:10000/low-tmc/subarray/01".parse()?;
/// assert_eq!(address.device(), "low-tmc/subarray/01");
/// assert!(matches!(address.place(), Place::Database(Some(_))));
///
/// let address: DeviceAddress = "tango://localhost:1234/low/sub/1#dbase=no".parse()?;
/// assert!(matches!(address.place(), Place::Direct(server) if server.port == 1234));
/// # Ok::<(), tango_wire::client::AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeviceAddress {
    device: String,
    place: Place,
}

/// Who knows where the device is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// A Tango database; without one of its own, the client's, which is `TANGO_HOST` by default.
    Database(Option<HostPort>),
    /// Nobody need be asked: the device server listens there (`#dbase=no`).
    Direct(HostPort),
}

/// A TCP endpoint by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostPort {
    /// A host name or an IP address; IPv6 without its brackets.
    pub host: String,
    /// The port, not 0.
    pub port: u16,
}

/// Text that is no device address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" is not the address of a device: {problem} (give a/b/c, \
     tango://host:port/a/b/c, or tango://host:port/a/b/c#dbase=no)"
)]
pub struct AddressError {
    text: String,
    problem: &'static str,
}

/// Text that is no `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not host:port")]
pub struct HostPortError {
    text: String,
}

impl DeviceAddress {
    /// The name of the device in lower case (Tango names have no case), or an alias.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Who knows where it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The address of another device in the same place.
    ///
    /// # Errors
    /// `name` is no device name.
    pub fn beside(&self, name: &str) -> Result<DeviceAddress, AddressError> {
        Ok(Self {
            device: device_name(name, name)?,
            place: self.place.clone(),
        })
    }
}

impl FromStr for DeviceAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = |problem| AddressError {
            text: text.to_owned(),
            problem,
        };
        let trimmed = text.trim();
        let (path, direct) = match trimmed.split_once('#') {
            None => (trimmed, false),
            Some((path, option)) if option.eq_ignore_ascii_case("dbase=no") => (path, true),
            Some((path, option)) if option.eq_ignore_ascii_case("dbase=yes") => (path, false),
            Some(_) => return Err(wrong("what follows # must be dbase=no")),
        };
        let scheme = path
            .get(..8)
            .filter(|scheme| scheme.eq_ignore_ascii_case("tango://"));
        let after_scheme = match scheme {
            Some(_) => &path[8..],
            None if path.contains("://") => return Err(wrong("the scheme must be tango://")),
            None => path,
        };
        // a first part with a colon is a host: device names cannot contain one
        let (place, name) = match after_scheme.split_once('/') {
            Some((place, name)) if place.contains(':') => {
                let place = place
                    .parse()
                    .map_err(|_| wrong("host:port is not understood"))?;
                (Some(place), name)
            }
            _ => (None, after_scheme),
        };
        let device = device_name(name, text)?;
        let place = match (place, direct) {
            (Some(place), true) => Place::Direct(place),
            (None, true) => return Err(wrong("#dbase=no needs the host and port of the server")),
            (place, false) => Place::Database(place),
        };
        Ok(Self { device, place })
    }
}

impl fmt::Display for DeviceAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Database(None) => formatter.write_str(&self.device),
            Place::Database(Some(database)) => {
                write!(formatter, "tango://{database}/{}", self.device)
            }
            Place::Direct(server) => {
                write!(formatter, "tango://{server}/{}#dbase=no", self.device)
            }
        }
    }
}

impl FromStr for HostPort {
    type Err = HostPortError;

    fn from_str(text: &str) -> Result<Self, HostPortError> {
        let wrong = || HostPortError {
            text: text.to_owned(),
        };
        let (host, port) = text.trim().rsplit_once(':').ok_or_else(wrong)?;
        let host = match host.strip_prefix('[') {
            Some(bracketed) => bracketed.strip_suffix(']').ok_or_else(wrong)?,
            None if host.contains(':') => return Err(wrong()),
            None => host,
        };
        let valid = |character: char| character.is_ascii_graphic() && !"/[]".contains(character);
        match port.parse() {
            Ok(port) if port != 0 && !host.is_empty() && host.chars().all(valid) => Ok(Self {
                host: host.to_owned(),
                port,
            }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

/// Checks a name and brings it to lower case. One part is an alias, three are a name.
fn device_name(name: &str, text: &str) -> Result<String, AddressError> {
    let wrong = |problem| AddressError {
        text: text.to_owned(),
        problem,
    };
    let parts: Vec<_> = name.split('/').collect();
    if !matches!(parts.len(), 1 | 3) {
        return Err(wrong("a device name has three parts, an alias one"));
    }
    if parts.iter().any(|part| part.is_empty()) {
        return Err(wrong("a part of the name is empty"));
    }
    let forbidden = |character: char| !character.is_ascii_graphic() || "*\"'#".contains(character);
    if name.contains(forbidden) {
        return Err(wrong(
            "the name holds a character that no device name may have",
        ));
    }
    Ok(name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> DeviceAddress {
        text.parse().unwrap()
    }

    #[test]
    fn all_forms_are_read_and_written() {
        for text in [
            "low-tmc/subarray/01",
            "tango://tango-databaseds:10000/low-tmc/subarray/01",
            "tango://127.0.0.1:4321/low/sub/1#dbase=no",
            "tango://[::1]:4321/low/sub/1#dbase=no",
            "my-alias",
        ] {
            assert_eq!(address(text).to_string(), text);
        }
    }

    #[test]
    fn case_and_short_forms_are_the_same_device() {
        assert_eq!(
            address("Low-TMC/Subarray/01"),
            address(" low-tmc/subarray/01")
        );
        assert_eq!(
            address("TANGO://h:1/A/b/C#DBASE=NO"),
            address("tango://h:1/a/b/c#dbase=no")
        );
        assert_eq!(address("h:1/a/b/c"), address("tango://h:1/a/b/c"));
        assert_eq!(address("tango://a/b/c"), address("a/b/c"));
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_text() {
        for text in [
            "",
            "a/b",
            "a/b/c/d",
            "a//c",
            "http://h:1/a/b/c",
            "a/b/c#dbase=no",
            "a/b/c#dbase=maybe",
            "tango://h:70000/a/b/c",
            "tango://h:0/a/b/c",
            "tango://:1/a/b/c",
            "tango://[[a]:1/a/b/c",
            "tango://a]:1/a/b/c",
            "a/b/c\0",
            "a/b/ c",
            "*/*/*",
        ] {
            let error = text.parse::<DeviceAddress>().unwrap_err();
            assert!(error.to_string().contains(text), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_neighbour_is_in_the_same_place() {
        let device = address("tango://h:1/low/sub/1#dbase=no");
        let admin = device.beside("DServer/Sub/1").unwrap();
        assert_eq!(admin.to_string(), "tango://h:1/dserver/sub/1#dbase=no");
    }
}
