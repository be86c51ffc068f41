//! What concerns all proxies: filling, resetting, and which server this is.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::declaration::Declaration;
use super::problem::{Answer, Problem, Result};
use super::request::Body;
use super::server::Desk;

/// The version of Toxiproxy that this does as.
const AS_VERSION: &str = "2.12.0";

/// `POST /populate`
pub(super) async fn populate(
    State(desk): State<Desk>,
    Body(body): Body,
) -> Result<(StatusCode, Answer)> {
    let none = |problem: Problem| problem.beside("proxies", json!([]));
    let declarations = Declaration::read_all(&body).await.map_err(none)?;
    let populated = desk.control.ask(move |registry| {
        Box::pin(async move {
            let mut proxies = Vec::new();
            for declaration in declarations {
                match registry.populate(declaration).await {
                    Ok(proxy) => proxies.push(proxy.json()),
                    Err(problem) => return Err(problem.beside("proxies", proxies.into())),
                }
            }
            Ok(Value::Array(proxies))
        })
    });
    let proxies = populated.await?;
    Ok((StatusCode::CREATED, Answer(json!({"proxies": proxies}))))
}

/// `POST /reset`
pub(super) async fn reset(State(desk): State<Desk>) -> Result<StatusCode> {
    let reset = desk
        .control
        .ask(|registry| Box::pin(async move { registry.reset().await }));
    reset.await.map(|()| StatusCode::NO_CONTENT)
}

/// `GET /version`
pub(super) async fn version(State(desk): State<Desk>) -> Answer {
    Answer(json!({
        "version": AS_VERSION,
        "harness": env!("CARGO_PKG_VERSION"),
        "seed": desk.control.seed().number(),
    }))
}
