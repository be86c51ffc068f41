//! What can be wrong with the file of a simulated telescope.

use std::path::PathBuf;

use thiserror::Error;

use super::DeviceRole;

/// What is wrong with the file of a simulated telescope, and where.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PresetError {
    /// The file cannot be read.
    #[error("the simulated telescope's file {} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No TOML, or not the keys and values of a simulated telescope.
    #[error("{} is no simulated telescope", place(path.as_ref()))]
    Parse {
        /// The file, if the text came from one.
        path: Option<PathBuf>,
        /// The mistake, with its line.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// Nothing to test.
    #[error(
        "roles.subarray is missing: the device that tests talk to, as \"low-tmc/subarray/{{subarray:02}}\""
    )]
    NoSubarray,
    /// More subarrays than a process can hold.
    #[error("subarrays is {count}; at most {most} fit")]
    TooManySubarrays {
        /// How many the file asks for.
        count: u32,
        /// How many there can be.
        most: u32,
    },
    /// A name that stays the same for devices of which there are several.
    #[error("roles.{role} is {name} for more than one device; give it a {placeholder}")]
    NameNotUnique {
        /// The role.
        role: DeviceRole,
        /// The name.
        name: String,
        /// What would make it different.
        placeholder: &'static str,
    },
    /// A name that two devices would have.
    #[error("roles.{role} and roles.{other} are both {name}")]
    NamedTwice {
        /// One role.
        role: DeviceRole,
        /// The other.
        other: DeviceRole,
        /// The name.
        name: String,
    },
    /// No name of a Tango device.
    #[error("roles.{role} is {name}, which is no device name: domain/family/member is one")]
    NotAName {
        /// The role.
        role: DeviceRole,
        /// The name.
        name: String,
    },
    /// A role without the one that it stands before.
    #[error("roles.{role} needs roles.{needed}")]
    Needs {
        /// The role that is there.
        role: DeviceRole,
        /// The one that is missing.
        needed: DeviceRole,
    },
    /// A table of commands for a device that has no choice of them.
    #[error(
        "commands.{role} cannot be chosen; those of subarrays can: subarray, csp_subarray, sdp_subarray, mccs_subarray"
    )]
    NoChoice {
        /// The role.
        role: DeviceRole,
    },
    /// A number of seconds that is none.
    #[error("{key} is {seconds}; it must be a number of seconds, 0 or more")]
    NotSeconds {
        /// The key.
        key: &'static str,
        /// The number.
        seconds: f64,
    },
}

fn place(path: Option<&PathBuf>) -> String {
    path.map_or_else(|| "the text".to_owned(), |path| path.display().to_string())
}
