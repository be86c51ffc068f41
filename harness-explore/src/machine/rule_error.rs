//! Why a rule did not do what it should.

use std::borrow::Cow;
use std::fmt;

/// Why a rule, an invariant or a teardown ended early: it failed, or it did not apply.
///
/// Every error becomes a failure by `?`. The kind tells failures of one rule apart: while a program
/// is shrunk, it must go on failing at the same place with the same kind.
///
/// ```
/// use harness_explore::{RuleError, ensure};
///
/// fn refused(reply: &str) -> Result<(), RuleError> {
///     let code: i32 = reply.parse()?;
///     ensure(code == 5, format!("replied {code}, not REJECTED"))
/// }
/// assert!(refused("5").is_ok());
/// assert_eq!(refused("0").unwrap_err().to_string(), "replied 0, not REJECTED");
/// assert_eq!(refused("?").unwrap_err().to_string(), "invalid digit found in string");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RuleError {
    verdict: Verdict,
    kind: Cow<'static, str>,
    anywhere: bool,
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    Failed,
    Skipped,
}

impl RuleError {
    /// A failure.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> RuleError {
        RuleError {
            verdict: Verdict::Failed,
            kind: Cow::Borrowed(""),
            anywhere: false,
            message: message.into(),
        }
    }

    /// The rule does not apply, after all. Its step is left out of the program, so it must not have
    /// changed anything yet. Where a precondition can tell, it is the better place.
    #[must_use]
    pub fn skipped(message: impl Into<String>) -> RuleError {
        RuleError {
            verdict: Verdict::Skipped,
            ..RuleError::failed(message)
        }
    }

    /// Says what kind of failure it is: a few fixed words, without values.
    #[must_use]
    pub fn of_kind(mut self, kind: impl Into<Cow<'static, str>>) -> RuleError {
        self.kind = kind.into();
        self
    }

    /// Says that the failure is the same wherever it comes up: its kind alone tells it from others.
    /// Without it a failure of the same kind in another rule is another one.
    #[must_use]
    pub fn anywhere(mut self) -> RuleError {
        self.anywhere = true;
        self
    }

    pub(crate) fn is_anywhere(&self) -> bool {
        self.anywhere
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.verdict
    }

    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl<E: std::error::Error> From<E> for RuleError {
    fn from(error: E) -> RuleError {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            message.push_str(": ");
            message.push_str(&inner.to_string());
            cause = inner.source();
        }
        RuleError::failed(message)
    }
}

/// A failure with this message, unless the condition holds.
///
/// # Errors
/// When the condition does not hold.
pub fn ensure(condition: bool, otherwise: impl Into<String>) -> Result<(), RuleError> {
    if condition {
        Ok(())
    } else {
        Err(RuleError::failed(otherwise))
    }
}
