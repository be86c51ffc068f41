//! The result codes that a test accepts.

use std::fmt;

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

/// An empty list, which no command could satisfy, does not compile.
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
