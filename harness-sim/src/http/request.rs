//! Reads the bodies and the queries of requests.

use axum::body::Bytes;
use axum::extract::{FromRequest, Query, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use super::problem::{Problem, Result};

/// The largest body: settings, even long sequences, are far smaller.
pub(super) const MOST_BYTES: usize = 64 * 1024;

/// A JSON body, declared as such or not declared at all.
#[derive(Debug)]
pub(super) struct Body(pub(super) Value);

/// A JSON body, whatever it is declared as: moto looks at no content type, and its clients send
/// all kinds.
#[derive(Debug)]
pub(super) struct AnyBody(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body> {
        check_type(request.headers())?;
        read(request, state).await.map(Body)
    }
}

impl<S: Send + Sync> FromRequest<S> for AnyBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<AnyBody> {
        read(request, state).await.map(AnyBody)
    }
}

fn check_type(headers: &HeaderMap) -> Result<()> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else {
        return Ok(());
    };
    let kind = kind.to_str().unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "the body must be JSON: send Content-Type: application/json",
    ))
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Value> {
    parse(&bytes(request, state).await?)
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body may have {MOST_BYTES} bytes at most"),
            ),
            _ => Problem::bad("body", "cannot be read"),
        })
}

fn parse(bytes: &[u8]) -> Result<Value> {
    if bytes.is_empty() {
        return Err(Problem::bad("body", "is missing; send a JSON object"));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::bad("body", format!("is no JSON: {error}")))
}

/// The members of an object that may have these and no others.
pub(super) fn members(body: Value, known: &[&str]) -> Result<Map<String, Value>> {
    let Value::Object(members) = body else {
        return Err(Problem::bad("body", "must be a JSON object"));
    };
    match members.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(members),
        Some(key) => Err(Problem::bad(
            key.as_str(),
            format!("is not known; known: {}", known.join(", ")),
        )),
    }
}

/// A member that must be there and be a text.
pub(super) fn text(members: &Map<String, Value>, key: &str) -> Result<String> {
    match members.get(key) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Problem::bad(key, "must be a text")),
        None => Err(Problem::bad(key, "is missing")),
    }
}

/// The values of a query that may have these parameters and no others, each once.
pub(super) fn parameters<const N: usize>(
    Query(pairs): Query<Vec<(String, String)>>,
    known: [&str; N],
) -> Result<[Option<String>; N]> {
    let mut values = [const { None }; N];
    for (key, value) in pairs {
        let place = known
            .iter()
            .zip(&mut values)
            .find(|(name, _)| **name == key);
        match place {
            Some((_, place @ None)) => *place = Some(value),
            Some(_) => return Err(Problem::bad(key, "is given twice")),
            None if N == 0 => {
                return Err(Problem::bad(key, "is not known; there are no parameters"));
            }
            None => {
                let known = known.join(", ");
                return Err(Problem::bad(key, format!("is not known; known: {known}")));
            }
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use axum::extract::Query;
    use serde_json::json;

    use super::{members, parameters};

    #[test]
    fn parameters_are_known_and_given_once() {
        let query = |pairs: &[(&str, &str)]| {
            let owned = pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            Query(owned.collect::<Vec<_>>())
        };
        let [command] = parameters(query(&[("command", "Scan")]), ["command"]).unwrap();
        assert_eq!(command.as_deref(), Some("Scan"));
        assert_eq!(parameters(query(&[]), ["command"]).unwrap(), [None]);
        parameters(query(&[("comand", "Scan")]), ["command"]).unwrap_err();
        parameters(query(&[("command", "a"), ("command", "b")]), ["command"]).unwrap_err();
    }

    #[test]
    fn only_objects_with_known_members_are_taken() {
        assert!(members(json!({"ticks": 1}), &["ticks"]).is_ok());
        assert!(members(json!({"tics": 1}), &["ticks"]).is_err());
        assert!(members(json!(["ticks"]), &["ticks"]).is_err());
    }
}
