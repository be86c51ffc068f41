//! The commands that all clients have sent, and what was heard of their ends.

use std::collections::HashSet;

use harness_core::event::Event;
use harness_tango::control_model::{ResultCode, TaskStatus};
use harness_tango::lrc::{ClassicProtocol, Completion, ListsProtocol, LrcProtocol};

use crate::lifecycle::{Outcome, Told};

/// The identifiers of commands that were accepted, of all clients: each hears how all of them end.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    sent: Vec<String>,
}

impl Ledger {
    pub(super) fn enter(&mut self, identifier: &str) {
        self.sent.push(identifier.to_owned());
    }

    pub(super) fn forget_all(&mut self) {
        self.sent.clear();
    }

    pub(super) fn sent(&self) -> &[String] {
        &self.sent
    }
}

/// What one client has heard of results: also of commands whose replies are still on their way.
#[derive(Debug, Default)]
pub(super) struct Results {
    heard: Vec<Event>,
    told: HashSet<String>,
    /// How many of the events were held against how many of the commands.
    looked_at: (usize, usize),
}

impl Results {
    pub(super) fn forget_all(&mut self) {
        *self = Results::default();
    }

    pub(super) fn hear(&mut self, event: Event) {
        self.heard.push(event);
    }

    /// The ends of commands of which an end was heard and not told yet, in the order in which they were
    /// heard.
    pub(super) fn ends<S>(&mut self, sent: &[String]) -> Vec<Told<S>> {
        let (events, commands) = self.looked_at;
        let mut ends = Vec::new();
        for (place, event) in self.heard.iter().enumerate() {
            // an event that was looked at already may be the end of a command that was not known then
            let new = if place < events { commands } else { 0 };
            for identifier in sent.get(new..).unwrap_or_default() {
                if self.told.contains(identifier) {
                    continue;
                }
                if let Some(completion) = completion(event, identifier) {
                    self.told.insert(identifier.clone());
                    let (command, outcome) = (identifier.clone(), outcome(&completion));
                    ends.push(Told::Finished { command, outcome });
                }
            }
        }
        self.looked_at = (self.heard.len(), sent.len());
        ends
    }

    /// Does not tell the end of this command.
    pub(super) fn leave_out(&mut self, identifier: &str) {
        self.told.insert(identifier.to_owned());
    }

    /// Whether the first word on a command that says more than that it was queued was heard, and whether
    /// that is that it will not be done.
    pub(super) fn first_word(&self, identifier: &str) -> Option<FirstWord> {
        self.heard.iter().find_map(|event| {
            if let Some(completion) = completion(event, identifier) {
                let reason = completion.to_string();
                return Some(match completion.code {
                    ResultCode::Rejected | ResultCode::NotAllowed => FirstWord::Refused(reason),
                    _ => FirstWord::Taken,
                });
            }
            match reports(event, identifier)?.status? {
                TaskStatus::Staging | TaskStatus::Queued | TaskStatus::NotFound => None,
                TaskStatus::Rejected => Some(FirstWord::Refused("REJECTED".to_owned())),
                _ => Some(FirstWord::Taken),
            }
        })
    }
}

/// What the first word on a command says.
pub(super) enum FirstWord {
    /// It is being done, or was.
    Taken,
    /// It will not be done.
    Refused(String),
}

fn reports(event: &Event, identifier: &str) -> Option<harness_tango::lrc::LrcReport> {
    let value = &event.reading()?.value;
    let both: [&dyn LrcProtocol; 2] = [&ClassicProtocol, &ListsProtocol];
    both.into_iter()
        .find_map(|protocol| protocol.report(&event.attribute, value, identifier))
}

/// How the event says that the command ended; that it was accepted is no end.
fn completion(event: &Event, identifier: &str) -> Option<Completion> {
    let completion = reports(event, identifier)?.completion?;
    (!completion.code.is_accepted()).then_some(completion)
}

fn outcome(completion: &Completion) -> Outcome {
    match completion.code {
        ResultCode::Ok => Outcome::Done,
        ResultCode::Aborted => Outcome::Aborted,
        _ => Outcome::Failed(completion.to_string()),
    }
}
