//! Faults on a timetable, while a load goes on.

use std::sync::Arc;
use std::time::Duration;

use harness_core::fault::Fault;
use tokio::time::{Instant, sleep_until};

use super::ending::Ending;
use super::recorder::Recorder;

/// When a fault comes and goes, counted from when the clock is started.
#[derive(Clone, Debug)]
pub(super) struct PlannedFault {
    pub(super) fault: Arc<dyn Fault>,
    pub(super) at: Duration,
    pub(super) lasting: Duration,
    /// It comes again so long after it came, if it does.
    pub(super) every: Option<Duration>,
}

impl PlannedFault {
    /// Lets it come and go until the load ends; it is over when this returns.
    pub(super) async fn run(self, recorder: Recorder, start: Instant, mut ending: Ending) {
        let name: Arc<str> = self.fault.describe().into();
        let mut at = start + self.at;
        loop {
            if !comes(at, &mut ending).await {
                return;
            }
            let began = recorder.elapsed();
            recorder.tally().windows.begin(&name, began);
            match self.fault.start().await {
                Ok(guard) => {
                    comes(at + self.lasting, &mut ending).await;
                    // its window ends when it has: what happens while it heals is still inside
                    match guard.stop().await {
                        Ok(()) => {
                            let ended = recorder.elapsed();
                            recorder.tally().windows.end(&name, ended, None);
                        }
                        Err(error) => told(&recorder, &name, &error),
                    }
                }
                Err(error) => told(&recorder, &name, &error),
            }
            match self.every {
                Some(every) => at += every,
                None => return,
            }
        }
    }
}

/// Keeps why a fault could not be begun or ended.
fn told(recorder: &Recorder, name: &str, error: &(dyn std::error::Error + 'static)) {
    let mut words = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        words += &format!(": {error}");
        below = error.source();
    }
    let at = recorder.elapsed();
    recorder.tally().windows.end(name, at, Some(words));
}

/// Waits until a moment, and tells whether the load still goes on.
async fn comes(moment: Instant, ending: &mut Ending) -> bool {
    tokio::select! {
        () = sleep_until(moment) => !ending.has_begun(),
        () = ending.begun() => false,
    }
}
