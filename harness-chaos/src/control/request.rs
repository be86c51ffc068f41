//! Reads the bodies of requests.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::problem::{Problem, Result};

/// The largest body: a thousand proxies with toxics are smaller.
pub(super) const MOST_BYTES: usize = 1024 * 1024;

/// A JSON body, whatever it is declared as: Toxiproxy looks at no content type.
#[derive(Debug)]
pub(super) struct Body(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body> {
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body may have {MOST_BYTES} bytes at most"),
            ),
            _ => Problem::body("it cannot be read"),
        })?;
        let value = serde_json::from_slice(&bytes).map_err(Problem::body)?;
        Ok(Body(value))
    }
}

impl Body {
    /// The members of an object.
    pub(super) fn members(self) -> Result<Map<String, Value>> {
        match self.0 {
            Value::Object(members) => Ok(members),
            _ => Err(Problem::body("it must be a JSON object")),
        }
    }
}

/// A member that is a text; nothing, if it is missing.
pub(super) fn text<'a>(members: &'a Map<String, Value>, key: &str) -> Result<Option<&'a str>> {
    match members.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(Problem::body(format!(
            "{key} is {}: give a text",
            shown(other)
        ))),
    }
}

/// A member that is true or false; nothing, if it is missing.
pub(super) fn flag(members: &Map<String, Value>, key: &str) -> Result<Option<bool>> {
    match members.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(other) => Err(Problem::body(format!(
            "{key} is {}: give true or false",
            shown(other)
        ))),
    }
}

/// What was given, in no more than a few words.
pub(super) fn shown(given: &Value) -> String {
    let text = given.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
