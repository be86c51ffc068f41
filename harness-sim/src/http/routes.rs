//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{get, post};

use super::admission::admit;
use super::control::Control;
use super::problem::told_in_json;
use super::request::MOST_BYTES;
use super::{advance, defects, devices, direct, events, files, history, models, moto, transitions};

pub(super) fn routes(control: Arc<Control>) -> Router {
    let of_model = get(transitions::of_model)
        .put(transitions::set_for_model)
        .delete(transitions::unset_for_model);
    let of_instance = get(transitions::of_instance)
        .put(transitions::set_for_instance)
        .delete(transitions::unset_for_instance);
    let defects = get(defects::all).post(defects::set).delete(defects::clear);
    let calls = get(devices::calls).delete(devices::clear_calls);
    Router::new()
        .route("/", get(files::page))
        .route("/openapi.json", get(files::openapi))
        .route("/events", get(events::events))
        .route("/moto-api/state-manager/set-transition", post(moto::set))
        .route(
            "/moto-api/state-manager/unset-transition",
            post(moto::unset),
        )
        .route("/moto-api/state-manager/get-transition", get(moto::get))
        .route("/state-manager/models", get(models::models))
        .route("/state-manager/transitions", get(transitions::all))
        .route("/state-manager/transitions/{model}", of_model)
        .route(
            "/state-manager/transitions/{model}/{*instance}",
            of_instance,
        )
        .route("/state-manager/advance", post(advance::advance))
        .route("/state-manager/reset", post(transitions::reset))
        .route("/state-manager/history", get(history::history))
        .route("/state-manager/release/{*gate}", post(transitions::release))
        .route("/devices", get(devices::all))
        .route("/devices/{domain}/{family}/{member}", get(devices::one))
        .route("/devices/{domain}/{family}/{member}/calls", calls)
        .route("/devices/{domain}/{family}/{member}/defects", defects)
        .route(
            "/devices/{domain}/{family}/{member}/state",
            post(direct::state),
        )
        .route(
            "/devices/{domain}/{family}/{member}/obs-state",
            post(direct::obs_state),
        )
        .route(
            "/devices/{domain}/{family}/{member}/health-state",
            post(direct::health_state),
        )
        .route(
            "/devices/{domain}/{family}/{member}/admin-mode",
            post(direct::admin_mode),
        )
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn_with_state(Arc::clone(&control), admit))
        .layer(map_response(told_in_json))
        .with_state(control)
}
