//! Why a subarray refuses a command with an exception.

use harness_tango::control_model::ObsState;
use thiserror::Error;

/// Why a subarray refuses a command with an exception, in the words of the Python devices.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The subarray has no such long running command.
    #[error("Command {command} not found")]
    UnknownCommand {
        /// The command that was sent.
        command: String,
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
            Refusal::UnknownCommand { .. } => "Device_Impl::command_inout".to_owned(),
            Refusal::NotPermitted { command, .. } | Refusal::Defective { command, .. } => {
                format!("is_{command}_allowed")
            }
            Refusal::NotJson { command, .. } | Refusal::NotAnObject { command, .. } => {
                (*command).to_owned()
            }
        }
    }
}
