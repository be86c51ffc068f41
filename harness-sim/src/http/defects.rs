//! What goes wrong with a device, because a tester wants it so.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::control::{Control, NameParts, device_name};
use super::problem::{Answer, Problem, Result};
use super::request::{Body, parameters};
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::DefectError;
use crate::live::DeviceHandle;

/// Switches all defects off.
const NONE: &str = r#"{"enabled": false}"#;

/// `GET /devices/{domain}/{family}/{member}/defects`
pub(super) async fn all(
    State(control): State<Arc<Control>>,
    Path(parts): Path<NameParts>,
    query: Query<Vec<(String, String)>>,
) -> Result {
    let [] = parameters(query, [])?;
    let device = control.device(&device_name(&parts))?;
    Ok(Answer(described(&device)))
}

/// `POST /devices/{domain}/{family}/{member}/defects`
pub(super) async fn set(
    State(control): State<Arc<Control>>,
    Path(parts): Path<NameParts>,
    query: Query<Vec<(String, String)>>,
    Body(body): Body,
) -> Result<(StatusCode, Answer)> {
    let [] = parameters(query, [])?;
    let device = control.device(&device_name(&parts))?;
    device.set_defective(&body.to_string()).map_err(problem)?;
    Ok((StatusCode::CREATED, Answer(described(&device))))
}

/// `DELETE /devices/{domain}/{family}/{member}/defects`
pub(super) async fn clear(
    State(control): State<Arc<Control>>,
    Path(parts): Path<NameParts>,
    query: Query<Vec<(String, String)>>,
) -> Result<StatusCode> {
    let [] = parameters(query, [])?;
    let device = control.device(&device_name(&parts))?;
    device.set_defective(NONE).map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

fn problem(error: DefectError) -> Problem {
    match &error {
        DefectError::NotADefect(cause) => Problem::bad("body", format!("{error}: {cause}")),
        DefectError::UnknownKind(_) => Problem::bad("fault_type", error.to_string()),
        // as with the transitions of a command that is not there
        DefectError::UnknownCommand { .. } => Problem::unknown(error.to_string()),
        DefectError::UnknownNumber { key, .. } => Problem::bad(*key, error.to_string()),
    }
}

/// The defects that are on, as a list.
fn described(device: &DeviceHandle) -> Value {
    let on = match device.value(Attribute::Defective) {
        AttributeValue::Text(text) => serde_json::from_str(&text).unwrap_or_default(),
        _ => Value::Null,
    };
    let list = match on {
        Value::Array(list) => list,
        one if one.get("enabled") == Some(&Value::Bool(true)) => vec![one],
        _ => Vec::new(),
    };
    json!({"defects": list})
}
