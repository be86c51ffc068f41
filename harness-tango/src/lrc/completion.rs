//! Waiting for the end of a long running command.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use harness_core::assertion::{Assertion, EarlyStop, Watch};
use harness_core::event::Signal;
use harness_core::failure::{Expected, Failure};
use harness_core::{BoxFuture, Entry, TracedDevice};

use super::codes::ResultCodes;
use super::protocol::{Completion, LrcProtocol};
use crate::control_model::ResultCode;

/// One execution of a long running command, shared by those who wait for its end.
///
/// The id is known only when the device has answered, and the result may come before the answer:
/// therefore those who wait look at the record from before the command on, once the id is known.
#[derive(Debug)]
pub(super) struct Execution {
    pub(super) device: TracedDevice,
    pub(super) command: String,
    protocol: Arc<dyn LrcProtocol>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    id: Option<String>,
    /// How the command ended, when the answer told it already.
    ended: Option<Completion>,
    expected: Option<ResultCodes>,
}

impl Execution {
    pub(super) fn new(
        device: &TracedDevice,
        command: &str,
        protocol: Arc<dyn LrcProtocol>,
    ) -> Arc<Execution> {
        Arc::new(Execution {
            device: device.clone(),
            command: command.to_owned(),
            protocol,
            state: Mutex::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each critical section is a single read or write.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn attribute(&self) -> &str {
        self.protocol.attribute()
    }

    /// Forgets the execution before this one.
    pub(super) fn begin(&self) {
        let mut state = self.state();
        state.id = None;
        state.ended = None;
    }

    pub(super) fn accepted(&self, id: &str) {
        self.state().id = Some(id.to_owned());
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

    pub(super) async fn watch(&self) -> Result<(), Failure> {
        self.device
            .watch(self.protocol.attribute())
            .await
            .map_err(|error| {
                let what = format!("{} {} can be watched", error.device, error.attribute);
                Failure::new(error.to_string())
                    .with_expected(Expected::missing(what).nearest(error.source.to_string()))
            })
    }

    /// How the command ended, if this entry tells it. The value that the attribute had when it was
    /// subscribed to tells of an older command.
    pub(super) fn completion_in(&self, entry: &Entry) -> Option<Completion> {
        let event = entry.event()?;
        let (Signal::Change(reading) | Signal::Back(reading)) = &event.signal else {
            return None;
        };
        if !event.is_from(self.device.name(), self.protocol.attribute()) {
            return None;
        }
        let id = self.state().id.clone()?;
        self.protocol.completion(&reading.value, &id)
    }

    /// Waits until the command has ended in the eyes of the codes; `None` when the watch ends
    /// before.
    pub(super) async fn end(&self, watch: &Watch, codes: &ResultCodes) -> Option<Completion> {
        if let Some(completion) = self.state().ended.clone() {
            return Some(completion);
        }
        let mut entries = watch.entries();
        while let Ok(entry) = entries.next().await {
            let completion = self.completion_in(&entry);
            if let Some(completion) = completion.filter(|it| codes.end_with(it.code)) {
                return Some(completion);
            }
        }
        None
    }

    fn lost(&self) -> Option<String> {
        let tracer = self.device.tracer();
        tracer.lost(self.device.name(), self.attribute())
    }

    /// What is known when no result came.
    pub(super) fn nearest(&self) -> String {
        match self.state().id.as_deref() {
            Some(id) => match self.lost() {
                Some(reason) => format!(
                    "no result for the id {id}: nothing can be heard of {} ({reason})",
                    self.attribute()
                ),
                None => format!("no result for the id {id}"),
            },
            None => "the device gave no id".to_owned(),
        }
    }
}

/// The command ends with one of the codes.
#[derive(Debug)]
pub(super) struct Completes(pub(super) Arc<Execution>);

impl Completes {
    fn codes(&self) -> ResultCodes {
        self.0.expected().unwrap_or_else(ResultCodes::any)
    }
}

impl Assertion for Completes {
    fn describe(&self) -> String {
        format!(
            "{} {} completes with {}",
            self.0.device.name(),
            self.0.command,
            self.codes()
        )
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(self.0.watch())
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let codes = self.codes();
            let nearest = match self.0.end(watch, &codes).await {
                Some(completion) if codes.contain(completion.code) => return Ok(()),
                Some(completion) => format!("it ended with {completion}"),
                None => self.0.nearest(),
            };
            let what = self.describe();
            Err(Failure::new(format!("{what}: {nearest}"))
                .with_expected(Expected::missing(what).nearest(nearest)))
        })
    }
}

/// The command ends with a code that is not expected: then nothing else need be waited for.
#[derive(Debug)]
pub(super) struct EndsOtherwise(pub(super) Arc<Execution>);

impl EarlyStop for EndsOtherwise {
    fn examine(&self, entry: &Entry) -> Option<String> {
        let completion = self.0.completion_in(entry)?;
        let expected = self.0.expected().unwrap_or_else(|| ResultCode::Ok.into());
        let otherwise = expected.end_with(completion.code) && !expected.contain(completion.code);
        otherwise.then(|| format!("{} ended with {completion}", self.0.command))
    }

    fn describe(&self) -> String {
        format!("an error of {}", self.0.command)
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(self.0.watch())
    }
}
