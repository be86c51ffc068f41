//! How a device tells how a long running command fares, and how it has ended.

use std::fmt::{self, Debug};

use harness_core::Value;

use crate::control_model::{ResultCode, TaskStatus};

/// How a long running command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Completion {
    /// The id of the command.
    pub id: String,
    /// The result code.
    pub code: ResultCode,
    /// What the device says about it; may be empty.
    pub message: String,
}

impl Completion {
    /// The command with this id ended so.
    #[must_use]
    pub fn new(id: impl Into<String>, code: ResultCode, message: impl Into<String>) -> Completion {
        Completion {
            id: id.into(),
            code,
            message: message.into(),
        }
    }
}

impl fmt::Display for Completion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.message {
            "" => write!(formatter, "{}", self.code),
            message => write!(formatter, "{}: {message}", self.code),
        }
    }
}

/// What a device tells of one long running command at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LrcReport {
    /// Where the command is.
    pub status: Option<TaskStatus>,
    /// How far it is, in the device's own words; by convention a number of percent.
    pub progress: Option<String>,
    /// How it ended.
    pub completion: Option<Completion>,
}

impl LrcReport {
    /// The command is there.
    #[must_use]
    pub fn status(status: TaskStatus) -> LrcReport {
        LrcReport {
            status: Some(status),
            ..LrcReport::default()
        }
    }

    /// The command ended so.
    #[must_use]
    pub fn completion(completion: Completion) -> LrcReport {
        LrcReport {
            completion: Some(completion),
            ..LrcReport::default()
        }
    }

    /// Adds where the command is.
    #[must_use]
    pub fn with_status(mut self, status: TaskStatus) -> LrcReport {
        self.status = Some(status);
        self
    }

    /// Adds how far it is.
    #[must_use]
    pub fn with_progress(mut self, progress: impl Into<String>) -> LrcReport {
        self.progress = Some(progress.into());
        self
    }

    /// Takes over what a later report tells. Two protocols tell the same one after the other, so a
    /// status never goes back, and the first end stays.
    pub(super) fn take_over(&mut self, later: LrcReport) {
        let forward = later.status.filter(|new| {
            self.status
                .is_none_or(|old| !old.is_final() && (new.is_final() || *new > old))
        });
        self.status = forward.or(self.status);
        self.progress = later.progress.or_else(|| self.progress.take());
        let ended = self.completion.take();
        let lasting = ended.as_ref().is_some_and(|it| !it.code.is_accepted());
        self.completion = if lasting {
            ended
        } else {
            later.completion.or(ended)
        };
    }
}

/// `FAILED: no beams left`, or `IN_PROGRESS, 33 %`; empty when nothing is known.
impl fmt::Display for LrcReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(completion) = &self.completion {
            return fmt::Display::fmt(completion, formatter);
        }
        if let Some(status) = self.status {
            formatter.write_str(status.label())?;
        }
        // what a command that has ended had done before is no news
        let Some(progress) = self.progress.as_deref().filter(|_| !self.has_ended()) else {
            return Ok(());
        };
        if self.status.is_some() {
            formatter.write_str(", ")?;
        }
        match progress.parse::<f64>() {
            Ok(_) => write!(formatter, "{progress} %"),
            Err(_) => formatter.write_str(progress),
        }
    }
}

impl LrcReport {
    fn has_ended(&self) -> bool {
        self.status.is_some_and(TaskStatus::is_final)
    }
}

/// How a device tells how long running commands fare and end: by which attributes, and in which
/// form.
///
/// A device speaks a protocol when it pushes change events for its
/// [`result_attribute`](LrcProtocol::result_attribute). It may speak several, and use only one of
/// them: all are listened to, and the first to tell an end counts.
pub trait LrcProtocol: Debug + Send + Sync {
    /// The attribute that tells how commands end.
    fn result_attribute(&self) -> &str;

    /// The attributes that tell where commands are meanwhile; the device may lack any of them.
    fn progress_attributes(&self) -> &[&str] {
        &[]
    }

    /// What this value of one of the attributes tells of the command with this id; `None` if
    /// nothing.
    fn report(&self, attribute: &str, value: &Value, id: &str) -> Option<LrcReport>;
}

#[cfg(test)]
mod tests {
    use super::{Completion, LrcReport};
    use crate::control_model::{ResultCode, TaskStatus};

    #[test]
    fn a_report_reads_as_one_line() {
        let running = LrcReport::status(TaskStatus::InProgress).with_progress("33");
        assert_eq!(running.to_string(), "IN_PROGRESS, 33 %");
        let words = LrcReport::default().with_progress("slewing");
        assert_eq!(words.to_string(), "slewing");
        let failed = Completion::new("id", ResultCode::Failed, "no beams left");
        let ended = LrcReport::completion(failed).with_status(TaskStatus::Completed);
        assert_eq!(ended.to_string(), "FAILED: no beams left");
        let aborted = LrcReport::status(TaskStatus::Aborted).with_progress("66");
        assert_eq!(aborted.to_string(), "ABORTED");
    }

    #[test]
    fn what_comes_later_adds_to_what_is_known_and_never_goes_back() {
        let mut known = LrcReport::status(TaskStatus::Queued);
        known.take_over(LrcReport::status(TaskStatus::InProgress).with_progress("33"));
        known.take_over(LrcReport::status(TaskStatus::Queued));
        assert_eq!(known.to_string(), "IN_PROGRESS, 33 %");
        known.take_over(LrcReport::default().with_progress("66"));
        assert_eq!(known.to_string(), "IN_PROGRESS, 66 %");
        known.take_over(LrcReport::status(TaskStatus::Aborted));
        known.take_over(LrcReport::status(TaskStatus::InProgress));
        assert_eq!(known.status, Some(TaskStatus::Aborted));
        let end = |code| LrcReport::completion(Completion::new("id", code, ""));
        known.take_over(end(ResultCode::Aborted));
        known.take_over(end(ResultCode::Ok));
        assert_eq!(known.to_string(), "ABORTED");
    }
}
