//! What clients must know if others could reach the server, too.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::hint::black_box;

use thiserror::Error;

/// A text that is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the token cannot be used: give one or more visible ASCII characters, without spaces")]
pub struct InvalidToken;

/// A secret that clients send as a bearer token. It does not show in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A given one.
    ///
    /// # Errors
    ///
    /// When no client could send it.
    pub fn given(text: &str) -> Result<Token, InvalidToken> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidToken);
        }
        Ok(Token(text.to_owned()))
    }

    /// One that nobody can guess: the standard library keys its hash with what the system gives
    /// it at random, and without the key its values cannot be told from random ones.
    #[must_use]
    pub fn made() -> Token {
        let keyed = RandomState::new();
        let words = [0_u8, 1].map(|word| format!("{:016x}", keyed.hash_one(word)));
        Token(words.concat())
    }

    /// What clients send.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a client has sent it. How long this takes tells only how long the token is.
    #[must_use]
    pub fn is(&self, sent: &[u8]) -> bool {
        let known = self.0.as_bytes();
        let differences = known
            .iter()
            .enumerate()
            .fold(0, |differences, (index, byte)| {
                let other = sent.get(index).copied().unwrap_or(!byte);
                black_box(differences | (byte ^ other))
            });
        differences == 0 && sent.len() == known.len()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_is_itself_only() {
        let token = Token::given("beam-42").unwrap();
        assert!(token.is(b"beam-42"));
        for other in ["", "beam-4", "beam-43", "ceam-42", "beam-422", "BEAM-42"] {
            assert!(!token.is(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn made_tokens_are_long_and_differ() {
        let (first, second) = (Token::made(), Token::made());
        assert_eq!(first.text().len(), 32);
        assert_ne!(first, second);
        assert_ne!(first.text()[..16], first.text()[16..]);
    }

    #[test]
    fn what_cannot_be_sent_is_no_token_and_none_shows_in_debug_output() {
        for text in ["", "two words", "line\n", "Grüße"] {
            assert!(Token::given(text).is_err(), "{text:?}");
        }
        let token = Token::given("secret").unwrap();
        assert_eq!(format!("{token:?}"), "Token(..)");
    }
}
