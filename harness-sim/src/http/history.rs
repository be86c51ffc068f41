//! What happened to instances.

use std::sync::Arc;

use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::control::Control;
use super::problem::{Answer, Problem, Result};
use super::request::parameters;
use crate::transition::Hop;

/// `GET /state-manager/history`
pub(super) async fn history(
    State(control): State<Arc<Control>>,
    query: Query<Vec<(String, String)>>,
) -> Result {
    let [instance] = parameters(query, ["instance"])?;
    let instance = instance.ok_or_else(|| Problem::bad("instance", "is missing"))?;
    let history = control.telescope.transitions().history(&instance);
    let hops = history.ok_or_else(|| {
        Problem::unknown(format!(
            "there is no instance {instance}; /devices lists them"
        ))
    })?;
    let hops: Vec<_> = hops
        .iter()
        .map(|hop| described(&control, &instance, hop))
        .collect();
    Ok(Answer(json!({"instance": instance, "hops": hops})))
}

/// A hop, with the seconds since the server was started.
pub(super) fn described(control: &Control, instance: &str, hop: &Hop) -> Value {
    let mut described = hop.to_json(control.start);
    if let Some(members) = described.as_object_mut() {
        members.insert("instance".to_owned(), instance.into());
    }
    described
}
