//! One thing that a user did.

use tokio::time::Instant;

use super::class::ResultClass;

/// One thing that a user did, and what became of it.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    /// What was done: a command, `read obsState`, `Configure until READY`.
    pub action: &'a str,
    /// The state of the device when it was done, if that is known.
    pub from: Option<&'a str>,
    /// What became of it.
    pub class: ResultClass,
    /// When it should have begun: the start that was planned, or when what came before it ended.
    pub planned: Instant,
    /// When it was begun.
    pub begun: Instant,
    /// When it ended.
    pub ended: Instant,
    /// What was said where something went wrong.
    pub error: Option<&'a str>,
}

impl<'a> Sample<'a> {
    /// Something that began when it should, ended just now, and went well.
    #[must_use]
    pub fn done(action: &'a str, begun: Instant) -> Sample<'a> {
        Sample {
            action,
            from: None,
            class: ResultClass::Ok,
            planned: begun,
            begun,
            ended: Instant::now(),
            error: None,
        }
    }

    /// The state of the device when it was done.
    #[must_use]
    pub fn from_state(mut self, from: Option<&'a str>) -> Self {
        self.from = from;
        self
    }

    /// When it should have begun.
    #[must_use]
    pub fn planned_at(mut self, planned: Instant) -> Self {
        self.planned = planned;
        self
    }

    /// What became of it instead, and what was said.
    #[must_use]
    pub fn ended_as(mut self, class: ResultClass, error: Option<&'a str>) -> Self {
        self.class = class;
        self.error = error;
        self
    }
}
