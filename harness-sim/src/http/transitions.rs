//! How transitions go: shown, set, taken back and let through.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::control::Control;
use super::description;
use super::problem::{Answer, Problem, Result};
use super::request::{Body, parameters};
use crate::transition::{Scope, Setting};

/// In place of the name of a model: all models.
const EVERY_MODEL: &str = "*";

type Pairs = Query<Vec<(String, String)>>;

/// `GET /state-manager/transitions`
pub(super) async fn all(State(control): State<Arc<Control>>, query: Pairs) -> Result {
    let [] = parameters(query, [])?;
    Ok(Answer(
        json!({"transitions": description::all_overridden(&control)}),
    ))
}

/// `GET /state-manager/transitions/{model}`
pub(super) async fn of_model(
    State(control): State<Arc<Control>>,
    Path(model): Path<String>,
    query: Pairs,
) -> Result {
    show(
        &control,
        &with_command(&control, scope_of_model(&model), query)?,
    )
}

/// `PUT /state-manager/transitions/{model}`
pub(super) async fn set_for_model(
    State(control): State<Arc<Control>>,
    Path(model): Path<String>,
    query: Pairs,
    Body(body): Body,
) -> Result {
    set(
        &control,
        &with_command(&control, scope_of_model(&model), query)?,
        &body,
    )
}

/// `DELETE /state-manager/transitions/{model}`
pub(super) async fn unset_for_model(
    State(control): State<Arc<Control>>,
    Path(model): Path<String>,
    query: Pairs,
) -> Result<StatusCode> {
    unset(
        &control,
        &with_command(&control, scope_of_model(&model), query)?,
    )
}

/// `GET /state-manager/transitions/{model}/{instance}`
pub(super) async fn of_instance(
    State(control): State<Arc<Control>>,
    Path((model, instance)): Path<(String, String)>,
    query: Pairs,
) -> Result {
    let scope = scope_of_instance(&control, &model, instance)?;
    show(&control, &with_command(&control, scope, query)?)
}

/// `PUT /state-manager/transitions/{model}/{instance}`
pub(super) async fn set_for_instance(
    State(control): State<Arc<Control>>,
    Path((model, instance)): Path<(String, String)>,
    query: Pairs,
    Body(body): Body,
) -> Result {
    let scope = scope_of_instance(&control, &model, instance)?;
    set(&control, &with_command(&control, scope, query)?, &body)
}

/// `DELETE /state-manager/transitions/{model}/{instance}`
pub(super) async fn unset_for_instance(
    State(control): State<Arc<Control>>,
    Path((model, instance)): Path<(String, String)>,
    query: Pairs,
) -> Result<StatusCode> {
    let scope = scope_of_instance(&control, &model, instance)?;
    unset(&control, &with_command(&control, scope, query)?)
}

/// `POST /state-manager/reset`
pub(super) async fn reset(State(control): State<Arc<Control>>, query: Pairs) -> Result<StatusCode> {
    let [histories] = parameters(query, ["histories"])?;
    let histories = match histories.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Problem::bad("histories", "must be true or false")),
    };
    control.telescope.transitions().reset();
    if histories {
        control.telescope.transitions().clear_histories();
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /state-manager/release/{gate}`
pub(super) async fn release(
    State(control): State<Arc<Control>>,
    Path(gate): Path<String>,
    query: Pairs,
) -> Result<StatusCode> {
    let [] = parameters(query, [])?;
    let released = control.telescope.transitions().release(&gate);
    released.map_err(|unknown| Problem::unknown(unknown.to_string()))?;
    Ok(StatusCode::NO_CONTENT)
}

fn scope_of_model(model: &str) -> Scope {
    if model == EVERY_MODEL {
        Scope::everything()
    } else {
        Scope::model(model)
    }
}

/// An instance, which must be of that model.
fn scope_of_instance(control: &Control, model: &str, instance: String) -> Result<Scope> {
    let controller = control.telescope.transitions();
    if model != EVERY_MODEL {
        let all = controller.instances();
        let live = all
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(&instance));
        // an instance that is not known is refused by the controller, or not, as it is set
        if let Some((name, its)) = live.filter(|(_, its)| !its.eq_ignore_ascii_case(model)) {
            return Err(Problem::unknown(format!(
                "{name} is a {its}, not a {model}"
            )));
        }
        controller.effective(&Scope::model(model))?;
    }
    Ok(Scope::instance(instance))
}

fn with_command(control: &Control, scope: Scope, query: Pairs) -> Result<Scope> {
    let [command] = parameters(query, ["command"])?;
    let Some(command) = command else {
        return Ok(scope);
    };
    // of all models, one that comes later may have it: the controller takes any
    if scope == Scope::everything() && !is_known(control, &command) {
        return Err(Problem::unknown(format!(
            "no model has a command or state {command}; /state-manager/models lists them"
        )));
    }
    Ok(scope.command(command))
}

/// Whether any model has the command, or a state of that name.
fn is_known(control: &Control, command: &str) -> bool {
    let controller = control.telescope.transitions();
    let models = controller.models();
    let mut models = models
        .iter()
        .filter_map(|model| controller.model(&model.name));
    models.any(|model| model.has_command_or_state(command))
}

fn show(control: &Control, scope: &Scope) -> Result {
    let controller = control.telescope.transitions();
    let overridden = controller.overridden(scope)?;
    let effective = controller.effective(scope)?;
    Ok(Answer(json!({
        "model": scope.model_name(),
        "instance": scope.instance_name(),
        "command": scope.command_name(),
        "overridden": overridden.as_ref().map(Setting::to_json),
        "effective": effective.to_json(),
    })))
}

fn set(control: &Control, scope: &Scope, body: &Value) -> Result {
    let setting = Setting::from_json(body).map_err(Problem::of_body)?;
    control.telescope.transitions().set(scope, setting)?;
    show(control, scope)
}

fn unset(control: &Control, scope: &Scope) -> Result<StatusCode> {
    control.telescope.transitions().unset(scope)?;
    Ok(StatusCode::NO_CONTENT)
}
