//! Devices, and the commands that they received.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::control::{Control, NameParts, device_name};
use super::description;
use super::problem::{Answer, Problem, Result};
use super::request::parameters;

/// `GET /devices`
pub(super) async fn all(
    State(control): State<Arc<Control>>,
    query: Query<Vec<(String, String)>>,
) -> Result {
    let [] = parameters(query, [])?;
    Ok(Answer(json!({"devices": description::devices(&control)})))
}

/// `GET /devices/{domain}/{family}/{member}`
pub(super) async fn one(
    State(control): State<Arc<Control>>,
    Path(parts): Path<NameParts>,
    query: Query<Vec<(String, String)>>,
) -> Result {
    let [] = parameters(query, [])?;
    show(&control, &device_name(&parts))
}

/// A device as it is at present.
pub(super) fn show(control: &Control, name: &str) -> Result {
    let status = control.telescope.status(name);
    let status = status.ok_or_else(|| {
        Problem::unknown(format!("there is no device {name}; /devices lists them"))
    })?;
    Ok(Answer(description::device(control, &status)))
}

/// `GET /devices/{domain}/{family}/{member}/calls`
pub(super) async fn calls(
    State(control): State<Arc<Control>>,
    Path(parts): Path<NameParts>,
    query: Query<Vec<(String, String)>>,
) -> Result {
    let [] = parameters(query, [])?;
    let calls = control.device(&device_name(&parts))?.calls();
    let calls: Vec<Value> = calls
        .iter()
        .map(|(command, argument)| json!({"command": command, "argument": argument}))
        .collect();
    Ok(Answer(json!({"calls": calls})))
}

/// `DELETE /devices/{domain}/{family}/{member}/calls`
pub(super) async fn clear_calls(
    State(control): State<Arc<Control>>,
    Path(parts): Path<NameParts>,
    query: Query<Vec<(String, String)>>,
) -> Result<StatusCode> {
    let [] = parameters(query, [])?;
    control.device(&device_name(&parts))?.clear_calls();
    Ok(StatusCode::NO_CONTENT)
}
