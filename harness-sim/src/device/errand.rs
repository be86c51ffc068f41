//! What one device has another do, and the messages between them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::DeviceId;
use crate::attribute::{Attribute, AttributeValue};
use crate::model::Job;

/// What one device says to another, in the same process.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// Do this, and tell when it is done.
    Command {
        from: DeviceId,
        to: DeviceId,
        errand: u64,
        job: Job,
        argument: Arc<str>,
    },
    /// What you had me do has ended.
    Ended {
        to: DeviceId,
        errand: u64,
        ending: Ending,
    },
    /// An attribute of mine has changed.
    Changed {
        from: DeviceId,
        attribute: Attribute,
        value: AttributeValue,
    },
}

/// How an errand ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It is done, or there was nothing to do.
    Done,
    /// It is not done, for this reason.
    Failed(Arc<str>),
}

/// What a device has another do.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    /// Who is to do it.
    pub(crate) to: DeviceId,
    /// Its name.
    pub(crate) trl: Arc<str>,
    /// What.
    pub(crate) job: Job,
    /// With what.
    pub(crate) argument: Arc<str>,
}

/// What one execution of a command has others do: stages, one after the other, each of errands at
/// the same time.
#[derive(Debug, Default)]
pub(super) struct Errands {
    stages: VecDeque<Vec<Errand>>,
    under_way: Vec<(u64, Arc<str>)>,
    failures: Vec<(Arc<str>, Arc<str>)>,
}

impl Errands {
    pub(super) fn new(stages: Vec<Vec<Errand>>) -> Errands {
        Errands {
            stages: stages
                .into_iter()
                .filter(|stage| !stage.is_empty())
                .collect(),
            ..Errands::default()
        }
    }

    pub(super) fn next_stage(&mut self) -> Option<Vec<Errand>> {
        self.stages.pop_front()
    }

    pub(super) fn sent(&mut self, number: u64, trl: Arc<str>) {
        self.under_way.push((number, trl));
    }

    /// Notes the end of an errand; whether it was one of these.
    pub(super) fn ended(&mut self, number: u64, ending: Ending) -> bool {
        let Some(index) = self.under_way.iter().position(|(one, _)| *one == number) else {
            return false;
        };
        let (_, trl) = self.under_way.swap_remove(index);
        if let Ending::Failed(reason) = ending {
            self.failures.push((trl, reason));
        }
        true
    }

    /// Whether any was given that has not ended.
    pub(super) fn are_under_way(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// Whether nothing is left to be done.
    pub(super) fn are_done(&self) -> bool {
        self.under_way.is_empty() && self.stages.is_empty()
    }

    pub(super) fn have_failed(&self) -> bool {
        !self.failures.is_empty()
    }

    /// Whether nothing worse has happened than that somebody else had those do something who were
    /// to do these.
    pub(super) fn were_interfered_with(&self) -> bool {
        let mut reasons = self.failures.iter().map(|(_, reason)| reason);
        reasons.all(|reason| {
            reason.contains("Command has been aborted")
                || reason.contains("not permitted in observation state")
        })
    }

    /// What failed: names and reasons, in the order of the names.
    pub(super) fn take_failures(&mut self) -> Vec<(Arc<str>, Arc<str>)> {
        let mut failures = std::mem::take(&mut self.failures);
        failures.sort();
        failures
    }
}
