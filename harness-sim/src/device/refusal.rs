//! Why a device refuses a command with an exception.

use harness_tango::control_model::{DevState, ObsState};
use thiserror::Error;

use crate::dish::DishMode;

/// Why a device refuses a command with an exception, in the words of the Python devices.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The device has no such long running command.
    #[error("Command {command} not found")]
    UnknownCommand {
        /// The command that was sent.
        command: String,
    },
    /// The command is not allowed in the present device state, for example because the device is
    /// OFFLINE.
    #[error("Command {command} not allowed when the device is in {state} state")]
    NotAllowed {
        /// The command that was sent.
        command: &'static str,
        /// The state that the device is in.
        state: DevState,
    },
    /// The command is not allowed in the present mode of a dish.
    #[error(
        "ska_tango_base.faults.CommandError: {command} command not permitted in dish mode {mode}"
    )]
    NotInMode {
        /// The command that was sent.
        command: &'static str,
        /// The mode that the dish is in.
        mode: DishMode,
    },
    /// The command is not allowed in the present obsState.
    #[error(
        "ska_tango_base.faults.StateModelError: {command} command not permitted in observation \
         state {obs_state}"
    )]
    NotPermitted {
        /// The command that was sent.
        command: &'static str,
        /// The state that the subarray was in, and still is.
        obs_state: ObsState,
    },
    /// The argument is a JSON object, but not the one that the command needs.
    #[error("ValueError: {reason}")]
    BadInput {
        /// The command that was sent.
        command: &'static str,
        /// What is missing or wrong.
        reason: String,
    },
    /// A defect refuses it.
    #[error("ska_tmc_common.exceptions.CommandNotAllowed: {message}")]
    Defective {
        /// The command that was sent.
        command: &'static str,
        /// What the tester had the device say.
        message: String,
    },
    /// The argument is no JSON.
    #[error("json.decoder.JSONDecodeError: {source}")]
    NotJson {
        /// The command that was sent.
        command: &'static str,
        /// Where the text stops being JSON.
        source: serde_json::Error,
    },
    /// The argument is JSON, but no object.
    #[error("jsonschema.exceptions.ValidationError: {argument} is not of type 'object'")]
    NotAnObject {
        /// The command that was sent.
        command: &'static str,
        /// The argument that was sent.
        argument: String,
    },
}

impl Refusal {
    /// The function in which the device found out, as a Python device would name it.
    #[must_use]
    pub fn origin(&self) -> String {
        match self {
            Refusal::UnknownCommand { .. } | Refusal::NotAllowed { .. } => {
                "Device_Impl::command_inout".to_owned()
            }
            Refusal::NotPermitted { command, .. }
            | Refusal::NotInMode { command, .. }
            | Refusal::Defective { command, .. } => {
                format!("is_{command}_allowed")
            }
            Refusal::BadInput { command, .. }
            | Refusal::NotJson { command, .. }
            | Refusal::NotAnObject { command, .. } => (*command).to_owned(),
        }
    }
}
