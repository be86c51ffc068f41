//! One user and its cycles.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::ending::Ending;
use super::recorder::Recorder;
use super::user::{CycleError, User};
use crate::load::measure::ResultClass;

/// One user and its cycles.
pub(super) struct Cycling<U> {
    pub(super) user: U,
    pub(super) number: u64,
    pub(super) recorder: Recorder,
    pub(super) ending: Ending,
    pub(super) grace: Duration,
}

impl<U: User> Cycling<U> {
    /// Goes through one cycle, and tells whether it was cut off.
    pub(super) async fn go_through_one(&mut self, planned: Instant) -> Cut {
        let recorder = self.recorder.clone();
        recorder.tally().counts.started += 1;
        let begun = Instant::now();
        let busy = recorder.user_is_busy();
        let outcome = tokio::select! {
            outcome = self.user.cycle(&recorder, planned) => outcome,
            () = self.ending.cut_off() => {
                recorder.tally().counts.cut_off += 1;
                return Cut::Off;
            }
        };
        drop(busy);
        let ended = Instant::now();
        recorder.cycle(planned, ended, outcome.as_ref().err());
        let is_unreachable = |it: &CycleError| it.class == ResultClass::Unreachable;
        Cut::Through {
            took: ended - begun,
            unreachable: outcome.as_ref().err().is_some_and(is_unreachable),
        }
    }

    /// Does what is done once before the first cycle.
    pub(super) async fn begin(&mut self) -> Result<(), CycleError> {
        self.user.begin(&self.recorder).await
    }

    /// Does what is done once after the last cycle, and waits so long for it.
    pub(super) async fn end(mut self) {
        let outcome = timeout(self.grace, self.user.end(&self.recorder)).await;
        let (class, words) = match outcome {
            Ok(Ok(())) => return,
            Ok(Err(error)) => (error.class, error.words),
            Err(_) => {
                let words = format!("took longer than {:?}", self.grace);
                (ResultClass::TimedOut, words)
            }
        };
        let words = format!("user {}: {words}", self.number);
        let at = self.recorder.elapsed();
        let mut tally = self.recorder.tally();
        tally.counts.ends_failed += 1;
        tally.errors.record("end of a user", class, &words, at);
    }
}

/// Whether a cycle was cut off.
pub(super) enum Cut {
    /// It was not.
    Through {
        /// How long it took.
        took: Duration,
        /// Whether it ended since nobody could be reached.
        unreachable: bool,
    },
    /// It was: the load has ended.
    Off,
}
