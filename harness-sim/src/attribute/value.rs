//! The values of the attributes.

use std::sync::Arc;

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState};

/// A value of an attribute of a simulated subarray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    /// A device state.
    State(DevState),
    /// An observation state.
    ObsState(ObsState),
    /// An admin mode.
    AdminMode(AdminMode),
    /// A health state.
    HealthState(HealthState),
    /// A text.
    Text(Arc<str>),
    /// A list of texts.
    Texts(Vec<Arc<str>>),
    /// Rows of two texts.
    Pairs(Vec<[Arc<str>; 2]>),
}

impl AttributeValue {
    /// A list of texts.
    pub(crate) fn texts<T: Into<Arc<str>>>(texts: impl IntoIterator<Item = T>) -> AttributeValue {
        AttributeValue::Texts(texts.into_iter().map(Into::into).collect())
    }
}
