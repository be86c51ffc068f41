//! What is wrong with a request, as the client is told.

use std::fmt;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::gate::GateError;

/// What is wrong with a request: nothing has changed, unless it says so.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    error: String,
    /// What else is told.
    beside: Option<(&'static str, Value)>,
}

/// What answers most requests.
pub(super) type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Problem {
        Problem {
            status,
            error: error.into(),
            beside: None,
        }
    }

    /// Something that cannot be understood or used.
    pub(super) fn bad(error: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, error)
    }

    /// The body is not what it should be.
    pub(super) fn body(error: impl fmt::Display) -> Problem {
        Problem::bad(format!("bad request body: {error}"))
    }

    /// A member besides the error.
    pub(super) fn beside(mut self, name: &'static str, value: Value) -> Problem {
        self.beside = Some((name, value));
        self
    }
}

impl From<GateError> for Problem {
    fn from(error: GateError) -> Problem {
        let status = match &error {
            GateError::Listen { .. } | GateError::Closed => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Problem::new(status, with_causes(&error))
    }
}

/// An error with what caused it.
pub(super) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({"error": self.error, "status": self.status.as_u16()});
        if let (Some((name, value)), Some(members)) = (self.beside, body.as_object_mut()) {
            members.insert(name.to_owned(), value);
        }
        (self.status, Answer(body)).into_response()
    }
}

/// An answer as JSON.
#[derive(Debug)]
pub(super) struct Answer(pub(super) Value);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (kind, self.0.to_string()).into_response()
    }
}
