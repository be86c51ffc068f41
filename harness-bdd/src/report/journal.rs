//! A run in the record of the telescope.

use harness_core::{Journal, journal::Phase};

use super::{Notice, Reporter};
use crate::suite::{ScenarioOutcome, ScenarioVerdict};

/// Writes into a journal where scenarios and their steps begin and end, so that what the devices did
/// can be told apart by step.
#[derive(Debug)]
pub struct JournalReporter {
    journal: Journal,
}

impl JournalReporter {
    /// Writes into `journal`, which is best the one of the telescope's tracer.
    pub fn new(journal: Journal) -> Self {
        Self { journal }
    }
}

impl Reporter for JournalReporter {
    fn report(&mut self, notice: Notice<'_>) {
        match notice {
            Notice::ScenarioStarted { name, .. } => {
                self.journal
                    .step(format!("Scenario: {name}"), Phase::Started);
            }
            Notice::StepStarted { text } => {
                self.journal.note(text);
            }
            Notice::TearDownStarted => {
                self.journal
                    .note("the scenario's steps are over: tear-down");
            }
            Notice::TryingAgain(scenario) | Notice::ScenarioEnded(scenario) => {
                self.journal
                    .step(format!("Scenario: {}", scenario.scenario), phase(scenario));
            }
            _ => {}
        }
    }
}

fn phase(scenario: &ScenarioOutcome) -> Phase {
    let reason = match (&scenario.verdict, &scenario.tear_down) {
        (ScenarioVerdict::Failed { message, .. }, _) => first_line(message),
        (ScenarioVerdict::Undefined { step, .. }, _) => format!("undefined: {step}"),
        (ScenarioVerdict::Stopped, _) => "stopped".to_owned(),
        (ScenarioVerdict::Passed | ScenarioVerdict::Flaky { .. }, Some(failure)) => {
            format!("tear-down: {}", first_line(failure))
        }
        (ScenarioVerdict::Passed | ScenarioVerdict::Flaky { .. }, None) => return Phase::Finished,
    };
    Phase::Failed { reason }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use harness_core::journal::EntryKind;

    use super::*;

    #[test]
    fn scenarios_and_steps_are_in_the_record() {
        let journal = Journal::new();
        let mark = journal.mark();
        let mut reporter = JournalReporter::new(journal.clone());
        reporter.report(Notice::ScenarioStarted {
            name: "Rain",
            number: 1,
            attempt: 1,
        });
        reporter.report(Notice::StepStarted {
            text: "Given clouds",
        });
        let entries = journal.since(&mark);
        assert!(matches!(
            &*entries[0].kind,
            EntryKind::Step { name, phase: Phase::Started } if &**name == "Scenario: Rain"
        ));
        assert!(matches!(&*entries[1].kind, EntryKind::Note { text } if text == "Given clouds"));
    }
}
