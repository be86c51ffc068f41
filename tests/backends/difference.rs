//! In what the ways to a device differ: each a row in docs/backends.md.

use crate::subject::Backend;

/// Something that is not the same on all ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Whether a value takes the type that the device wants, or is refused.
    Types,
    /// Whether a reading tells when it was taken.
    Time,
    /// Which words stand for a name that the device does not have.
    UnknownNames,
    /// Whether a command is waited for as long as it takes.
    Patience,
    /// Whether cppTango adds a frame to the stack of a refusal.
    Frame,
}

impl Difference {
    pub(crate) const ALL: [Difference; 5] = [
        Difference::Types,
        Difference::Time,
        Difference::UnknownNames,
        Difference::Patience,
        Difference::Frame,
    ];

    /// What its row begins with.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Difference::Types => "types",
            Difference::Time => "time",
            Difference::UnknownNames => "unknown names",
            Difference::Patience => "patience",
            Difference::Frame => "frame",
        }
    }

    /// Whether a way differs in this from tango-wire, which is the measure.
    pub(crate) fn is_of(self, backend: Backend) -> bool {
        match self {
            Difference::Types
            | Difference::Time
            | Difference::UnknownNames
            | Difference::Patience => backend == Backend::InProcess,
            Difference::Frame => backend == Backend::TangoRs,
        }
    }
}
