//! The systems that a telescope is made of, and the kinds of devices that they have.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A system of a telescope: whose a device is.
///
/// ```
/// use harness_tango::telescope::{Role, RoleKind, System};
///
/// let system: System = "csp".parse()?;
/// assert_eq!(system.to_string(), "CSP");
/// assert_eq!(Role::of(system, RoleKind::Subarray), Some(Role::CspSubarray));
/// # Ok::<(), harness_tango::telescope::UnknownSystem>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum System {
    /// The telescope manager.
    Tmc,
    /// The central signal processor.
    Csp,
    /// The science data processor.
    Sdp,
    /// The monitor and control of the stations (Low).
    Mccs,
    /// The correlator and beamformer of the central signal processor.
    Cbf,
    /// The pulsar timing of the central signal processor.
    Pst,
    /// The dishes (Mid).
    Dish,
}

impl System {
    /// All systems.
    pub const ALL: &'static [System] = &[
        System::Tmc,
        System::Csp,
        System::Sdp,
        System::Mccs,
        System::Cbf,
        System::Pst,
        System::Dish,
    ];

    /// What people call it: `TMC`, `CSP`, .. and `dish`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            System::Tmc => "TMC",
            System::Csp => "CSP",
            System::Sdp => "SDP",
            System::Mccs => "MCCS",
            System::Cbf => "CBF",
            System::Pst => "PST",
            System::Dish => "dish",
        }
    }

    /// What it is called in JSON inputs and in the keys of roles: the label in lower case.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            System::Tmc => "tmc",
            System::Csp => "csp",
            System::Sdp => "sdp",
            System::Mccs => "mccs",
            System::Cbf => "cbf",
            System::Pst => "pst",
            System::Dish => "dish",
        }
    }
}

impl fmt::Display for System {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.label())
    }
}

/// A system that no telescope has.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown system `{given}`; known systems: {}", labels().join(", "))]
pub struct UnknownSystem {
    given: String,
}

fn labels() -> Vec<&'static str> {
    System::ALL.iter().map(|system| system.label()).collect()
}

/// Reads a label in any case; `dishes` are the dishes too.
impl FromStr for System {
    type Err = UnknownSystem;

    fn from_str(text: &str) -> Result<System, UnknownSystem> {
        let word = text.trim();
        let mut systems = System::ALL.iter().copied();
        match systems.find(|system| system.key().eq_ignore_ascii_case(word)) {
            Some(system) => Ok(system),
            None if word.eq_ignore_ascii_case("dishes") => Ok(System::Dish),
            None => Err(UnknownSystem {
                given: text.to_owned(),
            }),
        }
    }
}

/// What kind of device a role is for, whichever system it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RoleKind {
    /// The node that switches the whole telescope.
    CentralNode,
    /// The controller of a system.
    Controller,
    /// A subarray of a system.
    Subarray,
    /// The telescope manager's node before a system's controller.
    MasterLeaf,
    /// The telescope manager's node before a system's subarray.
    SubarrayLeaf,
    /// A dish.
    Dish,
    /// The telescope manager's node before a dish.
    DishLeaf,
    /// A beam.
    Beam,
}

impl RoleKind {
    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            RoleKind::CentralNode => "central node",
            RoleKind::Controller => "controller",
            RoleKind::Subarray => "subarray",
            RoleKind::MasterLeaf => "master leaf node",
            RoleKind::SubarrayLeaf => "subarray leaf node",
            RoleKind::Dish => "dish",
            RoleKind::DishLeaf => "dish leaf node",
            RoleKind::Beam => "beam",
        }
    }
}

impl fmt::Display for RoleKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::System;

    #[test]
    fn systems_are_read_in_any_case() {
        for system in System::ALL {
            assert_eq!(system.label().to_uppercase().parse(), Ok(*system));
            assert_eq!(system.label().to_lowercase().parse(), Ok(*system));
        }
        assert_eq!(" Dishes".parse(), Ok(System::Dish));
        let error = "OSO".parse::<System>().unwrap_err().to_string();
        assert!(error.contains("`OSO`") && error.contains("MCCS"), "{error}");
    }
}
