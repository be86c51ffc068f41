//! Who may ask.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

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
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let forbidden = |error| Some(Problem::new(StatusCode::FORBIDDEN, error));
    let host = text(HOST);
    // a page of somebody else's, open in a browser on this machine
    if let Some(origin) = text(ORIGIN)
        && origin
            .strip_prefix("http://")
            .is_none_or(|own| Some(own) != host)
    {
        return forbidden("pages from elsewhere may not ask; leave Origin out, or ask from here");
    }
    match &control.token {
        Some(token) => {
            let sent = headers.get(AUTHORIZATION).map(|value| value.as_bytes());
            let sent = sent.and_then(bearer);
            if sent.is_some_and(|sent| token.is(sent)) {
                return None;
            }
            let problem = Problem::new(
                StatusCode::UNAUTHORIZED,
                "this needs the token: send Authorization: Bearer TOKEN",
            );
            Some(problem.with_header("www-authenticate", "Bearer"))
        }
        // such a page can also have its own name lead here
        None if host.is_some_and(|host| !is_address(host)) => {
            forbidden("ask by address, or by the name localhost")
        }
        None => None,
    }
}

/// The token of `Bearer TOKEN`; the word is in any case of letters.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(b"Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

/// Whether a host, with or without its port, is an address, or the name of this machine to itself.
fn is_address(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::{bearer, is_address};

    #[test]
    fn addresses_are_told_from_names() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "[::1]:8080",
            "[::1]",
            "localhost:1",
        ] {
            assert!(is_address(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:80",
            "127.0.0.1.example",
            "localhost.x",
        ] {
            assert!(!is_address(host), "{host}");
        }
    }

    #[test]
    fn a_bearer_token_is_found_behind_its_word() {
        assert_eq!(bearer(b"Bearer abc"), Some(&b"abc"[..]));
        assert_eq!(bearer(b"bearer abc"), Some(&b"abc"[..]));
        assert_eq!(bearer(b"Basic abc"), None);
        assert_eq!(bearer(b"Bear"), None);
    }
}
