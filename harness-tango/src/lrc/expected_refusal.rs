//! Expecting that a command is refused.

use futures_util::future::join_all;
use harness_core::action::{Action, ActionError};
use harness_core::assertion::{Watch, WatchEnd};
use harness_core::failure::{Expected, Failure};
use harness_core::{BoxFuture, Mark, Timeout, TracedDevice, Tracer};

use super::action::LrcAction;
use super::codes::ResultCodes;
use super::refusal::Refusal;
use super::refusal_class::RefusalClass;
use super::unchanged::Unchanged;

/// What a refused command leaves as it is, on a device that has it.
const OBS_STATE: &str = "obsState";

/// Sends a long running command that the device must refuse, in whichever of its ways, or for a
/// certain reason, and without changing anything: see [`LrcAction::is_refused`].
///
/// A command that the device does not have proves nothing: that is expected only by
/// [`RefusalClass::UnknownCommand`].
///
/// A device refuses by an exception, by its answer, or by the result REJECTED, NOT_ALLOWED or
/// FAILED of what it had accepted; [`last_refusal`](ExpectedRefusal::last_refusal) and a note in
/// the record tell which it was. The action fails when the command ends in another way, or has not
/// ended within the timeout, and at once when the obsState of the device changes, or anything else
/// named by [`leaves_unchanged`](ExpectedRefusal::leaves_unchanged).
///
/// The postconditions of the action must hold as well, so that nothing should be asked there about
/// the completion of the command.
///
/// ```no_run
/// use harness_core::Timeout;
/// use harness_core::action::Action;
/// use harness_tango::lrc::RefusalClass;
///
/// # async fn example(telescope: &harness_tango::telescope::Telescope) -> Result<(), Box<dyn std::error::Error>> {
/// let subarray = telescope.subarray(1)?; // in EMPTY
/// let mut too_early = subarray
///     .command("Scan", None)
///     .is_refused_with(RefusalClass::ObsState);
/// too_early.execute(Timeout::seconds(10)).await?;
/// if let Some(refusal) = too_early.last_refusal() {
///     println!("{refusal}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an action does nothing until it is executed"]
pub struct ExpectedRefusal {
    action: LrcAction,
    class: Option<RefusalClass>,
    unchanged: Vec<Unchanged>,
    refusal: Option<Refusal>,
}

impl ExpectedRefusal {
    pub(super) fn new(action: LrcAction, class: Option<RefusalClass>) -> ExpectedRefusal {
        let obs_state = Unchanged::if_there(action.device(), OBS_STATE);
        ExpectedRefusal {
            action,
            class,
            unchanged: vec![obs_state],
            refusal: None,
        }
    }

    /// Adds an attribute, of this device or another, that must not change either.
    pub fn leaves_unchanged(mut self, device: impl AsRef<TracedDevice>, attribute: &str) -> Self {
        let named = Unchanged::named(device.as_ref(), attribute);
        self.unchanged.push(named);
        self
    }

    /// How the device refused the command the last time, if it did.
    #[must_use]
    pub fn last_refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }

    fn expectation(&self) -> String {
        let (device, command) = (self.action.device().name(), self.action.command_name());
        match self.class {
            Some(class) => format!("{device} refuses {command} ({class})"),
            None => format!("{device} refuses {command}"),
        }
    }

    /// The account of what came in place of the refusal.
    fn failure(&self, nearest: String, mark: &Mark) -> Failure {
        let failure = Failure::new(format!("{}: {nearest}", self.name()))
            .with_expected(Expected::missing(self.expectation()).nearest(nearest))
            .with_timeline(mark);
        match self.action.execution.last_word() {
            Some(word) => failure.with_last_word(word),
            None => failure,
        }
    }

    fn unfulfilled(&self, failure: Failure) -> ActionError {
        ActionError::Postcondition {
            action: self.name(),
            failure: Box::new(failure),
        }
    }

    /// Waits for the end of a command that was accepted, unless something changes before.
    async fn refused_later(&self, mark: &Mark, timeout: &Timeout) -> Result<Refusal, Failure> {
        let execution = &self.action.execution;
        if self.action.last_reply().is_none_or(|it| it.id().is_none()) {
            let answer = self.action.answer_in_words();
            return Err(self.failure(format!("it was not refused, but answered {answer}"), mark));
        }
        let watch = Watch::new(self.tracer(), mark, timeout);
        let mut entries = watch.entries();
        loop {
            let entry = match entries.next().await {
                Ok(entry) => entry,
                Err(WatchEnd::TimedOut | WatchEnd::Stopped(_) | WatchEnd::Decided) => {
                    let nearest = format!("it was accepted; {}", execution.nearest());
                    return Err(self.failure(nearest, mark));
                }
            };
            if let Some(completion) = execution.first_end_in(&entry, &ResultCodes::any()) {
                let device = self.action.device().name();
                let command = self.action.command_name();
                return Refusal::of_completion(device, command, &completion).ok_or_else(|| {
                    self.failure(format!("it was accepted and ended with {completion}"), mark)
                });
            }
            let change = entry.event().filter(|event| {
                event.change().is_some() && self.unchanged.iter().any(|it| it.is_about(event))
            });
            if let Some(event) = change {
                let nearest = format!("it was accepted, and then {} {event}", event.device);
                return Err(self.failure(nearest, mark));
            }
        }
    }

    /// What has changed all the same, by the record and by asking the devices.
    async fn changes(&self, mark: &Mark) -> Vec<String> {
        let changes = self.unchanged.iter().map(|it| it.changed(mark));
        join_all(changes).await.into_iter().flatten().collect()
    }

    async fn verify(&mut self, mark: &Mark, timeout: &Timeout) -> Result<(), ActionError> {
        if self.refusal.is_none() {
            let refused = self.refused_later(mark, timeout).await;
            self.refusal = Some(refused.map_err(|failure| self.unfulfilled(failure))?);
        }
        let Some(refusal) = &self.refusal else {
            return Ok(());
        };
        let fits = match self.class {
            Some(class) => class == refusal.class,
            // most likely the test is wrong
            None => refusal.class != RefusalClass::UnknownCommand,
        };
        if !fits {
            let failure = self.failure(format!("for another reason, {refusal}"), mark);
            let failure = failure.with_advice(refusal.advice());
            return Err(self.unfulfilled(failure));
        }
        let changes = self.changes(mark).await;
        if !changes.is_empty() {
            let nearest = format!("{refusal}; all the same {}", changes.join(", "));
            return Err(self.unfulfilled(self.failure(nearest, mark)));
        }
        let noted = format!("as expected, {refusal}");
        self.tracer().journal().note(noted);
        Ok(())
    }
}

impl Action for ExpectedRefusal {
    fn name(&self) -> String {
        self.action.name()
    }

    fn description(&self) -> String {
        format!("{}, which must be refused", self.action.description())
    }

    fn tracer(&self) -> &Tracer {
        self.action.tracer()
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        self.refusal = None;
        Box::pin(async move {
            self.action.setup().await?;
            let subscribe = |failure: Failure, action: String| ActionError::Subscribe {
                action,
                failure: Box::new(failure),
            };
            let watched = self.action.execution.watch().await.map_err(Failure::from);
            watched.map_err(|failure| subscribe(failure, self.name()))?;
            let watched = join_all(self.unchanged.iter_mut().map(Unchanged::watch)).await;
            let failed = watched.into_iter().filter_map(Result::err);
            match failed.reduce(Failure::absorb) {
                Some(failure) => Err(subscribe(failure, self.name())),
                None => Ok(()),
            }
        })
    }

    fn verify_preconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.action.verify_preconditions(mark)
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            join_all(self.unchanged.iter_mut().map(Unchanged::note_value)).await;
            let outcome = self.action.procedure(timeout).await;
            self.refusal = self.action.last_refusal().cloned();
            match &self.refusal {
                Some(_) => Ok(()),
                None => outcome,
            }
        })
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            self.verify(mark, timeout).await?;
            self.action.verify_postconditions(mark, timeout).await
        })
    }
}
