//! What a device said last about what was expected of it.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

/// The last thing that was heard of something that a device was busy with, such as a long running
/// command: `Configure: FAILED, no beams left`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LastWord {
    /// The canonical name of the device.
    pub device: String,
    /// What it was busy with: `Configure`.
    pub what: String,
    /// What was said, in one line: `FAILED, no beams left`.
    pub text: String,
}

impl LastWord {
    /// `device` said `text` about `what`.
    pub fn new(
        device: impl Into<String>,
        what: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            device: device.into(),
            what: what.into(),
            text: text.into(),
        }
    }
}

/// `low-tmc/subarray/01 Configure: FAILED, no beams left`.
impl Display for LastWord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.device, self.what, self.text)
    }
}
