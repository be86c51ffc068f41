//! Sending one command.

use super::conditions::{condition_builders, verified_by_conditions};
use super::{Action, ActionError, Conditions};
use crate::device::{BoxFuture, DeviceError};
use crate::failure::Failure;
use crate::journal::Mark;
use crate::timeout::Timeout;
use crate::tracer::{TracedDevice, Tracer};
use crate::value::Value;

/// Sends a command to a device, and waits for what it must cause.
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

    fn procedure<'a>(
        &'a mut self,
        _timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            self.last_reply = None;
            match self
                .device
                .command(&self.command, self.argument.clone())
                .await
            {
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
