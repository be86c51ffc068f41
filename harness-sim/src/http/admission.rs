//! Who may ask.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use harness_core::admission::{self, Asker, Objection};

use super::control::Control;
use super::problem::Problem;

/// Lets a request through, or answers it.
///
/// The page itself is open: it holds nothing but how to ask, and asks its reader for the token.
pub(super) async fn admit(
    State(control): State<Arc<Control>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let objection = if request.uri().path() == "/" {
        None
    } else {
        objection(&control, headers)
    };
    match objection {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

fn objection(control: &Control, headers: &HeaderMap) -> Option<Problem> {
    let value = |name: HeaderName| headers.get(name).map(|value| value.as_bytes());
    let asker = Asker {
        host: value(HOST),
        origin: value(ORIGIN),
        authorization: value(AUTHORIZATION),
    };
    let objection = admission::objection(control.token.as_ref(), &asker)?;
    Some(match objection {
        Objection::NoToken => Problem::new(StatusCode::UNAUTHORIZED, objection.to_string())
            .with_header("www-authenticate", "Bearer"),
        _ => Problem::new(StatusCode::FORBIDDEN, objection.to_string()),
    })
}
