//! Where the log of a device goes.

use thiserror::Error;

use crate::client::{AddressError, DeviceAddress};

/// Where the log of a device goes.
#[derive(Clone, Debug)]
pub(in crate::server) enum LogTarget {
    /// Where the server's own process logs.
    Console,
    /// A device with a command `Log`.
    Device {
        /// As the client wrote it, in lower case: by this it is found and removed.
        name: String,
        address: DeviceAddress,
    },
}

/// A text that is no target.
#[derive(Debug, Error)]
pub(in crate::server) enum TargetError {
    #[error(
        "{0} is no logging target: console::cout is one, and device::NAME with the name of a device"
    )]
    Unknown(String),
    #[error("{0}: this server writes no log files; log to console::cout or to a device")]
    File(String),
    #[error("{target} is no logging target")]
    Address {
        target: String,
        #[source]
        source: AddressError,
    },
}

impl LogTarget {
    /// Reads `console::cout`, or `device::` and the name of a device.
    pub(in crate::server) fn parse(text: &str) -> Result<LogTarget, TargetError> {
        let lower = text.to_ascii_lowercase();
        let (kind, name) = match lower.split_once("::") {
            Some((kind, name)) => (kind, name),
            None => (lower.as_str(), ""),
        };
        match kind {
            "console" => Ok(LogTarget::Console),
            "file" => Err(TargetError::File(text.to_owned())),
            "device" if !name.is_empty() => {
                let address = name.parse().map_err(|source| TargetError::Address {
                    target: text.to_owned(),
                    source,
                })?;
                let name = name.to_owned();
                Ok(LogTarget::Device { name, address })
            }
            _ => Err(TargetError::Unknown(text.to_owned())),
        }
    }

    /// As `GetLoggingTarget` tells it.
    pub(in crate::server) fn full_name(&self) -> String {
        match self {
            LogTarget::Console => "console::cout".to_owned(),
            LogTarget::Device { name, .. } => format!("device::{name}"),
        }
    }

    /// Whether it is what a client wants to remove: its name, or a `*` for all of its type.
    pub(in crate::server) fn is_meant_by(&self, text: &str) -> bool {
        let (kind, name) = text.split_once("::").unwrap_or((text, "*"));
        let own = self.full_name();
        let (own_kind, own_name) = own.split_once("::").unwrap_or((&own, ""));
        kind.eq_ignore_ascii_case(own_kind)
            && (name == "*" || own_kind == "console" || name.eq_ignore_ascii_case(own_name))
    }
}

#[cfg(test)]
mod tests {
    use super::LogTarget;

    #[test]
    fn targets_are_the_console_and_devices() {
        let device = "device::tango://127.0.0.1:4711/Harness/Log/1#dbase=no";
        for (text, full) in [
            ("console::cout", "console::cout"),
            ("console", "console::cout"),
            ("device::harness/log/1", "device::harness/log/1"),
            (device, &*device.to_lowercase()),
        ] {
            assert_eq!(LogTarget::parse(text).unwrap().full_name(), full);
        }
        for text in [
            "file::/tmp/log",
            "device::",
            "device::one/two",
            "pipe::x",
            "",
        ] {
            LogTarget::parse(text).unwrap_err();
        }
    }

    #[test]
    fn a_target_is_removed_by_its_name_or_with_all_of_its_type() {
        let target = LogTarget::parse("device::harness/log/1").unwrap();
        for text in ["device::Harness/Log/1", "device::*", "device"] {
            assert!(target.is_meant_by(text), "{text}");
        }
        for text in ["device::harness/log/2", "console::*"] {
            assert!(!target.is_meant_by(text), "{text}");
        }
    }
}
