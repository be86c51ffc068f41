//! Which models there are.

use std::sync::Arc;

use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::control::Control;
use super::description;
use super::problem::{Answer, Result};
use super::request::parameters;

/// `GET /state-manager/models`
pub(super) async fn models(
    State(control): State<Arc<Control>>,
    query: Query<Vec<(String, String)>>,
) -> Result {
    let [] = parameters(query, [])?;
    let models = control.telescope.transitions().models();
    let models: Value = models.iter().map(description::model).collect();
    Ok(Answer(json!({"models": models})))
}
