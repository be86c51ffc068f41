//! A condition, of streams or of datagrams.

use std::fmt;

use crate::condition::{Condition, ConditionError};
use crate::datagram::DatagramCondition;
use crate::stage::{Setting, Stage, build, build_for_datagrams};

/// A condition, of streams or of datagrams.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    Stream(Condition),
    Datagrams(DatagramCondition),
}

impl Effect {
    pub(super) fn check(&self) -> Result<(), ConditionError> {
        match self {
            Effect::Stream(condition) => condition.check(),
            Effect::Datagrams(condition) => condition.check(),
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Effect::Stream(condition) => condition.kind(),
            Effect::Datagrams(condition) => condition.kind(),
        }
    }

    pub(super) fn has_chance(&self) -> bool {
        match self {
            Effect::Stream(condition) => condition.has_chance(),
            Effect::Datagrams(condition) => condition.has_chance(),
        }
    }

    pub(super) fn build(&self, setting: Setting) -> Box<dyn Stage> {
        match self {
            Effect::Stream(condition) => build(condition, setting),
            Effect::Datagrams(condition) => build_for_datagrams(condition, setting),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Stream(condition) => condition.fmt(formatter),
            Effect::Datagrams(condition) => condition.fmt(formatter),
        }
    }
}
