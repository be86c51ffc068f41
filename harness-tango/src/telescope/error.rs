//! What can be wrong with a configuration, and why a telescope can not be connected.

use std::fmt;
use std::path::PathBuf;

use harness_core::DeviceError;
use harness_core::timeout::TimeoutError;
use thiserror::Error;

use super::config::ConfiguredDevice;
use super::role::Role;
use super::system::{RoleKind, System};
use super::template::TemplateError;
use crate::inputs::InputError;

/// What is wrong with the configuration of a telescope.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file can not be read.
    #[error("{} can not be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The text is no TOML, or has unknown keys or values of the wrong kind.
    #[error("{} can not be understood", Source(.path))]
    Parse {
        /// The file, if it was one.
        path: Option<PathBuf>,
        /// Why, with the line.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A device name is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// An input is missing or broken.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A timeout is impossible.
    #[error("timeouts.{key} is impossible")]
    Timeout {
        /// Which one.
        key: &'static str,
        /// Why.
        #[source]
        source: TimeoutError,
    },
    /// Nobody plays the role that tests talk to.
    #[error(
        "no device plays the role `subarray`; set it under [roles], to test a system alone to the \
         same name as its own subarrays (`sdp_subarray`)"
    )]
    NoSubarrayRole,
    /// The list of subarrays is empty.
    #[error("the telescope has no subarrays; set `subarrays = [1]` or leave it out")]
    NoSubarrays,
    /// One device plays a role twice.
    #[error(
        "{name} plays the role {role} twice; use {{subarray}} or {{dish}} in its name, \
         and name each subarray and dish once"
    )]
    NamedTwice {
        /// The role.
        role: Role,
        /// The device.
        name: String,
    },
    /// A device that plays no role is named wrongly.
    #[error("`{called}` under [devices]: {what}")]
    Device {
        /// What it is called.
        called: String,
        /// What is wrong.
        what: String,
    },
    /// Something is said to be optional that can not be.
    #[error("`{name}` can not be optional: {why}")]
    Optional {
        /// What was said to be optional.
        name: String,
        /// Why it can not be.
        why: &'static str,
    },
}

struct Source<'a>(&'a Option<PathBuf>);

impl fmt::Display for Source<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(path) => path.display().fmt(formatter),
            None => formatter.write_str("the configuration"),
        }
    }
}

/// A telescope can not be connected.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The configuration is wrong.
    #[error("the configuration of {telescope} is wrong")]
    Config {
        /// The telescope.
        telescope: String,
        /// What is wrong.
        #[source]
        source: ConfigError,
    },
    /// The Tango database can not be reached.
    #[error(
        "the Tango database of {telescope} at {tango_host} can not be reached; \
         is it running, and is the address right?"
    )]
    Database {
        /// The telescope.
        telescope: String,
        /// The address.
        tango_host: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The configuration names no Tango database and neither does the environment.
    #[error("{telescope} has no Tango database; set `tango_host`, or TANGO_HOST as host:port")]
    NoTangoHost {
        /// The telescope.
        telescope: String,
    },
    /// Devices are absent: all that are, not only the first.
    #[error("{} of {telescope} can not be reached{}", Count(.absent.len(), *.of), Each(.absent))]
    Absent {
        /// The telescope.
        telescope: String,
        /// How many devices it has.
        of: usize,
        /// Those that are absent.
        absent: Vec<AbsentDevice>,
    },
}

/// A device that can not be reached.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AbsentDevice {
    /// The device.
    pub device: ConfiguredDevice,
    /// Why it can not be reached.
    pub error: DeviceError,
}

/// How many of how many.
struct Count(usize, usize);

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(1, 1) => formatter.write_str("the device"),
            Self(absent, of) => write!(formatter, "{absent} of the {of} devices"),
        }
    }
}

struct Each<'a>(&'a [AbsentDevice]);

impl fmt::Display for Each<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for absent in self.0 {
            let AbsentDevice { device, error } = absent;
            write!(formatter, "\n  {} ({}): ", device.name, device.part())?;
            // the line begins with the device: of the error, only why
            match error.most_specific() {
                Some(words) => write!(formatter, "{words}")?,
                None => write!(formatter, "{error}")?,
            }
        }
        Ok(())
    }
}

/// The telescope has no such subarray.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{telescope} has no {}subarray {number}; {}", Of(*.system), Known(self))]
pub struct NoSuchSubarray {
    pub(super) telescope: String,
    pub(super) system: System,
    pub(super) number: u32,
    pub(super) known: Vec<u32>,
}

/// Whose subarray it is, unless it is the telescope's own.
struct Of(System);

impl fmt::Display for Of {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            System::Tmc => Ok(()),
            system => write!(formatter, "{system} "),
        }
    }
}

struct Known<'a>(&'a NoSuchSubarray);

impl fmt::Display for Known<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoSuchSubarray { system, known, .. } = self.0;
        match Role::of(*system, RoleKind::Subarray) {
            None => write!(formatter, "{system} has no subarrays at all"),
            Some(role) if known.is_empty() => {
                write!(formatter, "none is connected; set `{role}` under [roles]")
            }
            Some(_) => {
                let numbers: Vec<String> = known.iter().map(u32::to_string).collect();
                write!(formatter, "it has {}", numbers.join(", "))
            }
        }
    }
}
