//! Sending one command, or writing one attribute.

use tokio::time::timeout_at;

use super::builders::{condition_builders, verified_by_conditions};
use super::conditions::rounded;
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
    request: Request,
    argument: Value,
    conditions: Conditions,
    last_reply: Option<Value>,
}

/// What the device is asked.
#[derive(Debug)]
enum Request {
    Command(String),
    Write(String),
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
        let name = format!("{command} on {}", device.name());
        Self::asking(device, name, Request::Command(command), argument.into())
    }

    /// Writes `value` to an attribute of `device`; the answer is [`Value::Void`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use harness_core::{InMemoryDevice, Tracer};
    /// use harness_core::action::{Action, CommandAction};
    ///
    /// # let dish = InMemoryDevice::new("mid-dish/dish-manager/ska001").with_attribute("band", 1);
    /// # let dish = Tracer::default().device(Arc::new(dish));
    /// let action = CommandAction::write(&dish, "band", 2);
    /// assert_eq!(action.description(), "writes 2 to band of mid-dish/dish-manager/ska001");
    /// ```
    pub fn write(
        device: impl AsRef<TracedDevice>,
        attribute: impl Into<String>,
        value: impl Into<Value>,
    ) -> Self {
        let device = device.as_ref().clone();
        let attribute = attribute.into();
        let name = format!("write {attribute} of {}", device.name());
        Self::asking(device, name, Request::Write(attribute), value.into())
    }

    fn asking(device: TracedDevice, name: String, request: Request, argument: Value) -> Self {
        Self {
            device,
            name,
            request,
            argument,
            conditions: Conditions::new(),
            last_reply: None,
        }
    }

    condition_builders!();

    /// What the device answered the last time, if it answered.
    pub fn last_reply(&self) -> Option<&Value> {
        self.last_reply.as_ref()
    }

    async fn ask(&self, timeout: &Timeout) -> Result<Value, DeviceError> {
        let (device, argument) = (&self.device, self.argument.clone());
        match &self.request {
            Request::Command(command) => device.command_within(command, argument, timeout).await,
            Request::Write(attribute) => {
                let written = device.write_within(attribute, argument, timeout).await;
                written.map(|()| Value::Void)
            }
        }
    }

    /// Sends the command and waits for the answer, not longer than a timeout that runs already.
    async fn send(&self, timeout: &Timeout) -> Result<Result<Value, DeviceError>, ActionError> {
        let sending = self.ask(timeout);
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
            let asked = match &self.request {
                Request::Command(command) => command.clone(),
                Request::Write(attribute) => format!("write {attribute}"),
            };
            let kind = DeviceErrorKind::TimedOut;
            let error = DeviceError::new(kind, &**self.device.name(), asked);
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
        let (device, argument) = (self.device.name(), &self.argument);
        match (&self.request, argument) {
            (Request::Command(command), Value::Void) => format!("sends {command} to {device}"),
            (Request::Command(command), _) => {
                format!("sends {command} to {device} with {argument}")
            }
            (Request::Write(attribute), _) => {
                format!("writes {argument} to {attribute} of {device}")
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
