//! Which path leads where.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::admission::admit;
use super::request::MOST_BYTES;
use super::server::Desk;
use super::{metrics, proxies, toxics, whole};

pub(super) fn routes(desk: Desk) -> Router {
    let proxy = get(proxies::one)
        .patch(proxies::change)
        .post(proxies::change)
        .delete(proxies::remove);
    let toxic = get(toxics::one)
        .patch(toxics::change)
        .post(toxics::change)
        .delete(toxics::remove);
    Router::new()
        .route("/proxies", get(proxies::all).post(proxies::create))
        .route("/proxies/{proxy}", proxy)
        .route(
            "/proxies/{proxy}/toxics",
            get(toxics::all).post(toxics::add),
        )
        .route("/proxies/{proxy}/toxics/{toxic}", toxic)
        .route("/populate", post(whole::populate))
        .route("/reset", post(whole::reset))
        .route("/version", get(whole::version))
        .route("/metrics", get(metrics::metrics))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn_with_state(desk.clone(), admit))
        .with_state(desk)
}
