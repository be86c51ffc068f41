//! Who asks, and what there is to object.

use std::net::IpAddr;

use thiserror::Error;

use super::Token;

/// What a request says of who asks: values of its headers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asker<'a> {
    /// `Host`: by which name the server was asked.
    pub host: Option<&'a [u8]>,
    /// `Origin`: which page asks, if a browser does.
    pub origin: Option<&'a [u8]>,
    /// `Authorization`.
    pub authorization: Option<&'a [u8]>,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Objection {
    /// A page of somebody else's asks, open in a browser on this machine. HTTP's status is 403.
    #[error("pages from elsewhere may not ask; leave Origin out, or ask from here")]
    ForeignPage,
    /// A token is needed, and was not sent. HTTP's status is 401.
    #[error("this needs the token: send Authorization: Bearer TOKEN")]
    NoToken,
    /// The server was asked by a name, which such a page can have lead here. HTTP's status is 403.
    #[error("ask by address, or by the name localhost")]
    NoAddress,
}

/// What there is to object to a request, if anything. Without a token it must come from a program, by
/// address.
///
/// ```
/// use harness_core::admission::{Asker, Objection, Token, objection};
///
/// let asker = Asker { host: Some(b"127.0.0.1:8474"), ..Asker::default() };
/// assert_eq!(objection(None, &asker), None);
/// let token = Token::given("beam-42")?;
/// assert_eq!(objection(Some(&token), &asker), Some(Objection::NoToken));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn objection(token: Option<&Token>, asker: &Asker<'_>) -> Option<Objection> {
    if let Some(origin) = asker.origin
        && origin
            .strip_prefix(b"http://")
            .is_none_or(|own| Some(own) != asker.host)
    {
        return Some(Objection::ForeignPage);
    }
    match token {
        Some(token) => {
            let sent = asker.authorization.and_then(bearer);
            (!sent.is_some_and(|sent| token.is(sent))).then_some(Objection::NoToken)
        }
        None => {
            let named = asker.host.is_some_and(|host| !is_address(host));
            named.then_some(Objection::NoAddress)
        }
    }
}

/// The token of `Bearer TOKEN`; the word is in any case of letters.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(b"Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

/// Whether a host, with or without its port, is an address, or the name of this machine to itself.
fn is_address(host: &[u8]) -> bool {
    let host = std::str::from_utf8(host).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok() || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_names() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "[::1]:8080",
            "[::1]",
            "localhost:1",
        ] {
            assert!(is_address(host.as_bytes()), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:80",
            "127.0.0.1.example",
            "localhost.x",
        ] {
            assert!(!is_address(host.as_bytes()), "{host}");
        }
        assert!(!is_address(b"\xff"));
    }

    #[test]
    fn a_bearer_token_is_found_behind_its_word() {
        assert_eq!(bearer(b"Bearer abc"), Some(&b"abc"[..]));
        assert_eq!(bearer(b"bearer abc"), Some(&b"abc"[..]));
        assert_eq!(bearer(b"Basic abc"), None);
        assert_eq!(bearer(b"Bear"), None);
    }

    #[test]
    fn pages_ask_their_own_server_only_with_or_without_a_token() {
        let token = Token::given("beam-42").unwrap();
        for origin in [
            &b"http://evil.example"[..],
            b"null",
            b"https://127.0.0.1:80",
        ] {
            let asker = Asker {
                host: Some(b"127.0.0.1:80"),
                origin: Some(origin),
                authorization: Some(b"Bearer beam-42"),
            };
            for token in [None, Some(&token)] {
                assert_eq!(objection(token, &asker), Some(Objection::ForeignPage));
            }
        }
        let own = Asker {
            host: Some(b"127.0.0.1:80"),
            origin: Some(b"http://127.0.0.1:80"),
            authorization: Some(b"Bearer beam-42"),
        };
        assert_eq!(objection(Some(&token), &own), None);
        assert_eq!(objection(None, &own), None);
    }
}
