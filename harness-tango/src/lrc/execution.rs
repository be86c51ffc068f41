//! One execution of a long running command, and what is heard of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use harness_core::assertion::Watch;
use harness_core::event::Signal;
use harness_core::failure::{Failure, LastWord};
use harness_core::{Entry, TracedDevice};
use tokio::time::timeout;

use super::classic::ClassicProtocol;
use super::codes::ResultCodes;
use super::detection::{self, Unheard};
use super::lists::ListsProtocol;
use super::narrator::LrcNarrator;
use super::protocol::{Completion, LrcProtocol, LrcReport};
use super::refusal::Refusal;
use super::reply::LrcReply;
use crate::control_model::{ResultCode, TaskStatus};

/// How long the device may take to answer when a wait was in vain.
const PATIENCE: Duration = Duration::from_secs(1);

/// One execution of a long running command, shared by those who wait for its end.
///
/// The id is known only when the device has answered, and the result may come before the answer:
/// therefore those who wait look at the record from before the command on, once the id is known.
#[derive(Debug)]
pub(super) struct Execution {
    pub(super) device: TracedDevice,
    pub(super) command: String,
    protocols: Vec<Arc<dyn LrcProtocol>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    id: Option<String>,
    /// How the command ended, when the answer told it already.
    ended: Option<Completion>,
    expected: Option<ResultCodes>,
    /// All that was heard of it, and the first entry that was not listened to yet.
    heard: LrcReport,
    heard_to: u64,
    /// The first end that the record tells, and where it does; a second protocol, or a gap, may
    /// tell it again.
    end: Option<(u64, Completion)>,
}

impl Execution {
    /// An execution by a device that speaks any of the protocols we know.
    pub(super) fn new(device: &TracedDevice, command: &str) -> Arc<Execution> {
        let both: [Arc<dyn LrcProtocol>; 2] = [Arc::new(ClassicProtocol), Arc::new(ListsProtocol)];
        Execution::by(device, command, both.into())
    }

    /// An execution by a device that speaks these protocols.
    pub(super) fn by(
        device: &TracedDevice,
        command: &str,
        protocols: Vec<Arc<dyn LrcProtocol>>,
    ) -> Arc<Execution> {
        LrcNarrator::tell(device.tracer().journal());
        Arc::new(Execution {
            device: device.clone(),
            command: command.to_owned(),
            protocols,
            state: Mutex::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each critical section is a single step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets the execution before this one.
    pub(super) fn begin(&self) {
        let mut state = self.state();
        *state = State {
            expected: state.expected.take(),
            ..State::default()
        };
    }

    pub(super) fn accepted(&self, id: &str, code: ResultCode) {
        let mut state = self.state();
        state.id = Some(id.to_owned());
        if code == ResultCode::Queued {
            state.heard = LrcReport::status(TaskStatus::Queued);
        }
    }

    pub(super) fn ended(&self, completion: Completion) {
        self.state().ended = Some(completion);
    }

    pub(super) fn expect(&self, codes: ResultCodes) {
        self.state().expected = Some(codes);
    }

    pub(super) fn expected(&self) -> Option<ResultCodes> {
        self.state().expected.clone()
    }

    pub(super) async fn watch(&self) -> Result<(), Unheard> {
        detection::watch(&self.device, &self.protocols).await
    }

    /// What this entry tells of the command. The values that the attributes had when they were
    /// subscribed to tell of older commands.
    fn report_in(&self, entry: &Entry) -> Option<LrcReport> {
        let event = entry.event()?;
        let (Signal::Change(reading) | Signal::Back(reading)) = &event.signal else {
            return None;
        };
        if event.device != *self.device.name() {
            return None;
        }
        let protocol = self.protocols.iter().find(|protocol| {
            let known = protocol.progress_attributes().iter().copied();
            known
                .chain([protocol.result_attribute()])
                .any(|attribute| event.attribute.eq_ignore_ascii_case(attribute))
        })?;
        let mut state = self.state();
        let id = state.id.as_deref()?;
        let report = protocol.report(&event.attribute, &reading.value, id)?;
        if entry.sequence >= state.heard_to {
            state.heard_to = entry.sequence + 1;
            state.heard.take_over(report.clone());
        }
        Some(report)
    }

    /// How the command ended in the eyes of the codes, if this entry tells it.
    fn end_in(&self, entry: &Entry, codes: &ResultCodes) -> Option<Completion> {
        let report = self.report_in(entry)?;
        let is_final = report.status.is_some_and(TaskStatus::is_final);
        let completion = report.completion?;
        (is_final || codes.end_with(completion.code)).then_some(completion)
    }

    /// The same for what is expected, and only of the first entry that tells it.
    pub(super) fn first_end_in(&self, entry: &Entry, codes: &ResultCodes) -> Option<Completion> {
        let completion = self.end_in(entry, codes)?;
        let mut state = self.state();
        let (first, _) = state
            .end
            .get_or_insert_with(|| (entry.sequence, completion.clone()));
        (*first == entry.sequence).then_some(completion)
    }

    /// Waits until the command has ended in the eyes of the codes; `None` when the watch ends
    /// before.
    pub(super) async fn end(&self, watch: &Watch, codes: &ResultCodes) -> Option<Completion> {
        if let Some(completion) = self.state().ended.clone() {
            return Some(completion);
        }
        let mut entries = watch.entries();
        while let Ok(entry) = entries.next().await {
            if let Some(completion) = self.end_in(&entry, codes) {
                return Some(completion);
            }
        }
        None
    }

    /// The attribute of which nothing can be heard, and why.
    fn lost(&self) -> Option<String> {
        let tracer = self.device.tracer();
        self.protocols.iter().find_map(|protocol| {
            let attribute = protocol.result_attribute();
            let reason = tracer.lost(self.device.name(), attribute)?;
            Some(format!("nothing can be heard of {attribute} ({reason})"))
        })
    }

    /// Where the command stands: `IN_PROGRESS, 33 %`.
    pub(super) fn standing(&self) -> Option<String> {
        let standing = self.state().heard.to_string();
        (!standing.is_empty()).then_some(standing)
    }

    /// What is known when no expected result came.
    pub(super) fn nearest(&self) -> String {
        let Some(id) = self.state().id.clone() else {
            return "the device gave no id".to_owned();
        };
        if let Some((_, completion)) = &self.state().end {
            // its words stand where it is told that this ended the wait
            return format!("it ended with {}", completion.code);
        }
        match (self.lost(), self.standing()) {
            (Some(lost), _) => format!("no result for the id {id}: {lost}"),
            (None, Some(standing)) => {
                format!("no result for the id {id}; the last that was heard is {standing}")
            }
            (None, None) => format!("no result for the id {id}"),
        }
    }

    /// The last thing that the device said of the command; none when it gave no id.
    pub(super) fn last_word(&self) -> Option<LastWord> {
        let state = self.state();
        let id = state.id.as_deref()?;
        let text = match &state.heard {
            LrcReport {
                completion: Some(completion),
                ..
            } if !completion.code.is_accepted() => format!("ended with {completion}"),
            heard if *heard == LrcReport::default() => {
                format!("accepted, and nothing since (id {id})")
            }
            heard => format!("{heard} (id {id})"),
        };
        Some(LastWord::new(&**self.device.name(), &self.command, text))
    }

    /// Adds to the account of a wait in vain what the device says of the command when it is asked,
    /// if it tells of an end that no event told, or does not answer.
    pub(super) async fn read_again(&self, mut failure: Failure) -> Failure {
        let Some(id) = self.state().id.clone() else {
            return failure;
        };
        let (device, tracer) = (&self.device, self.device.tracer());
        let watched = self.protocols.iter().filter(|protocol| {
            let attribute = protocol.result_attribute();
            tracer.latest(device.name(), attribute).is_some()
        });
        let answers = join_all(watched.map(async |protocol| {
            let reading = device.device().read(protocol.result_attribute());
            (protocol, timeout(PATIENCE, reading).await)
        }));
        let mut silent = Vec::new();
        for (protocol, answer) in answers.await {
            let attribute = protocol.result_attribute();
            let Ok(Ok(reading)) = answer else {
                silent.push((device.clone(), Arc::from(attribute)));
                continue;
            };
            let report = protocol.report(attribute, &reading.value, &id);
            if let Some(completion) = report.and_then(|report| report.completion) {
                let (name, command) = (device.name(), &self.command);
                failure = failure
                    .with_note(format!(
                        "{name} {attribute}, read again, tells that {command} ended with \
                         {completion}, which no event told in time"
                    ))
                    .with_advice(format!(
                        "does {name} push an event of {attribute} at every end, or is the timeout \
                         too short?"
                    ));
            }
        }
        failure.with_current_values(silent).await
    }

    /// The refusal in the end of the command, if it ended and that was one.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        let state = self.state();
        let (_, completion) = state.end.as_ref()?;
        Refusal::of_completion(self.device.name(), &self.command, completion)
    }

    /// What to look at, or do, next, after a wait for what the command should have caused.
    pub(super) fn advice(&self) -> Option<String> {
        if let Some(refusal) = self.refusal() {
            return Some(refusal.advice());
        }
        let (device, command) = (self.device.name(), &self.command);
        let state = self.state();
        match &state.end {
            Some((_, completion)) if completion.code == ResultCode::Aborted => Some(format!(
                "find out who aborted {command}: look for an Abort of {device} in the record and \
                 in its log"
            )),
            Some(_) => None,
            None if state.id.is_some() && state.ended.is_none() => Some(format!(
                "give {command} more time if it is only slow; else see the log of {device} for \
                 what it waits for"
            )),
            None => None,
        }
    }

    /// Notes what the device answered: the id, or the end if the answer tells it.
    pub(super) fn answered(&self, reply: &LrcReply) {
        if let Some(id) = reply.id() {
            self.accepted(id, reply.code());
        } else {
            let message = reply.message().unwrap_or_default();
            self.ended(Completion::new("", reply.code(), message));
        }
    }
}
