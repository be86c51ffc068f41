//! Proxies: listed, made, changed, removed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::declaration::{Declaration, address_to_listen_on, check_upstream};
use super::problem::{Answer, Result};
use super::proxy::{Change, Proxy};
use super::request::{Body, flag, text};
use super::server::Desk;

/// `GET /proxies`
pub(super) async fn all(State(desk): State<Desk>) -> Result<Answer> {
    let all = desk.control.ask(|registry| {
        let proxies = registry.proxies.iter();
        let all: Map<String, Value> = proxies
            .map(|(name, proxy)| (name.clone(), proxy.json()))
            .collect();
        Box::pin(async { Ok(Value::Object(all)) })
    });
    all.await.map(Answer)
}

/// `POST /proxies`
pub(super) async fn create(State(desk): State<Desk>, body: Body) -> Result<(StatusCode, Answer)> {
    let declaration = Declaration::read(&body.members()?).await?;
    let created = desk.control.ask(move |registry| {
        Box::pin(async move { registry.create(declaration).await.map(Proxy::json) })
    });
    Ok((StatusCode::CREATED, Answer(created.await?)))
}

/// `GET /proxies/{proxy}`
pub(super) async fn one(State(desk): State<Desk>, Path(name): Path<String>) -> Result<Answer> {
    let one = desk.control.ask(move |registry| {
        let one = registry.proxy(&name).map(Proxy::json);
        Box::pin(async { one })
    });
    one.await.map(Answer)
}

/// `PATCH /proxies/{proxy}`, and `POST`, as clients do that know it from before.
pub(super) async fn change(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    body: Body,
) -> Result<Answer> {
    let body = body.members()?;
    let (now, place) = desk
        .control
        .ask({
            let name = name.clone();
            move |registry| {
                let proxy = registry.proxy(&name);
                let place = proxy.map(|it| (it.gate.address(), it.gate.upstream()));
                Box::pin(async { place })
            }
        })
        .await?;
    let mut change = Change {
        enabled: flag(&body, "enabled")?,
        ..Change::default()
    };
    if let Some(listen) = text(&body, "listen")?.filter(|text| !text.is_empty()) {
        change.listen = Some(address_to_listen_on(listen).await?);
    }
    change.upstream = text(&body, "upstream")?
        .filter(|text| !text.is_empty())
        .map(str::to_owned);
    let upstream = change.upstream.as_deref().unwrap_or(&place);
    check_upstream(change.listen.unwrap_or(now), upstream).await?;
    let changed = desk.control.ask(move |registry| {
        Box::pin(async move {
            let seed = registry.seed;
            let proxy = registry.proxy_mut(&name)?;
            proxy.change(change, seed).await?;
            Ok(proxy.json())
        })
    });
    changed.await.map(Answer)
}

/// `DELETE /proxies/{proxy}`
pub(super) async fn remove(
    State(desk): State<Desk>,
    Path(name): Path<String>,
) -> Result<StatusCode> {
    let removed = desk
        .control
        .ask(move |registry| Box::pin(async move { registry.delete(&name).await }));
    removed.await.map(|()| StatusCode::NO_CONTENT)
}
