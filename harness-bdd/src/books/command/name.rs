//! What commands are called, and what is known of those that every suite sends.

use std::{convert::Infallible, fmt, str::FromStr};

use harness_tango::control_model::ObsState::{
    self, Aborted, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing, Scanning,
};

/// A command, in the spelling of the subarray's graph if it is known there: `Endscan` and `end scan` are
/// EndScan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CommandName(String);

/// What is known of a command.
#[derive(Clone, Copy, Debug)]
struct Known {
    name: &'static str,
    /// Other ways of writing it, in small letters without spaces.
    others: &'static [&'static str],
    /// Where a subarray takes it; the first one is where it is brought for it.
    sources: &'static [ObsState],
    /// Where it leads.
    target: Option<ObsState>,
}

const fn known(
    name: &'static str,
    others: &'static [&'static str],
    sources: &'static [ObsState],
    target: Option<ObsState>,
) -> Known {
    Known {
        name,
        others,
        sources,
        target,
    }
}

const BUSY: &[ObsState] = &[Idle, Ready, Scanning, Configuring, Resourcing, Resetting];
const KNOWN: &[Known] = &[
    known(
        "AssignResources",
        &["assign", "allocate", "allocateresources"],
        &[Empty, Idle],
        Some(Idle),
    ),
    known("ReleaseResources", &["release"], &[Idle], Some(Empty)),
    known("ReleaseAllResources", &["releaseall"], &[Idle], Some(Empty)),
    known("Configure", &[], &[Idle, Ready], Some(Ready)),
    known("Scan", &[], &[Ready], Some(Scanning)),
    known("EndScan", &[], &[Scanning], Some(Ready)),
    known("End", &[], &[Ready], Some(Idle)),
    known("Abort", &[], BUSY, Some(Aborted)),
    known("ObsReset", &[], &[Aborted, Fault], Some(Idle)),
    known("Restart", &[], &[Aborted, Fault], Some(Empty)),
    known("GoToIdle", &[], &[Ready], Some(Idle)),
    known("On", &[], &[], None),
    known("Off", &[], &[], None),
    known("Standby", &[], &[], None),
    known("Reset", &[], &[], None),
    known("TelescopeOn", &[], &[], None),
    known("TelescopeOff", &[], &[], None),
    known("TelescopeStandby", &[], &[], None),
];

impl CommandName {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn known(&self) -> Option<&'static Known> {
        KNOWN.iter().find(|known| known.name == self.0)
    }

    /// Whether people mean the command of that name by it: all that release resources are one.
    pub(super) fn means(&self, command: &str) -> bool {
        let releases = |name: &str| name.starts_with("Release");
        self.0.eq_ignore_ascii_case(command) || releases(&self.0) && releases(command)
    }

    /// Whether it is none of those that every telescope has.
    pub(super) fn is_special(&self) -> bool {
        self.known().is_none()
    }

    /// Whether it switches something on or off.
    pub(super) fn is_about_power(&self) -> bool {
        let name = self.0.strip_prefix("Telescope").unwrap_or(&self.0);
        matches!(name, "On" | "Off" | "Standby")
    }

    /// Whether only the central node has it.
    pub(super) fn is_of_telescope(&self) -> bool {
        self.is_about_power() && self.0.starts_with("Telescope")
    }

    /// Whether it is about what a subarray has.
    pub(super) fn is_about_resources(&self) -> bool {
        matches!(
            self.0.as_str(),
            "AssignResources" | "ReleaseResources" | "ReleaseAllResources"
        )
    }

    /// Whether it puts an end to what is going on.
    pub(super) fn is_disruptive(&self) -> bool {
        matches!(self.0.as_str(), "Abort" | "ObsReset" | "Restart")
    }

    /// Where a subarray takes it; the first one is where it is brought for it. Empty if it does not
    /// matter, or is not known.
    pub(super) fn sources(&self) -> &'static [ObsState] {
        self.known().map_or(&[], |known| known.sources)
    }

    /// The obsState that it leads to.
    pub(super) fn target(&self) -> Option<ObsState> {
        self.known()?.target
    }
}

impl FromStr for CommandName {
    type Err = Infallible;

    fn from_str(words: &str) -> Result<Self, Infallible> {
        let joined: String = words.split([' ', '_', '-']).collect();
        let small = joined.to_lowercase();
        let found = KNOWN.iter().find(|known| {
            known.name.eq_ignore_ascii_case(&joined) || known.others.contains(&small.as_str())
        });
        Ok(Self(match found {
            Some(known) => known.name.to_owned(),
            None => words.to_owned(),
        }))
    }
}

impl fmt::Display for CommandName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(words: &str) -> CommandName {
        words.parse().unwrap()
    }

    #[test]
    fn commands_are_known_in_every_spelling() {
        for (words, command) in [
            ("Endscan", "EndScan"),
            ("end scan", "EndScan"),
            ("assign", "AssignResources"),
            ("release all resources", "ReleaseAllResources"),
            ("ON", "On"),
            ("TELESCOPE_ON", "TelescopeOn"),
            ("obs reset", "ObsReset"),
            ("LoadDishCfg", "LoadDishCfg"),
        ] {
            assert_eq!(name(words).as_str(), command, "{words}");
        }
    }

    #[test]
    fn what_commands_are_about_is_told_apart() {
        assert!(name("Off").is_about_power() && !name("Off").is_of_telescope());
        assert!(name("TelescopeOff").is_of_telescope());
        assert!(name("release").is_about_resources());
        assert!(name("Restart").is_disruptive() && !name("Scan").is_disruptive());
        assert!(name("LoadDishCfg").is_special() && !name("Scan").is_special());
        assert_eq!(name("Scan").target(), Some(Scanning));
        assert_eq!(name("Scan").sources(), [Ready]);
    }
}
