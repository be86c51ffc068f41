//! One defect, and its JSON.

use std::fmt;
use std::num::NonZeroU32;

use harness_tango::control_model::{ObsState, ResultCode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::DefectKind;

/// Something that goes wrong with commands: with all or with one, always or some times.
///
/// ```
/// use harness_sim::defect::{Defect, DefectKind};
///
/// let defect = Defect::new(DefectKind::LongRunningException)
///     .of("Configure")
///     .times(1)
///     .saying("no beam");
/// assert_eq!(defect.to_string(), "Configure: LONG_RUNNING_EXCEPTION (no beam), 1 more time");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    kind: DefectKind,
    message: String,
    result: ResultCode,
    intermediate_state: Option<ObsState>,
    target_states: Vec<ObsState>,
    command: Option<String>,
    times: Option<NonZeroU32>,
}

impl Defect {
    /// A defect of all commands, until it is taken back; its result, where it has one, is FAILED.
    #[must_use]
    pub const fn new(kind: DefectKind) -> Defect {
        Defect {
            kind,
            message: String::new(),
            result: ResultCode::Failed,
            intermediate_state: None,
            target_states: Vec::new(),
            command: None,
            times: None,
        }
    }

    /// Only this command is concerned.
    #[must_use]
    pub fn of(mut self, command: impl Into<String>) -> Defect {
        self.command = Some(command.into());
        self
    }

    /// Only the next so many commands are concerned; zero is taken as one.
    #[must_use]
    pub fn times(mut self, times: u32) -> Defect {
        self.times = Some(NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN));
        self
    }

    /// What the device says about it.
    #[must_use]
    pub fn saying(mut self, message: impl Into<String>) -> Defect {
        self.message = message.into();
        self
    }

    /// The result code that the command gets.
    #[must_use]
    pub const fn with_result(mut self, result: ResultCode) -> Defect {
        self.result = result;
        self
    }

    /// The obsState in which the subarray gets stuck, instead of the command's own transient one.
    #[must_use]
    pub const fn stuck_in(mut self, obs_state: ObsState) -> Defect {
        self.intermediate_state = Some(obs_state);
        self
    }

    /// The obsStates that the subarray goes through after it replied with a failure.
    #[must_use]
    pub fn going_through(mut self, obs_states: impl IntoIterator<Item = ObsState>) -> Defect {
        self.target_states = obs_states.into_iter().collect();
        self
    }

    /// What goes wrong.
    #[must_use]
    pub const fn kind(&self) -> DefectKind {
        self.kind
    }

    /// What the device says about it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The result code that the command gets.
    #[must_use]
    pub const fn result(&self) -> ResultCode {
        self.result
    }

    /// The obsState in which the subarray gets stuck, if it is not the command's own.
    #[must_use]
    pub const fn intermediate_state(&self) -> Option<ObsState> {
        self.intermediate_state
    }

    /// The obsStates that the subarray goes through after it replied with a failure.
    #[must_use]
    pub fn target_states(&self) -> &[ObsState] {
        &self.target_states
    }

    /// The command that is concerned; `None` for all.
    #[must_use]
    pub fn command(&self) -> Option<&str> {
        self.command.as_deref()
    }

    /// Whether a command is concerned.
    #[must_use]
    pub fn concerns(&self, command: &str) -> bool {
        self.command
            .as_ref()
            .is_none_or(|concerned| concerned.eq_ignore_ascii_case(command))
    }

    /// Counts one use; returns whether the defect is used up.
    pub(super) fn use_once(&mut self) -> bool {
        match self.times.map(|times| NonZeroU32::new(times.get() - 1)) {
            None => false,
            Some(None) => true,
            Some(left) => {
                self.times = left;
                false
            }
        }
    }

    pub(super) fn to_json(&self) -> Description {
        Description {
            enabled: true,
            fault_type: Some(self.kind.number()),
            error_message: Some(self.message.clone()),
            result: Some(self.result.number()),
            intermediate_state: self.intermediate_state.map(ObsState::number),
            target_obsstates: (!self.target_states.is_empty()).then(|| {
                self.target_states
                    .iter()
                    .map(|state| state.number())
                    .collect()
            }),
            command: self.command.clone(),
            times: self.times,
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = self.command.as_deref().unwrap_or("every command");
        write!(formatter, "{command}: {}", self.kind)?;
        if !self.message.is_empty() {
            write!(formatter, " ({})", self.message)?;
        }
        match self.times.map(NonZeroU32::get) {
            None => Ok(()),
            Some(1) => formatter.write_str(", 1 more time"),
            Some(times) => write!(formatter, ", {times} more times"),
        }
    }
}

/// A text for `SetDefective` that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DefectError {
    /// No JSON, or not the keys and types of a defect.
    #[error(
        "a defect must be a JSON object as {{\"enabled\": true, \"fault_type\": 3, \
         \"error_message\": \"..\", \"result\": 3, \"command\": \"Configure\", \"times\": 1}}"
    )]
    NotADefect(#[from] serde_json::Error),
    /// There is no such kind of defect.
    #[error("fault_type {0} is not known; known: {known}", known = known_kinds())]
    UnknownKind(u8),
    /// The device has no such command.
    #[error("there is no command {command}; known: {known}")]
    UnknownCommand {
        /// The command that was named.
        command: String,
        /// The names of the commands that the device has.
        known: String,
    },
    /// A number that is none of a result code or an obsState.
    #[error("{key} has a number that is not known: {number}")]
    UnknownNumber {
        /// The key of the JSON object.
        key: &'static str,
        /// The number.
        number: i64,
    },
}

fn known_kinds() -> String {
    let known: Vec<_> = DefectKind::ALL
        .iter()
        .map(|kind| format!("{} {kind}", kind.number()))
        .collect();
    format!("0 NONE, {}", known.join(", "))
}

/// The JSON that `SetDefective` takes.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    pub(super) enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fault_type: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intermediate_state: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_obsstates: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<NonZeroU32>,
}

impl Description {
    /// The defect; `None` if it is to be switched off.
    pub(super) fn into_defect(self) -> Result<Option<Defect>, DefectError> {
        let number = self.fault_type.unwrap_or(0);
        if !self.enabled || number == 0 {
            return Ok(None);
        }
        let kind = DefectKind::from_number(number).ok_or(DefectError::UnknownKind(number))?;
        let obs_state = |key, number| {
            ObsState::from_number(number).ok_or(DefectError::UnknownNumber { key, number })
        };
        let result = match self.result {
            None => ResultCode::Failed,
            Some(number) => ResultCode::from_number(number).ok_or(DefectError::UnknownNumber {
                key: "result",
                number,
            })?,
        };
        Ok(Some(Defect {
            kind,
            message: self.error_message.unwrap_or_default(),
            result,
            intermediate_state: self
                .intermediate_state
                .map(|number| obs_state("intermediate_state", number))
                .transpose()?,
            target_states: self
                .target_obsstates
                .unwrap_or_default()
                .into_iter()
                .map(|number| obs_state("target_obsstates", number))
                .collect::<Result<_, _>>()?,
            command: self.command,
            times: self.times,
        }))
    }
}
