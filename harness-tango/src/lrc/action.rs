//! Sending a long running command and waiting for what it must cause.

use std::sync::Arc;
use std::time::Duration;

use harness_core::action::{Action, ActionError, CommandAction};
use harness_core::assertion::{Assertion, EarlyStop};
use harness_core::{BoxFuture, DeviceError, Failure, Mark, Timeout, TracedDevice, Tracer, Value};

use super::codes::ResultCodes;
use super::completion::{Completes, EndsOtherwise};
use super::execution::Execution;
use super::expected_refusal::ExpectedRefusal;
use super::group::LrcGroup;
use super::protocol::LrcProtocol;
use super::refusal::Refusal;
use super::refusal_class::RefusalClass;
use super::reply::LrcReply;
use crate::control_model::ResultCode;

/// Sends a long running command, and waits for what it must cause: changes of state, and its own
/// completion, in any order.
///
/// The answer of the device is always read. When it is REJECTED, NOT_ALLOWED or FAILED, the action
/// fails at once with the device's words (unless just that code was asked for), and so it does when
/// the command ends with another code than expected while something else is still awaited.
///
/// How the device tells the end is found out: by the attributes of [`ClassicProtocol`], of
/// [`ListsProtocol`], or both.
///
/// [`ClassicProtocol`]: super::ClassicProtocol
/// [`ListsProtocol`]: super::ListsProtocol
///
/// ```no_run
/// use harness_core::action::Action;
/// use harness_core::assertion::{changes_to, is_in_state};
/// use harness_core::Timeout;
/// use harness_tango::control_model::{ObsState, ResultCode};
/// use harness_tango::lrc::LrcAction;
/// use harness_tango::telescope::{Telescope, TelescopeConfig};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let telescope = Telescope::connect(TelescopeConfig::from_file("low.toml")?).await?;
/// let subarray = telescope.subarray(1)?;
/// let inputs = subarray.inputs();
///
/// let mut assign = LrcAction::new(&subarray, "AssignResources", inputs.assign_resources())
///     .precondition(is_in_state([&subarray], "obsState", ObsState::Empty))
///     .postcondition(changes_to([&subarray], "obsState", ObsState::Resourcing))
///     .postcondition(changes_to([&subarray], "obsState", ObsState::Idle).from(ObsState::Resourcing))
///     .completes_with(ResultCode::Ok)
///     .stops_early_on_lrc_error();
/// assign.execute(Timeout::seconds(30)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an action does nothing until it is executed"]
pub struct LrcAction {
    command: CommandAction,
    pub(super) execution: Arc<Execution>,
    awaits_completion: bool,
    stops_early: bool,
    last_reply: Option<LrcReply>,
    last_refusal: Option<Refusal>,
}

impl LrcAction {
    /// Sends `command` with `argument` to `device`; the argument is `()` for commands that take
    /// none.
    pub fn new(
        device: impl AsRef<TracedDevice>,
        command: impl Into<String>,
        argument: impl Into<Value>,
    ) -> LrcAction {
        let device = device.as_ref();
        let command = command.into();
        LrcAction {
            execution: Execution::new(device, &command),
            command: CommandAction::new(device, command, argument),
            awaits_completion: false,
            stops_early: false,
            last_reply: None,
            last_refusal: None,
        }
    }

    /// Sends `command` with `argument` to each of the devices, at the same time and under one
    /// timeout.
    ///
    /// ```no_run
    /// use harness_core::Timeout;
    /// use harness_core::action::Action;
    /// use harness_tango::control_model::ResultCode;
    /// use harness_tango::lrc::LrcAction;
    ///
    /// # async fn example(telescope: &harness_tango::telescope::Telescope) -> Result<(), Box<dyn std::error::Error>> {
    /// let (first, second) = (telescope.subarray(1)?, telescope.subarray(2)?);
    /// LrcAction::on_each([&first, &second], "Abort", ())
    ///     .completes_with([ResultCode::Ok, ResultCode::Started])
    ///     .execute(Timeout::seconds(30))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Executing it tells the failures of all devices, not of the first; and fails when there is
    /// no device.
    pub fn on_each<D: AsRef<TracedDevice>>(
        devices: impl IntoIterator<Item = D>,
        command: impl Into<String>,
        argument: impl Into<Value>,
    ) -> LrcGroup {
        let (command, argument) = (command.into(), argument.into());
        let actions = devices
            .into_iter()
            .map(|device| LrcAction::new(device, command.clone(), argument.clone()));
        LrcGroup::new(&command, actions.collect())
    }

    /// Sets how the device tells that a command has ended, in place of finding it out. To be called
    /// before [`completes_with`](Self::completes_with) and
    /// [`stops_early_on_lrc_error`](Self::stops_early_on_lrc_error).
    pub fn with_protocol(mut self, protocol: Arc<dyn LrcProtocol>) -> Self {
        let execution = Execution::by(self.device(), self.command_name(), vec![protocol]);
        self.execution = execution;
        self
    }

    /// Adds something that must be true before; otherwise nothing is sent.
    pub fn precondition(mut self, assertion: impl Assertion + 'static) -> Self {
        self.command = self.command.precondition(assertion);
        self
    }

    /// Adds something that must be true before, or become so within that time, before anything is
    /// sent. The timeout of the action does not count for it.
    pub fn precondition_within(
        mut self,
        assertion: impl Assertion + 'static,
        patience: Duration,
    ) -> Self {
        self.command = self.command.precondition_within(assertion, patience);
        self
    }

    /// Adds something that must become true afterwards, within the timeout.
    pub fn postcondition(mut self, assertion: impl Assertion + 'static) -> Self {
        self.command = self.command.postcondition(assertion);
        self
    }

    /// Adds something that makes waiting for the postconditions useless.
    pub fn early_stop(mut self, stop: impl EarlyStop + 'static) -> Self {
        self.command = self.command.early_stop(stop);
        self
    }

    /// Waits until the command has completed with one of these codes. When it ends with another
    /// one, the action fails at once. Called again, the last call holds.
    pub fn completes_with(mut self, codes: impl Into<ResultCodes>) -> Self {
        self.execution.expect(codes.into());
        if !self.awaits_completion {
            self.awaits_completion = true;
            self.command = self
                .command
                .postcondition(Completes(Arc::clone(&self.execution)));
        }
        self.stops_early_on_lrc_error()
    }

    /// Fails at once when the command ends with another code than the expected ones (OK, unless
    /// [`completes_with`](Self::completes_with) says otherwise), whatever else is awaited.
    pub fn stops_early_on_lrc_error(mut self) -> Self {
        if !self.stops_early {
            self.stops_early = true;
            self.command = self
                .command
                .early_stop(EndsOtherwise(Arc::clone(&self.execution)));
        }
        self
    }

    /// Turns it into an action that succeeds when the device refuses the command, in whichever of
    /// its ways, and changes nothing; see [`ExpectedRefusal`].
    pub fn is_refused(self) -> ExpectedRefusal {
        ExpectedRefusal::new(self, None)
    }

    /// As [`is_refused`](Self::is_refused), and for this reason.
    pub fn is_refused_with(self, class: RefusalClass) -> ExpectedRefusal {
        ExpectedRefusal::new(self, Some(class))
    }

    /// What the device answered the last time, if it was an answer to a long running command.
    #[must_use]
    pub fn last_reply(&self) -> Option<&LrcReply> {
        self.last_reply.as_ref()
    }

    /// How the device refused the command the last time, if it did: by an exception, by its
    /// answer, or by the result of what it had accepted. The last of these is seen only by an action
    /// that waits for the end, or stops early on it.
    #[must_use]
    pub fn last_refusal(&self) -> Option<&Refusal> {
        self.last_refusal.as_ref()
    }

    /// The device that the command is sent to.
    #[must_use]
    pub fn device(&self) -> &TracedDevice {
        &self.execution.device
    }

    pub(super) fn command_name(&self) -> &str {
        &self.execution.command
    }

    /// What the device answered, be it to a long running command or not.
    pub(super) fn answer_in_words(&self) -> String {
        match (&self.last_reply, self.command.last_reply()) {
            (Some(reply), _) => reply.in_words(),
            (None, Some(answer)) => answer.to_string(),
            (None, None) => "nothing".to_owned(),
        }
    }

    /// Reads the answer: notes the id, or the end if the answer tells it already.
    fn judge_reply(&mut self) -> Result<(), ActionError> {
        let answer = self.command.last_reply().cloned().unwrap_or_default();
        let reply = match LrcReply::try_from(&answer) {
            Ok(reply) => reply,
            // A command that is not long running may be sent by this action too, as long as
            // nothing about its completion is asked for.
            Err(_) if !self.stops_early => return Ok(()),
            Err(error) => {
                let name = self.command.name();
                let failure = Failure::new(format!("{name}: {error}")).with_advice(format!(
                    "{} is not a long running command of this device; use CommandAction, or do \
                     not wait for its completion",
                    self.command_name()
                ));
                return Err(ActionError::procedure(name, failure).with_cause(error));
            }
        };
        self.last_reply = Some(reply.clone());
        let code = reply.code();
        if reply.id().is_some() {
            self.execution.answered(&reply);
            return Ok(());
        }
        if code.is_accepted() && !self.awaits_completion {
            return Ok(());
        }
        self.last_refusal = Refusal::of_reply(self.device().name(), self.command_name(), &reply);
        let fits = match self.execution.expected() {
            Some(codes) => codes.contain(code),
            None => code == ResultCode::Ok,
        };
        if fits {
            self.execution.answered(&reply);
            return Ok(());
        }
        let name = self.command.name();
        let unexpected = match self.last_refusal.clone() {
            Some(refusal) => {
                let error = ActionError::procedure(name, Failure::new(refusal.to_string()));
                return Err(refused(error, refusal));
            }
            None if code.is_accepted() => reply.without_id(),
            None => format!("the device answered {reply}, which is not expected"),
        };
        let headline = format!("{name}: {unexpected}");
        Err(ActionError::procedure(name, Failure::new(headline)))
    }

    /// Adds to a failed wait what the device said last of the command, and what to do if it was a
    /// refusal.
    fn with_last_word(&self, failure: Failure) -> Failure {
        if !self.stops_early {
            // nobody listened to it
            return failure;
        }
        let failure = match self.execution.last_word() {
            Some(word) => failure.with_last_word(word),
            None => failure,
        };
        match self.execution.advice() {
            Some(advice) => failure.with_advice(advice),
            None => failure,
        }
    }
}

/// The refusal in the error of a command that raised an exception.
fn refusal_in(error: &ActionError, command: &str) -> Option<Refusal> {
    let error = error.cause()?.downcast_ref::<DeviceError>()?;
    Refusal::of_error(error, command)
}

/// All refusals read alike, whichever way they come.
fn refused(error: ActionError, refusal: Refusal) -> ActionError {
    let (headline, advice) = (refusal.to_string(), refusal.advice());
    error
        .map_failure(|failure| failure.with_headline(headline).with_advice(advice))
        .with_cause(refusal)
}

impl Action for LrcAction {
    fn name(&self) -> String {
        self.command.name()
    }

    fn description(&self) -> String {
        self.command.description()
    }

    fn tracer(&self) -> &Tracer {
        self.device().tracer()
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        self.execution.begin();
        self.last_reply = None;
        self.last_refusal = None;
        self.command.setup()
    }

    fn verify_preconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.command.verify_preconditions(mark)
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            match self.command.procedure(timeout).await {
                Ok(()) => self.judge_reply(),
                Err(error) => {
                    self.last_refusal = refusal_in(&error, self.command_name());
                    Err(match self.last_refusal.clone() {
                        Some(refusal) => refused(error, refusal),
                        None => error,
                    })
                }
            }
        })
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let outcome = self.command.verify_postconditions(mark, timeout).await;
            let refusal = self.execution.refusal();
            self.last_refusal = refusal.or_else(|| self.last_refusal.take());
            outcome.map_err(|error| error.map_failure(|failure| self.with_last_word(failure)))
        })
    }
}
