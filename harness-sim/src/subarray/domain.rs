//! The subsystems that have subarrays.

use crate::attribute::Attribute;

/// A subsystem that has subarrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Domain {
    /// Central signal processor.
    Csp,
    /// Science data processor.
    Sdp,
    /// Stations of Low.
    Mccs,
}

impl Domain {
    /// The key of its part in the JSON of the telescope manager.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Domain::Csp => "csp",
            Domain::Sdp => "sdp",
            Domain::Mccs => "mccs",
        }
    }

    /// The attribute by which its leaf node shows the obsState of its subarray.
    pub(crate) const fn mirror(self) -> Attribute {
        match self {
            Domain::Csp => Attribute::CspSubarrayObsState,
            Domain::Sdp => Attribute::SdpSubarrayObsState,
            Domain::Mccs => Attribute::MccsSubarrayObsState,
        }
    }
}
