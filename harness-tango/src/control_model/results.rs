//! What commands answer and how long running commands fare.

use super::vocabulary::vocabulary;

vocabulary! {
    /// What a command answers, and how a long running command ends.
    pub enum ResultCode ("result code") {
        /// Done.
        Ok = 0 => "OK",
        /// Started; an id follows.
        Started = 1 => "STARTED",
        /// Put into the queue; an id follows.
        Queued = 2 => "QUEUED",
        /// Failed; the reason follows.
        Failed = 3 => "FAILED",
        /// Nobody knows.
        Unknown = 4 => "UNKNOWN",
        /// Not accepted; the reason follows.
        Rejected = 5 => "REJECTED",
        /// Not allowed in the present state.
        NotAllowed = 6 => "NOT_ALLOWED",
        /// Ended by an abort.
        Aborted = 7 => "ABORTED",
    }
}

impl ResultCode {
    /// Whether the command goes on after this answer: STARTED and QUEUED.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        matches!(self, ResultCode::Started | ResultCode::Queued)
    }
}

vocabulary! {
    /// Where a long running command is.
    pub enum TaskStatus ("task status") {
        /// About to enter the queue.
        Staging = 0 => "STAGING",
        /// In the queue.
        Queued = 1 => "QUEUED",
        /// Being executed.
        InProgress = 2 => "IN_PROGRESS",
        /// Ended by an abort.
        Aborted = 3 => "ABORTED",
        /// The device does not know the id.
        NotFound = 4 => "NOT_FOUND",
        /// Ended by itself; the result says how.
        Completed = 5 => "COMPLETED",
        /// Not allowed when its turn came.
        Rejected = 6 => "REJECTED",
        /// Ended by an unhandled exception.
        Failed = 7 => "FAILED",
    }
}

impl TaskStatus {
    /// Whether nothing follows after this status.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            TaskStatus::Aborted | TaskStatus::Completed | TaskStatus::Rejected | TaskStatus::Failed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{ResultCode, TaskStatus};

    #[test]
    fn numbers_are_those_of_the_control_model() {
        let numbers = |words: &[&str]| -> Vec<i64> {
            words
                .iter()
                .map(|word| word.parse::<ResultCode>().unwrap().number())
                .collect()
        };
        assert_eq!(numbers(ResultCode::LABELS), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!("not allowed".parse(), Ok(ResultCode::NotAllowed));
        assert_eq!(TaskStatus::from_number(2), Some(TaskStatus::InProgress));
        assert_eq!(TaskStatus::from_number(8), None);
    }

    #[test]
    fn only_queued_and_started_go_on() {
        let accepted: Vec<_> = ResultCode::ALL
            .iter()
            .filter(|code| code.is_accepted())
            .collect();
        assert_eq!(accepted, [&ResultCode::Started, &ResultCode::Queued]);
    }
}
