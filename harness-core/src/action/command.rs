//! Sending one command.

use tokio::time::timeout_at;

use super::conditions::{condition_builders, rounded, verified_by_conditions};
use super::{Action, ActionError, Conditions};
use crate::device::{BoxFuture, DeviceError, DeviceErrorKind};
use crate::failure::Failure;
use crate::journal::Mark;
use crate::timeout::Timeout;
use crate::tracer::{TracedDevice, Tracer};
use crate::value::Value;

/// Sends a command to a device, and waits for what it must cause.
///
/// With a timeout that runs already, as within a [`Sequence`](super::Sequence), the answer must
/// come within what is left of it, and nothing is sent when nothing is left.
///
/// ```
/// use std::sync::Arc;
/// use harness_core::action::{Action, CommandAction};
/// use harness_core::assertion::{changes_to, is_in_state, stops_on};
/// use harness_core::{InMemoryDevice, Timeout, Tracer, Value};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let subarray = InMemoryDevice::new("low-tmc/subarray/01")
///     .with_attribute("obsState", "IDLE")
///     .with_command("Configure", |subarray, _argument| {
///         subarray.set("obsState", "CONFIGURING");
///         subarray.set("obsState", "READY");
///         Ok(Value::Void)
///     });
/// let subarray = Tracer::default().device(Arc::new(subarray));
///
/// CommandAction::new(&subarray, "Configure", r#"{"scan_type": "target:a"}"#)
///     .precondition(is_in_state([&subarray], "obsState", "IDLE"))
///     .postcondition(changes_to([&subarray], "obsState", "READY").from("CONFIGURING"))
///     .early_stop(stops_on([&subarray], "obsState", "FAULT"))
///     .execute(Timeout::seconds(30))
///     .await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "an action does nothing until it is executed"]
pub struct CommandAction {
    device: TracedDevice,
    name: String,
    command: String,
    argument: Value,
    conditions: Conditions,
    last_reply: Option<Value>,
}

impl CommandAction {
    /// Sends `command` with `argument` to `device`; the argument is `()` for commands that take
    /// none.
    pub fn new(
        device: impl AsRef<TracedDevice>,
        command: impl Into<String>,
        argument: impl Into<Value>,
    ) -> Self {
        let device = device.as_ref().clone();
        let command = command.into();
        Self {
            name: format!("{command} on {}", device.name()),
            device,
            command,
            argument: argument.into(),
            conditions: Conditions::new(),
            last_reply: None,
        }
    }

    condition_builders!();

    /// What the device answered the last time, if it answered.
    pub fn last_reply(&self) -> Option<&Value> {
        self.last_reply.as_ref()
    }

    /// Sends the command and waits for the answer, not longer than a timeout that runs already.
    async fn send(&self, timeout: &Timeout) -> Result<Result<Value, DeviceError>, ActionError> {
        let sending = self.device.command(&self.command, self.argument.clone());
        let running = timeout.deadline().filter(|_| !timeout.initial().is_zero());
        let Some(deadline) = running else {
            return Ok(sending.await);
        };
        let whole = humantime::format_duration(timeout.initial());
        let left = timeout.remaining();
        let late = |what: String| {
            let headline = format!("{}: {what} of {whole}", self.name);
            ActionError::procedure(&self.name, Failure::new(headline))
        };
        if left.is_zero() {
            return Err(late("not sent, since nothing was left".to_owned()));
        }
        timeout_at(deadline, sending).await.map_err(|_| {
            let error = DeviceError::new(
                DeviceErrorKind::TimedOut,
                &**self.device.name(),
                &*self.command,
            );
            let left = rounded(left);
            late(format!("no answer within the {left} that were left")).with_cause(error)
        })
    }

    fn refused(&self, error: DeviceError) -> ActionError {
        // the first frame is in the line already; what lies below may still help
        let below = error.stack.iter().skip(1).map(ToString::to_string);
        let failure = below.fold(Failure::new(error.to_string()), Failure::with_note);
        let failure = match std::error::Error::source(&error) {
            Some(source) => failure.with_cause(source),
            None => failure,
        };
        ActionError::procedure(&self.name, failure).with_cause(error)
    }
}

impl Action for CommandAction {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn description(&self) -> String {
        match &self.argument {
            Value::Void => format!("sends {} to {}", self.command, self.device.name()),
            argument => {
                format!(
                    "sends {} to {} with {argument}",
                    self.command,
                    self.device.name()
                )
            }
        }
    }

    fn tracer(&self) -> &Tracer {
        self.device.tracer()
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            self.last_reply = None;
            match self.send(timeout).await? {
                Ok(reply) => {
                    self.last_reply = Some(reply);
                    Ok(())
                }
                Err(error) => Err(self.refused(error)),
            }
        })
    }

    verified_by_conditions!();
}
