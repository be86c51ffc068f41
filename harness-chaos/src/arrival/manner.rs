//! How new connections are met.

use std::fmt;

use crate::condition::Ending;

/// What happens to new connections; those that are open go on.
///
/// ```
/// use harness_chaos::Arrival;
///
/// assert_eq!(Arrival::Refused.to_string(), "are refused");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Arrival {
    /// Nobody listens, so connecting fails at once.
    Refused,
    /// Nobody accepts them. Connecting succeeds, as the kernel does that by itself, and what is sent is
    /// not answered. They are served when the condition ends.
    Unanswered,
    /// They are accepted, and closed at once.
    Closed(Ending),
}

impl Arrival {
    /// The whole of what is said.
    pub(crate) fn sentence(self) -> String {
        format!("new connections {self}")
    }
}

impl fmt::Display for Arrival {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Arrival::Refused => "are refused",
            Arrival::Unanswered => "are not answered",
            Arrival::Closed(Ending::Fin) => "are accepted and closed",
            Arrival::Closed(Ending::Reset) => "are accepted and reset",
        })
    }
}
