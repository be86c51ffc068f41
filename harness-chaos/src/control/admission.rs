//! Who may ask, and what every answer has.

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN, USER_AGENT, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use harness_core::admission::{Asker, Objection, Token, objection};

use super::problem::Problem;
use super::server::Desk;

/// Which header tells requests apart.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-toxiproxy-request-id");

/// Lets a request through, or answers it. Each answer has a number.
pub(super) async fn admit(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let mut response = match refusal(desk.token.as_ref(), request.headers()) {
        Some(refusal) => refusal,
        None => in_json(next.run(request).await),
    };
    let id = HeaderValue::from(desk.next_request());
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn refusal(token: Option<&Token>, headers: &HeaderMap) -> Option<Response> {
    let value = |name: HeaderName| headers.get(name).map(HeaderValue::as_bytes);
    if value(USER_AGENT).is_some_and(|agent| agent.starts_with(b"Mozilla/")) {
        let problem = Problem::new(StatusCode::FORBIDDEN, "User agent not allowed");
        return Some(problem.into_response());
    }
    let asker = Asker {
        host: value(HOST),
        origin: value(ORIGIN),
        authorization: value(AUTHORIZATION),
    };
    let objection = objection(token, &asker)?;
    let needs_token = objection == Objection::NoToken;
    let status = match needs_token {
        true => StatusCode::UNAUTHORIZED,
        false => StatusCode::FORBIDDEN,
    };
    let mut response = Problem::new(status, objection.to_string()).into_response();
    if needs_token {
        let scheme = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    Some(response)
}

/// Puts into JSON what is refused before any of ours is asked: paths that lead nowhere, methods that a
/// path does not have.
fn in_json(response: Response) -> Response {
    let error = match response.status() {
        StatusCode::NOT_FOUND => "404 page not found",
        StatusCode::METHOD_NOT_ALLOWED => "this path has other methods; see Allow",
        StatusCode::BAD_REQUEST => "the path cannot be decoded",
        _ => return response,
    };
    let kind = response.headers().get(axum::http::header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind == "application/json") {
        return response;
    }
    let mut told = Problem::new(response.status(), error).into_response();
    if let Some(allow) = response.headers().get(axum::http::header::ALLOW) {
        let allow = allow.clone();
        told.headers_mut().insert(axum::http::header::ALLOW, allow);
    }
    told
}
