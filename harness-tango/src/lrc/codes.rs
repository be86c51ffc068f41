//! The result codes that a test accepts.

use std::fmt;

use thiserror::Error;

use crate::control_model::ResultCode;

/// The result codes that a test accepts: at least one, or any.
///
/// ```
/// use harness_tango::control_model::ResultCode;
/// use harness_tango::lrc::ResultCodes;
///
/// let codes = ResultCodes::from([ResultCode::Ok, ResultCode::Started]);
/// assert!(codes.contain(ResultCode::Started));
/// assert_eq!(codes.to_string(), "OK or STARTED");
/// ```
///
/// No code at all, which no command could end with, does not compile:
///
/// ```compile_fail,E0080
/// use harness_tango::control_model::ResultCode;
/// use harness_tango::lrc::ResultCodes;
///
/// let none: [ResultCode; 0] = [];
/// let codes = ResultCodes::from(none);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultCodes(Codes);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Codes {
    Any,
    Of(Vec<ResultCode>),
}

impl ResultCodes {
    /// Any code with which a command can end.
    #[must_use]
    pub fn any() -> ResultCodes {
        ResultCodes(Codes::Any)
    }

    /// Whether the code is accepted.
    #[must_use]
    pub fn contain(&self, code: ResultCode) -> bool {
        match &self.0 {
            Codes::Any => !code.is_accepted(),
            Codes::Of(codes) => codes.contains(&code),
        }
    }

    /// Whether a command that has ended with this code ended as expected.
    pub(super) fn accept(&self, code: ResultCode) -> bool {
        self.0 == Codes::Any || self.contain(code)
    }

    /// Whether a command that tells this code has ended. QUEUED and STARTED end a command only for
    /// those who ask for just that, as with devices that tell no more of an Abort.
    pub(super) fn end_with(&self, code: ResultCode) -> bool {
        !code.is_accepted() || self.contain(code)
    }
}

impl From<ResultCode> for ResultCodes {
    fn from(code: ResultCode) -> ResultCodes {
        ResultCodes(Codes::Of(vec![code]))
    }
}

/// An empty list, which no command could satisfy, does not compile:
///
/// ```compile_fail,E0080
/// use harness_tango::lrc::ResultCodes;
///
/// let _ = ResultCodes::from([]);
/// ```
impl<const N: usize> From<[ResultCode; N]> for ResultCodes {
    fn from(codes: [ResultCode; N]) -> ResultCodes {
        const {
            assert!(
                N > 0,
                "name at least one result code, or use ResultCodes::any()"
            )
        };
        ResultCodes(Codes::Of(codes.into()))
    }
}

/// A list of codes that turned out to be empty.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("no result code was named; name at least one, or accept ResultCodes::any()")]
#[non_exhaustive]
pub struct NoResultCode;

/// For codes that are known only when the test runs.
impl TryFrom<Vec<ResultCode>> for ResultCodes {
    type Error = NoResultCode;

    fn try_from(codes: Vec<ResultCode>) -> Result<ResultCodes, NoResultCode> {
        if codes.is_empty() {
            return Err(NoResultCode);
        }
        Ok(ResultCodes(Codes::Of(codes)))
    }
}

impl fmt::Display for ResultCodes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Codes::Any => formatter.write_str("any result code"),
            Codes::Of(codes) => {
                let labels: Vec<&str> = codes.iter().map(|code| code.label()).collect();
                formatter.write_str(&labels.join(" or "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ResultCodes;
    use crate::control_model::ResultCode;

    #[test]
    fn codes_of_the_running_test_are_at_least_one() {
        let codes = ResultCodes::try_from(vec![ResultCode::Ok, ResultCode::Failed]).unwrap();
        assert_eq!(codes.to_string(), "OK or FAILED");
        assert!(!codes.contain(ResultCode::Aborted));
        let error = ResultCodes::try_from(Vec::new()).unwrap_err();
        assert!(error.to_string().contains("ResultCodes::any()"));
    }

    #[test]
    fn any_code_is_one_that_ends_a_command() {
        let any = ResultCodes::any();
        assert!(any.contain(ResultCode::Unknown) && any.contain(ResultCode::Aborted));
        assert!(!any.contain(ResultCode::Queued) && !any.end_with(ResultCode::Started));
        assert!(any.accept(ResultCode::Started), "a device may end it so");
    }
}
