//! Exceptions as a PyTango device raises them.

use std::error::Error;

use tango_wire::types::DevFailed;

use crate::device::Refusal;

/// The reason that PyTango gives to every Python exception.
const PYTHON_ERROR: &str = "PyDs_PythonError";

/// A refusal as a Python device would raise it.
pub(super) fn refused(refusal: &Refusal) -> DevFailed {
    match refusal {
        Refusal::UnknownCommand { .. } => {
            DevFailed::new("API_CommandNotFound", refusal.to_string(), refusal.origin())
        }
        Refusal::NotAllowed { .. } => DevFailed::new(
            "API_CommandNotAllowed",
            refusal.to_string(),
            refusal.origin(),
        ),
        _ => DevFailed::new(PYTHON_ERROR, refusal.to_string(), refusal.origin()),
    }
}

/// An argument that makes no sense to the command.
pub(super) fn bad_argument(command: &str, error: &dyn Error) -> DevFailed {
    let mut words = format!("ValueError: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    DevFailed::new(PYTHON_ERROR, words, command)
}

/// A value of another type than was asked for.
pub(super) fn wrong_type(what: &str, wanted: &str) -> DevFailed {
    DevFailed::new(
        "API_IncompatibleCmdArgumentType",
        format!("{what} takes {wanted}"),
        "harness-sim",
    )
}

/// An attribute that the device does not have, or not for writing.
pub(super) fn no_such_attribute(name: &str, reason: &str) -> DevFailed {
    DevFailed::new(
        reason,
        format!("{name}: no attribute of that name, or not for this"),
        "harness-sim",
    )
}
