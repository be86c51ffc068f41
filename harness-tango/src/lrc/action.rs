//! Sending a long running command and waiting for what it must cause.

use std::sync::Arc;
use std::time::Duration;

use harness_core::action::{Action, ActionError, CommandAction};
use harness_core::assertion::{Assertion, EarlyStop};
use harness_core::{BoxFuture, Failure, Mark, Timeout, TracedDevice, Tracer, Value};

use super::classic::ClassicProtocol;
use super::codes::ResultCodes;
use super::completion::{Completes, EndsOtherwise, Execution};
use super::protocol::{Completion, LrcProtocol};
use super::refusal::Refusal;
use super::reply::LrcReply;
use crate::control_model::ResultCode;

/// Sends a long running command, and waits for what it must cause: changes of state, and its own
/// completion, in any order.
///
/// The answer of the device is always read. When it is REJECTED, NOT_ALLOWED or FAILED, the action
/// fails at once with the device's words (unless just that code was asked for), and so it does when
/// the command ends with another code than expected while something else is still awaited.
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
    device: TracedDevice,
    command_name: String,
    execution: Arc<Execution>,
    awaits_completion: bool,
    stops_early: bool,
    last_reply: Option<LrcReply>,
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
            execution: Execution::new(device, &command, Arc::new(ClassicProtocol)),
            command: CommandAction::new(device, command.clone(), argument),
            device: device.clone(),
            command_name: command,
            awaits_completion: false,
            stops_early: false,
            last_reply: None,
        }
    }

    /// Sets how the device tells that a command has ended; [`ClassicProtocol`] unless set. To be
    /// called before [`completes_with`](Self::completes_with) and
    /// [`stops_early_on_lrc_error`](Self::stops_early_on_lrc_error).
    pub fn with_protocol(mut self, protocol: Arc<dyn LrcProtocol>) -> Self {
        self.execution = Execution::new(&self.device, &self.command_name, protocol);
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

    /// What the device answered the last time, if it was an answer to a long running command.
    #[must_use]
    pub fn last_reply(&self) -> Option<&LrcReply> {
        self.last_reply.as_ref()
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
                    self.command_name
                ));
                return Err(ActionError::procedure(name, failure).with_cause(error));
            }
        };
        self.last_reply = Some(reply.clone());
        if let Some(id) = reply.id() {
            self.execution.accepted(id);
            return Ok(());
        }
        let code = reply.code();
        if code.is_accepted() && !self.awaits_completion {
            return Ok(());
        }
        let message = reply.message().unwrap_or_default();
        let fits = match self.execution.expected() {
            Some(codes) => codes.contain(code),
            None => code == ResultCode::Ok,
        };
        if fits {
            self.execution.ended(Completion::new("", code, message));
            return Ok(());
        }
        let refusal = Refusal::of_reply(self.device.name(), &self.command_name, &reply);
        let name = self.command.name();
        if code.is_accepted() {
            let headline = format!("{name}: {}", reply.without_id());
            return Err(ActionError::procedure(name, Failure::new(headline)));
        }
        Err(match refusal {
            Some(refusal) => {
                ActionError::procedure(name, Failure::new(refusal.to_string())).with_cause(refusal)
            }
            None => {
                let headline =
                    format!("{name}: the device answered {reply}, which is not expected");
                ActionError::procedure(name, Failure::new(headline))
            }
        })
    }
}

impl Action for LrcAction {
    fn name(&self) -> String {
        self.command.name()
    }

    fn description(&self) -> String {
        self.command.description()
    }

    fn tracer(&self) -> &Tracer {
        self.device.tracer()
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        self.execution.begin();
        self.last_reply = None;
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
            self.command.procedure(timeout).await?;
            self.judge_reply()
        })
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.command.verify_postconditions(mark, timeout)
    }
}
