//! What a gate of a network is named by.

use std::fmt;
use std::sync::Arc;

/// A way through a network: what it leads to, and what for. The case of letters does not count.
///
/// ```
/// use harness_chaos::Link;
///
/// let link = Link::new("low-csp/subarray/01", "events");
/// assert_eq!(link.to_string(), "low-csp/subarray/01 (events)");
/// assert_eq!(link, Link::new("LOW-CSP/subarray/01", "Events"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    node: Arc<str>,
    service: Arc<str>,
}

impl Link {
    /// The way to this node, for this service.
    pub fn new(node: impl AsRef<str>, service: impl AsRef<str>) -> Link {
        Link {
            node: folded(node.as_ref()),
            service: folded(service.as_ref()),
        }
    }

    /// What it leads to.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.node
    }

    /// What for.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }
}

/// The name in lower case.
pub(super) fn folded(name: &str) -> Arc<str> {
    name.to_lowercase().into()
}

impl fmt::Display for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.node, self.service)
    }
}
