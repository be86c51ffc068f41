//! The device behind a node.

use std::sync::Arc;

use crate::device::{DeviceId, Errand};
use crate::model::Job;

/// A device that another one has do things.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) id: DeviceId,
    pub(crate) trl: Arc<str>,
}

impl Part {
    /// Something for it to do.
    pub(crate) fn errand(&self, job: Job, argument: impl Into<Arc<str>>) -> Errand {
        Errand {
            to: self.id,
            trl: Arc::clone(&self.trl),
            job,
            argument: argument.into(),
        }
    }
}

/// How a leaf node words that the device behind it has failed it.
pub(super) fn blame(failures: &[(Arc<str>, Arc<str>)]) -> String {
    let words: Vec<_> = failures
        .iter()
        .map(|(trl, reason)| format!("Exception occurred on device: {trl}: {reason}"))
        .collect();
    words.join("\n")
}
