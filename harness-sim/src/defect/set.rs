//! The defects that are switched on.

use super::description::Description;
use super::{Defect, DefectError};

/// Names a defect that was switched on, so that it can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DefectId(u64);

/// The defects that are switched on in one device. Where several concern a command, the one that
/// was switched on last counts.
#[derive(Debug, Default)]
pub struct Defects {
    given: u64,
    defects: Vec<(DefectId, Defect)>,
}

impl Defects {
    /// Switches a defect on. `commands` are the commands that the device has.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if it is of a command that the device does not have.
    pub fn add(&mut self, defect: Defect, commands: &[&str]) -> Result<DefectId, DefectError> {
        check_command(defect.command(), commands)?;
        self.given += 1;
        let id = DefectId(self.given);
        self.defects.push((id, defect));
        Ok(id)
    }

    /// Takes a defect back; returns whether it was still on.
    pub fn remove(&mut self, id: DefectId) -> bool {
        let before = self.defects.len();
        self.defects.retain(|(other, _)| *other != id);
        self.defects.len() != before
    }

    /// Follows the JSON of `SetDefective`.
    ///
    /// With "command" it replaces what was set for that command; without, it replaces everything,
    /// as the helper devices' single switch does. `{"enabled": false}` and `"fault_type": 0` switch
    /// off. `commands` are the commands that the device has.
    ///
    /// # Errors
    ///
    /// [`DefectError`] if the text is no defect; nothing has changed.
    pub fn set_from_json(&mut self, text: &str, commands: &[&str]) -> Result<(), DefectError> {
        let description: Description = serde_json::from_str(text)?;
        let command = description.command.clone();
        check_command(command.as_deref(), commands)?;
        let defect = description.into_defect()?;
        match &command {
            None => self.defects.clear(),
            Some(command) => self.defects.retain(|(_, other)| {
                !other
                    .command()
                    .is_some_and(|concerned| concerned.eq_ignore_ascii_case(command))
            }),
        }
        if let Some(defect) = defect {
            self.add(defect, commands)?;
        }
        Ok(())
    }

    /// The defect that a command meets now; counts as one use of it.
    pub fn meet(&mut self, command: &str) -> Option<Defect> {
        let index = self
            .defects
            .iter()
            .rposition(|(_, defect)| defect.concerns(command))?;
        let (_, defect) = self.defects.get_mut(index)?;
        let met = defect.clone();
        if defect.use_once() {
            self.defects.remove(index);
        }
        Some(met)
    }

    /// The JSON of all that are on; `{"enabled": false}` if none is, a list if there are several.
    #[must_use]
    pub fn to_json(&self) -> String {
        let texts: Vec<_> = self
            .defects
            .iter()
            .filter_map(|(_, defect)| serde_json::to_string(&defect.to_json()).ok())
            .collect();
        match texts.as_slice() {
            [] => r#"{"enabled":false}"#.to_owned(),
            [one] => one.clone(),
            several => format!("[{}]", several.join(",")),
        }
    }
}

fn check_command(command: Option<&str>, commands: &[&str]) -> Result<(), DefectError> {
    match command {
        Some(command)
            if !commands
                .iter()
                .any(|known| known.eq_ignore_ascii_case(command)) =>
        {
            Err(DefectError::UnknownCommand {
                command: command.to_owned(),
                known: commands.join(", "),
            })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use harness_tango::control_model::ObsState;

    use super::{Defect, Defects};
    use crate::defect::DefectKind;

    const COMMANDS: [&str; 3] = ["Configure", "Scan", "End"];

    fn defects(texts: &[&str]) -> Defects {
        let mut defects = Defects::default();
        for text in texts {
            defects.set_from_json(text, &COMMANDS).unwrap();
        }
        defects
    }

    #[test]
    fn the_json_of_the_helper_devices_concerns_every_command_until_it_is_switched_off() {
        let mut defects = defects(&[r#"{"enabled": true, "fault_type": 5,
            "error_message": "stuck", "result": 3, "intermediate_state": 1}"#]);
        for command in COMMANDS {
            let defect = defects.meet(command).unwrap();
            assert_eq!(defect.kind(), DefectKind::StuckInObsState);
            assert_eq!(defect.message(), "stuck");
            assert_eq!(defect.intermediate_state(), Some(ObsState::Resourcing));
        }
        defects
            .set_from_json(r#"{"enabled": false, "fault_type": 5}"#, &COMMANDS)
            .unwrap();
        assert_eq!(defects.meet("Scan"), None);
        assert_eq!(defects.to_json(), r#"{"enabled":false}"#);
    }

    #[test]
    fn a_defect_can_be_of_one_command_and_last_some_times() {
        let mut defects = defects(&[
            r#"{"enabled": true, "fault_type": 3, "command": "configure", "times": 2}"#,
            r#"{"enabled": true, "fault_type": 6, "command": "Scan"}"#,
        ]);
        assert_eq!(defects.meet("End"), None);
        assert!(defects.meet("Configure").is_some());
        assert!(defects.meet("Configure").is_some());
        assert_eq!(defects.meet("Configure"), None);
        assert!(defects.meet("Scan").is_some());
        defects
            .set_from_json(r#"{"enabled": false, "command": "Scan"}"#, &COMMANDS)
            .unwrap();
        assert_eq!(defects.meet("Scan"), None);
    }

    #[test]
    fn the_last_one_counts_until_it_is_taken_back() {
        let mut defects = Defects::default();
        defects
            .add(Defect::new(DefectKind::StuckInObsState), &COMMANDS)
            .unwrap();
        let id = defects
            .add(Defect::new(DefectKind::FailedResult).of("Scan"), &COMMANDS)
            .unwrap();
        assert_eq!(
            defects.meet("scan").unwrap().kind(),
            DefectKind::FailedResult
        );
        assert!(defects.remove(id));
        assert!(!defects.remove(id));
        assert_eq!(
            defects.meet("scan").unwrap().kind(),
            DefectKind::StuckInObsState
        );
    }

    #[test]
    fn what_is_on_reads_back() {
        let text = r#"{"enabled":true,"fault_type":2,"error_message":"no","result":5,"target_obsstates":[9],"command":"Scan","times":3}"#;
        assert_eq!(defects(&[text]).to_json(), text);
    }

    #[test]
    fn what_is_no_defect_is_refused_and_changes_nothing() {
        let mut defects = defects(&[r#"{"enabled": true, "fault_type": 4}"#]);
        let before = defects.to_json();
        for (text, words) in [
            ("", "must be a JSON object"),
            (r#"{"fault_type": 1}"#, "must be a JSON object"),
            (
                r#"{"enabled": true, "comand": "Scan"}"#,
                "must be a JSON object",
            ),
            (
                r#"{"enabled": true, "fault_type": 14}"#,
                "6 COMMAND_NOT_ALLOWED_AFTER_QUEUING",
            ),
            (
                r#"{"enabled": true, "fault_type": 1, "command": "Scann"}"#,
                "no command Scann; known: Configure, Scan, End",
            ),
            (
                r#"{"enabled": true, "fault_type": 1, "result": 77}"#,
                "result has a number that is not known: 77",
            ),
            (
                r#"{"enabled": true, "fault_type": 4, "intermediate_state": -1}"#,
                "intermediate_state",
            ),
            (
                r#"{"enabled": true, "fault_type": 1, "times": 0}"#,
                "must be",
            ),
        ] {
            let error = defects.set_from_json(text, &COMMANDS).unwrap_err();
            assert!(error.to_string().contains(words), "{text}: {error}");
        }
        assert_eq!(defects.to_json(), before);
    }
}
