//! Subarrays of the subsystems: CSP, SDP, MCCS, or one that is alone.

mod component;
mod domain;
mod observation;
mod processing;
mod stations;

pub(crate) use component::ComponentSubarray;
pub(crate) use domain::Domain;
pub(crate) use observation::Observation;
