//! What a telescope can be switched to, and by which states one sees that it is.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::control_model::{DevState, UnknownWord};
use crate::telescope::{Role, RoleKind, System, TelescopeKind};

/// What a telescope can be switched to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum TelescopeState {
    /// On.
    On,
    /// Off.
    Off,
    /// On standby.
    Standby,
}

impl TelescopeState {
    /// All of them.
    pub const ALL: &'static [TelescopeState] = &[
        TelescopeState::On,
        TelescopeState::Off,
        TelescopeState::Standby,
    ];

    /// The state that devices show.
    #[must_use]
    pub const fn device_state(self) -> DevState {
        match self {
            TelescopeState::On => DevState::On,
            TelescopeState::Off => DevState::Off,
            TelescopeState::Standby => DevState::Standby,
        }
    }

    /// What a device was switched to that shows this state, if it was switched to any.
    #[must_use]
    pub fn shown_by(state: DevState) -> Option<TelescopeState> {
        let mut all = TelescopeState::ALL.iter().copied();
        all.find(|target| target.device_state() == state)
    }

    /// The command of a single device.
    pub(super) const fn command(self) -> &'static str {
        match self {
            TelescopeState::On => "On",
            TelescopeState::Off => "Off",
            TelescopeState::Standby => "Standby",
        }
    }

    /// The command of the central node.
    pub(super) const fn telescope_command(self) -> &'static str {
        match self {
            TelescopeState::On => "TelescopeOn",
            TelescopeState::Off => "TelescopeOff",
            TelescopeState::Standby => "TelescopeStandby",
        }
    }

    /// The `telescopeState`s that count as switched. OFF is not the mirror of ON: the correlator of
    /// Low knows no Off, so that a telescope of Low that was switched off may show UNKNOWN, because
    /// its parts do not agree.
    pub(super) fn shown_by_telescope(self, kind: Option<TelescopeKind>) -> Vec<DevState> {
        match (self, kind) {
            (TelescopeState::Off, Some(TelescopeKind::Low) | None) => {
                vec![DevState::Off, DevState::Unknown]
            }
            _ => vec![self.device_state()],
        }
    }

    /// The states of a device that count as switched. Controllers and subarrays of the CSP of Low,
    /// and the correlator's own, may stay ON when they are switched off.
    pub(super) fn shown_by_device(self, role: Role, kind: Option<TelescopeKind>) -> Vec<DevState> {
        let stays_on = matches!(role.system(), System::Csp | System::Cbf)
            && matches!(role.kind(), RoleKind::Controller | RoleKind::Subarray);
        match (self, kind) {
            (TelescopeState::Off, Some(TelescopeKind::Low) | None) if stays_on => {
                vec![DevState::Off, DevState::On]
            }
            _ => vec![self.device_state()],
        }
    }
}

impl fmt::Display for TelescopeState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.device_state(), formatter)
    }
}

/// Reads `ON`, `OFF` and `STANDBY` in any case.
impl FromStr for TelescopeState {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<TelescopeState, UnknownWord> {
        let known = &["ON", "OFF", "STANDBY"];
        let state = text.parse().ok().and_then(TelescopeState::shown_by);
        state.ok_or_else(|| UnknownWord::new("state of a telescope", text, known))
    }
}

impl TryFrom<String> for TelescopeState {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<TelescopeState, UnknownWord> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::{DevState, Role, TelescopeKind, TelescopeState};

    #[test]
    fn switched_off_is_seen_otherwise_than_switched_on() {
        let (low, mid) = (Some(TelescopeKind::Low), Some(TelescopeKind::Mid));
        let off = TelescopeState::Off;
        assert_eq!(
            off.shown_by_telescope(low),
            [DevState::Off, DevState::Unknown]
        );
        assert_eq!(off.shown_by_telescope(mid), [DevState::Off]);
        assert_eq!(
            off.shown_by_device(Role::CspController, low),
            [DevState::Off, DevState::On]
        );
        assert_eq!(
            off.shown_by_device(Role::SdpController, low),
            [DevState::Off]
        );
        assert_eq!(TelescopeState::On.shown_by_telescope(low), [DevState::On]);
    }

    #[test]
    fn states_are_read_in_any_case() {
        assert_eq!("Standby".parse(), Ok(TelescopeState::Standby));
        for word in ["MOVING", "ONN"] {
            let error = word.parse::<TelescopeState>().unwrap_err().to_string();
            assert!(error.ends_with("known: ON, OFF, STANDBY"), "{error}");
        }
    }
}
