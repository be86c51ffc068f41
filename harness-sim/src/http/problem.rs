//! What is wrong with a request, as the client is told.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::transition::{InvalidSetting, SetError};

/// What is wrong with a request: nothing has changed.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    error: String,
    field: Option<String>,
    header: Option<[&'static str; 2]>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Problem {
        Problem {
            status,
            error: error.into(),
            field: None,
            header: None,
        }
    }

    /// A field of the body, of the path or of the query that cannot be used.
    pub(super) fn bad(field: impl Into<String>, error: impl Into<String>) -> Problem {
        Problem {
            field: Some(field.into()),
            ..Problem::new(StatusCode::BAD_REQUEST, error)
        }
    }

    /// Something named in the path or in the query that is not there.
    pub(super) fn unknown(error: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, error)
    }

    /// Names of headers are in lower case.
    pub(super) fn with_header(mut self, name: &'static str, value: &'static str) -> Problem {
        self.header = Some([name, value]);
        self
    }

    /// A setting that is the whole body: fields are named from there on.
    pub(super) fn of_body(invalid: InvalidSetting) -> Problem {
        let field = invalid.field.strip_prefix("transition.");
        let field = field.unwrap_or(if invalid.field == "transition" {
            "body"
        } else {
            &invalid.field
        });
        Problem::bad(field, invalid.problem)
    }
}

impl From<InvalidSetting> for Problem {
    fn from(invalid: InvalidSetting) -> Problem {
        Problem::bad(invalid.field, invalid.problem)
    }
}

impl From<SetError> for Problem {
    fn from(error: SetError) -> Problem {
        match &error {
            // well-formed, but not for this model
            SetError::UnknownState { .. } => Problem {
                field: Some("outcome.stuck".to_owned()),
                ..Problem::new(StatusCode::CONFLICT, error.to_string())
            },
            SetError::EmptySequence => Problem::bad("sequence", error.to_string()),
            _ => Problem::unknown(error.to_string()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({"error": self.error});
        if let (Some(field), Some(members)) = (self.field, body.as_object_mut()) {
            members.insert("field".to_owned(), field.into());
        }
        let mut response = (self.status, Answer(body)).into_response();
        if let Some([name, value]) = self.header {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// An answer as JSON.
#[derive(Debug)]
pub(super) struct Answer(pub(super) Value);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (headers, self.0.to_string()).into_response()
    }
}

/// What answers most requests.
pub(super) type Result<T = Answer> = std::result::Result<T, Problem>;

/// Puts into JSON what the server refuses before any of ours is asked: paths that lead nowhere,
/// methods that a path does not have.
pub(super) async fn told_in_json(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let told = kind.is_some_and(|kind| kind == "application/json");
    if told || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let error = match status {
        StatusCode::NOT_FOUND => "there is nothing at this path; /openapi.json says what there is",
        StatusCode::METHOD_NOT_ALLOWED => "this path has other methods; see Allow",
        StatusCode::BAD_REQUEST => "the path or the query cannot be decoded",
        _ => status.canonical_reason().unwrap_or("refused"),
    };
    let problem = match status {
        StatusCode::BAD_REQUEST => Problem::bad("path", error),
        _ => Problem::new(status, error),
    };
    let (mut parts, _) = response.into_parts();
    let (ours, body): (_, Body) = problem.into_response().into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(ours.headers);
    Response::from_parts(parts, body)
}
