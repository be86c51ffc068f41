//! The three paths of moto's state manager, for scripts that know them: its bodies and statuses,
//! but nothing that is wrong is taken, and names in a query are decoded.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::control::Control;
use super::problem::{Answer, Problem, Result};
use super::request::{AnyBody, members, parameters, text};
use crate::transition::{Scope, Setting, Transition};

/// `POST /moto-api/state-manager/set-transition`
pub(super) async fn set(
    State(control): State<Arc<Control>>,
    AnyBody(body): AnyBody,
) -> Result<(StatusCode, Answer)> {
    let members = members(body, &["model_name", "transition"])?;
    let name = text(&members, "model_name")?;
    let transition = members.get("transition");
    let transition = transition.ok_or_else(|| Problem::bad("transition", "is missing"))?;
    let setting = Setting::from_json(transition)?;
    control
        .telescope
        .transitions()
        .set(&Scope::model(name.as_str()), setting)?;
    Ok((StatusCode::CREATED, Answer(present(&control, &name))))
}

/// `POST /moto-api/state-manager/unset-transition`: of a model that is not known nothing is set,
/// so that there is nothing to do.
pub(super) async fn unset(
    State(control): State<Arc<Control>>,
    AnyBody(body): AnyBody,
) -> Result<(StatusCode, Answer)> {
    let name = text(&members(body, &["model_name"])?, "model_name")?;
    control
        .telescope
        .transitions()
        .unset(&Scope::model(name.as_str()))
        .ok();
    Ok((StatusCode::CREATED, Answer(present(&control, &name))))
}

/// `GET /moto-api/state-manager/get-transition`: of a model that is not known it is what holds
/// where nothing else does.
pub(super) async fn get(
    State(control): State<Arc<Control>>,
    query: Query<Vec<(String, String)>>,
) -> Result {
    let [name] = parameters(query, ["model_name"])?;
    let name = name.ok_or_else(|| Problem::bad("model_name", "is missing"))?;
    Ok(Answer(setting(&control, &name).to_json()))
}

fn present(control: &Control, name: &str) -> Value {
    json!({"model_name": name, "transition": setting(control, name).to_json()})
}

fn setting(control: &Control, name: &str) -> Setting {
    let set = control.telescope.transitions().get(&Scope::model(name));
    set.unwrap_or_else(|_| Transition::immediate().into())
}
