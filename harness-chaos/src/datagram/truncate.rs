//! Datagrams that lose their end.

use std::fmt;

use crate::wording::counted;

/// Datagrams lose their end.
///
/// ```
/// use harness_chaos::Truncate;
///
/// assert_eq!(Truncate::to(4).to_string(), "are cut off after 4 octets");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truncate {
    pub(crate) octets: usize,
}

impl Truncate {
    /// Only so many octets of each are left.
    #[must_use]
    pub const fn to(octets: usize) -> Truncate {
        Truncate { octets }
    }
}

impl fmt::Display for Truncate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = counted(self.octets as u64, "octet");
        write!(formatter, "are cut off after {left}")
    }
}
