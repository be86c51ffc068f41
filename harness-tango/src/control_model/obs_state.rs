//! The observation state of a subarray.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The observation state of a subarray.
    pub enum ObsState ("obsState") {
        /// No resources are assigned.
        Empty = 0 => "EMPTY",
        /// Resources are being assigned or released.
        Resourcing = 1 => "RESOURCING",
        /// Resources are assigned, nothing is configured.
        Idle = 2 => "IDLE",
        /// A scan is being configured.
        Configuring = 3 => "CONFIGURING",
        /// Ready to scan.
        Ready = 4 => "READY",
        /// A scan is running.
        Scanning = 5 => "SCANNING",
        /// An abort is under way.
        Aborting = 6 => "ABORTING",
        /// Aborted; waits for Restart or ObsReset.
        Aborted = 7 => "ABORTED",
        /// An ObsReset is under way.
        Resetting = 8 => "RESETTING",
        /// Something failed; waits for Restart or ObsReset.
        Fault = 9 => "FAULT" | "OBS_FAULT",
        /// A Restart is under way.
        Restarting = 10 => "RESTARTING",
    }
}

impl ObsState {
    /// Whether a subarray leaves this state by itself. SCANNING is left by itself when the scan
    /// has a duration.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            ObsState::Resourcing
                | ObsState::Configuring
                | ObsState::Scanning
                | ObsState::Aborting
                | ObsState::Resetting
                | ObsState::Restarting
        )
    }
}

#[cfg(test)]
mod tests {
    use harness_core::{EnumValue, Value};

    use super::ObsState;

    #[test]
    fn every_number_and_label_leads_back_to_its_state() {
        for (number, state) in (0..).zip(ObsState::ALL) {
            assert_eq!(state.number(), number);
            assert_eq!(ObsState::from_number(number), Some(*state));
            assert_eq!(state.label().parse(), Ok(*state));
            assert_eq!(state.label().to_ascii_lowercase().parse(), Ok(*state));
            assert_eq!(ObsState::try_from(&Value::from(*state)), Ok(*state));
        }
        assert_eq!(ObsState::ALL.len(), 11);
    }

    #[test]
    fn the_label_of_a_device_is_believed_before_its_number() {
        let renumbered = Value::Enum(EnumValue::labelled(3, "FAULT"));
        assert_eq!(ObsState::try_from(&renumbered), Ok(ObsState::Fault));
        let foreign = Value::Enum(EnumValue::labelled(3, "SOMETHING"));
        assert!(ObsState::try_from(&foreign).is_err());
        assert_eq!(
            ObsState::try_from(&Value::from(3)),
            Ok(ObsState::Configuring)
        );
    }

    #[test]
    fn an_unknown_word_is_told_with_the_known_ones() {
        let error = "SLEEPING".parse::<ObsState>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "SLEEPING is no obsState; known: EMPTY, RESOURCING, IDLE, CONFIGURING, READY, \
             SCANNING, ABORTING, ABORTED, RESETTING, FAULT, RESTARTING"
        );
        let error = "Abort ed".parse::<ObsState>().unwrap_err();
        assert!(
            error.to_string().contains("did you mean ABORTED?"),
            "{error}"
        );
        assert!(
            "".parse::<ObsState>()
                .unwrap_err()
                .to_string()
                .starts_with("an empty text")
        );
        assert!(ObsState::try_from(11).is_err());
        assert!(ObsState::try_from(&Value::Void).is_err());
    }

    #[test]
    fn in_json_a_state_is_its_label() {
        let states = serde_json::to_value(ObsState::ALL).unwrap();
        assert_eq!(states, serde_json::json!(ObsState::LABELS));
    }

    #[test]
    fn fault_has_two_spellings_in_feature_files() {
        assert_eq!("OBS_FAULT".parse(), Ok(ObsState::Fault));
        assert_eq!(" obs-fault ".parse(), Ok(ObsState::Fault));
    }
}
