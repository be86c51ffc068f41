//! An error and all its causes, as text for a person.

use std::{error::Error, fmt};

/// What a step may fail with.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Displays an error with every cause on a line of its own, `caused by: ...`.
///
/// A cause whose text was said already is left out, since some libraries repeat their source.
///
/// ```
/// # use harness_bdd::ErrorChain;
/// let error = "x".parse::<u8>().unwrap_err();
/// assert_eq!(ErrorChain(&error).to_string(), "invalid digit found in string");
/// ```
#[derive(Debug)]
pub struct ErrorChain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        f.write_str(&said)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !said.contains(&text) {
                write!(f, "\ncaused by: {text}")?;
            }
            said = text;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Link {
        text: &'static str,
        #[source]
        source: Option<Box<Link>>,
    }

    fn chain(texts: &[&'static str]) -> Link {
        let mut texts = texts.iter().rev();
        let mut link = Link {
            text: texts.next().unwrap(),
            source: None,
        };
        for text in texts {
            link = Link {
                text,
                source: Some(Box::new(link)),
            };
        }
        link
    }

    #[test]
    fn every_cause_has_a_line() {
        let text = ErrorChain(&chain(&["no telescope", "no device", "no route"])).to_string();
        assert_eq!(
            text,
            "no telescope\ncaused by: no device\ncaused by: no route"
        );
    }

    #[test]
    fn what_was_said_is_not_said_again() {
        let text = ErrorChain(&chain(&[
            "no telescope: no device",
            "no device",
            "no route",
        ]))
        .to_string();
        assert_eq!(text, "no telescope: no device\ncaused by: no route");
    }
}
