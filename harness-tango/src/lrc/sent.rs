//! Sending a long running command without saying yet what is expected of it.

use std::sync::Arc;

use harness_core::assertion::Watch;
use harness_core::failure::Failure;
use harness_core::tracer::TracerError;
use harness_core::{DeviceError, Mark, Timeout, TracedDevice, Value};
use thiserror::Error;

use super::codes::ResultCodes;
use super::detection::{NoProtocol, Unheard};
use super::execution::Execution;
use super::protocol::Completion;
use super::refusal::Refusal;
use super::reply::{LrcReply, ReplyError};
use crate::control_model::ResultCode;

/// Why a command was not accepted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SendError {
    /// The device said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The device was not reached or did not answer.
    #[error("{command} could not be sent")]
    Device {
        /// The command.
        command: String,
        /// Why.
        #[source]
        source: DeviceError,
    },
    /// The results of commands can not be watched; nothing was sent.
    #[error("{command} was not sent, since its result could not be seen")]
    Watch {
        /// The command.
        command: String,
        /// Why.
        #[source]
        source: TracerError,
    },
    /// The device tells nothing of how commands end; nothing was sent.
    #[error("{command} was not sent, since its result would not be told")]
    NoProtocol {
        /// The command.
        command: String,
        /// What was looked for.
        #[source]
        source: NoProtocol,
    },
    /// The answer is none to a long running command.
    #[error("{command} was answered, but not as a long running command")]
    Reply {
        /// The command.
        command: String,
        /// Why.
        #[source]
        source: ReplyError,
    },
}

impl SendError {
    /// The refusal, if the device said no.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            SendError::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// A command that a device has accepted, or has executed already.
#[derive(Debug)]
pub struct SentCommand {
    reply: LrcReply,
    mark: Mark,
    execution: Arc<Execution>,
}

/// Sends a command and reads the answer. How the device tells the end is found out: see
/// [`LrcAction`](super::LrcAction).
///
/// # Errors
/// When the device refuses it, is not reached, or answers something else.
pub async fn send(
    device: &TracedDevice,
    command: &str,
    argument: impl Into<Value>,
) -> Result<SentCommand, SendError> {
    let execution = Execution::new(device, command);
    execution.watch().await.map_err(|unheard| {
        let command = command.to_owned();
        match unheard {
            Unheard::NoProtocol(source) => SendError::NoProtocol { command, source },
            Unheard::Unasked(source) => SendError::Watch { command, source },
        }
    })?;
    let mark = device.tracer().mark();
    let answer =
        device.command(command, argument).await.map_err(|source| {
            match Refusal::of_error(&source, command) {
                Some(refusal) => SendError::Refused(refusal),
                None => SendError::Device {
                    command: command.to_owned(),
                    source,
                },
            }
        })?;
    let reply = LrcReply::try_from(&answer).map_err(|source| SendError::Reply {
        command: command.to_owned(),
        source,
    })?;
    if let Some(refusal) = Refusal::of_reply(device.name(), command, &reply) {
        return Err(refusal.into());
    }
    if reply.id().is_some() || reply.code() == ResultCode::Ok {
        execution.answered(&reply);
    }
    Ok(SentCommand {
        reply,
        mark,
        execution,
    })
}

impl SentCommand {
    /// What the device answered.
    #[must_use]
    pub fn reply(&self) -> &LrcReply {
        &self.reply
    }

    /// The command.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.execution.command
    }

    /// The position in the record just before the command.
    #[must_use]
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Waits until the command has ended, in whatever way. May be called again.
    ///
    /// # Errors
    /// When it has not ended within the timeout. The device is then asked once more how the command
    /// ended, and has a second to answer.
    pub async fn completion(&self, timeout: &Timeout) -> Result<Completion, Failure> {
        self.ends_with(ResultCodes::any(), timeout).await
    }

    /// Waits until the command has ended, counting one of these codes as the end even if it is
    /// STARTED or QUEUED, which some devices give as the result of an Abort.
    ///
    /// # Errors
    /// When it has not ended within the timeout, and at once when the device gave no id.
    pub async fn ends_with(
        &self,
        codes: impl Into<ResultCodes>,
        timeout: &Timeout,
    ) -> Result<Completion, Failure> {
        let codes = codes.into();
        let code = self.reply.code();
        if code.is_accepted() && self.reply.id().is_none() {
            if codes.contain(code) {
                return Ok(Completion::new("", code, ""));
            }
            let (device, command) = (self.execution.device.name(), self.command());
            let headline = format!("{command} on {device}: {}", self.reply.without_id());
            return Err(Failure::new(headline).with_timeline(&self.mark));
        }
        let watch = Watch::new(self.execution.device.tracer(), &self.mark, timeout);
        let (device, command) = (self.execution.device.name(), self.command());
        let action = format!("{command} on {device}");
        let awaited = || vec![format!("{action} to end ({})", self.execution.nearest())];
        let ending = self.execution.end(&watch, &codes);
        let ended = (watch.tracer())
            .while_waiting(&action, Some(timeout), awaited, ending)
            .await;
        if let Some(completion) = ended {
            return Ok(completion);
        }
        let within = timeout.initial().as_secs_f64();
        let headline = format!(
            "{command} on {device} did not end within {within} s: {}",
            self.execution.nearest()
        );
        let failure = Failure::new(headline).with_timeline(&self.mark);
        let failure = self.execution.read_again(failure).await;
        Err(match self.execution.last_word() {
            Some(word) => failure.with_last_word(word),
            None => failure,
        })
    }

    /// Waits until the command has ended, and tells whether that was a refusal.
    ///
    /// # Errors
    /// When it has not ended within the timeout.
    pub async fn refusal(&self, timeout: &Timeout) -> Result<Option<Refusal>, Failure> {
        let completion = self.completion(timeout).await?;
        let device = self.execution.device.name();
        Ok(Refusal::of_completion(device, self.command(), &completion))
    }
}
