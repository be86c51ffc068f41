//! Toxics: listed, added, changed, removed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;

use super::problem::{Answer, Result};
use super::proxy::Proxy;
use super::request::Body;
use super::server::Desk;
use super::toxic::Toxic;

type Names = Path<(String, String)>;

/// `GET /proxies/{proxy}/toxics`
pub(super) async fn all(State(desk): State<Desk>, Path(name): Path<String>) -> Result<Answer> {
    let with = |proxy: &mut Proxy| Ok(Value::Array(proxy.toxics().map(Toxic::json).collect()));
    desk.with_proxy(name, with).await.map(Answer)
}

/// `POST /proxies/{proxy}/toxics`
pub(super) async fn add(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    body: Body,
) -> Result<Answer> {
    let body = body.members()?;
    let with = move |proxy: &mut Proxy| proxy.add(Toxic::read(&body)?).map(Toxic::json);
    desk.with_proxy(name, with).await.map(Answer)
}

/// `GET /proxies/{proxy}/toxics/{toxic}`
pub(super) async fn one(State(desk): State<Desk>, Path((name, toxic)): Names) -> Result<Answer> {
    let with = move |proxy: &mut Proxy| proxy.toxic(&toxic).map(Toxic::json);
    desk.with_proxy(name, with).await.map(Answer)
}

/// `PATCH /proxies/{proxy}/toxics/{toxic}`, and `POST`, as clients do that know it from before.
pub(super) async fn change(
    State(desk): State<Desk>,
    Path((name, toxic)): Names,
    body: Body,
) -> Result<Answer> {
    let body = body.members()?;
    let with = move |proxy: &mut Proxy| proxy.change_toxic(&toxic, &body).map(Toxic::json);
    desk.with_proxy(name, with).await.map(Answer)
}

/// `DELETE /proxies/{proxy}/toxics/{toxic}`
pub(super) async fn remove(
    State(desk): State<Desk>,
    Path((name, toxic)): Names,
) -> Result<StatusCode> {
    let with = move |proxy: &mut Proxy| proxy.remove(&toxic);
    desk.with_proxy(name, with).await?;
    Ok(StatusCode::NO_CONTENT)
}
