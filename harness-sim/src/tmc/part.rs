//! What a subarray node knows of those that work for it.

use std::sync::Arc;

use harness_tango::control_model::ObsState;

use crate::dish::{DishMode, PointingState};
use crate::leaf::Part;
use crate::subarray::Domain;

/// A subarray of a subsystem that works for a subarray node, by way of its leaf node if it has one.
#[derive(Debug)]
pub(crate) struct SubarrayPart {
    pub(crate) part: Part,
    pub(crate) domain: Domain,
    pub(crate) obs_state: ObsState,
    /// Whether it is in FAULT since before the restart that leads out of it.
    pub(crate) leaves_fault: bool,
}

impl SubarrayPart {
    pub(crate) const fn new(domain: Domain, part: Part) -> SubarrayPart {
        SubarrayPart {
            part,
            domain,
            obs_state: ObsState::Empty,
            leaves_fault: false,
        }
    }
}

/// A dish that can work for a subarray node, by way of its leaf node.
#[derive(Debug)]
pub(crate) struct DishPart {
    pub(crate) part: Part,
    /// The name by which commands assign it: `SKA001`.
    pub(crate) name: Arc<str>,
    pub(crate) mode: DishMode,
    pub(crate) pointing: PointingState,
    /// Whether it works for this node at present.
    pub(crate) assigned: bool,
}

impl DishPart {
    pub(crate) const fn new(name: Arc<str>, part: Part) -> DishPart {
        DishPart {
            part,
            name,
            mode: DishMode::Unknown,
            pointing: PointingState::Unknown,
            assigned: false,
        }
    }

    /// Whether it follows its target.
    pub(crate) fn tracks(&self) -> bool {
        self.mode == DishMode::Operate
            && matches!(self.pointing, PointingState::Track | PointingState::Scan)
    }
}
