//! Long running commands as the second protocol shows them: each as a JSON object, and each change
//! of one as an event.

use std::sync::Arc;
use std::time::SystemTime;

use harness_tango::control_model::TaskStatus;

use super::Outcome;
use super::moment::iso_format;

/// What `lrcQueue`, `lrcExecuting` and `lrcFinished` say about one command.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: Arc<str>,
    pub(super) command: &'static str,
    pub(super) submitted: SystemTime,
    pub(super) started: Option<SystemTime>,
    pub(super) progress: Option<u8>,
}

impl Entry {
    /// Its JSON, now that it has ended.
    pub(super) fn ended(&self, status: TaskStatus, outcome: &Outcome) -> String {
        let finished = iso_format(SystemTime::now());
        let end = format!(
            r#", "finished_time": "{finished}", "status": "{status}", "result": {outcome}}}"#
        );
        self.members() + &end
    }

    /// Its JSON, spaced as Python spaces it.
    pub(super) fn to_json(&self) -> String {
        self.members() + "}"
    }

    /// Ids, commands and moments need no escaping.
    fn members(&self) -> String {
        let mut json = format!(
            r#"{{"uid": "{}", "name": "{}", "submitted_time": "{}""#,
            self.id,
            self.command,
            iso_format(self.submitted)
        );
        if let Some(started) = self.started {
            json += &format!(r#", "started_time": "{}""#, iso_format(started));
        }
        if let Some(progress) = self.progress {
            json += &format!(r#", "progress": {progress}"#);
        }
        json
    }
}

/// The JSON of an event that tells a status.
pub(super) fn status_event(status: TaskStatus) -> String {
    format!(r#"{{"status": {}}}"#, status.number())
}

/// The JSON of an event that tells how much is done.
pub(super) fn progress_event(percent: u8) -> String {
    format!(r#"{{"progress": {percent}}}"#)
}

/// The JSON of an event that tells the end.
pub(super) fn end_event(status: TaskStatus, outcome: &Outcome) -> String {
    format!(r#"{{"status": {}, "result": {outcome}}}"#, status.number())
}
