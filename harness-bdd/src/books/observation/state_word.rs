//! Words for observation states.

use std::{fmt, str::FromStr};

use harness_tango::control_model::ObsState;

/// An observation state as people write it: `Idle`, `OBS_FAULT`, `ObsState.READY`, and `assigning`
/// for who is busy with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::books) struct ObsStateWord(pub(in crate::books) ObsState);

impl FromStr for ObsStateWord {
    type Err = <ObsState as FromStr>::Err;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let upper = word.to_ascii_uppercase();
        let bare = ["OBSSTATE.", "OBS_STATE_", "OBSSTATE_", "OBS_"]
            .iter()
            .find_map(|prefix| upper.strip_prefix(prefix))
            .unwrap_or(&upper);
        match bare {
            "ASSIGNING" => Ok(Self(ObsState::Resourcing)),
            state => state.parse().map(Self),
        }
    }
}

impl fmt::Display for ObsStateWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_in_every_spelling() {
        for (word, state) in [
            ("Idle", ObsState::Idle),
            ("OBS_FAULT", ObsState::Fault),
            ("fault", ObsState::Fault),
            ("ObsState.READY", ObsState::Ready),
            ("assigning", ObsState::Resourcing),
        ] {
            assert_eq!(word.parse(), Ok(ObsStateWord(state)), "{word}");
        }
        assert!("SLEEPING".parse::<ObsStateWord>().is_err());
    }
}
