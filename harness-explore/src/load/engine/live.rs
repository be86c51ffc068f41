//! How a load is going.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use super::load::Watch;
use super::recorder::Recorder;
use crate::load::measure::{FaultWindow, Latencies, Measurement, Phase, ResultClass, Snapshot};
use crate::load::plan::Plan;
use crate::load::report::{Counts, Gauge, LoadReport, Summary, TransitionCount};

/// How a load is going, while it goes on and after that. Clones tell the same.
#[derive(Clone)]
pub struct Live {
    plan: Arc<Plan>,
    recorder: Recorder,
    watches: Arc<[Watch]>,
}

impl Live {
    pub(super) fn of(plan: &Plan, recorder: &Recorder, watches: &[Watch]) -> Live {
        Live {
            plan: Arc::new(plan.clone()),
            recorder: recorder.clone(),
            watches: watches.into(),
        }
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How much time has passed since the clock was started; none while users begin.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.recorder.elapsed()
    }

    /// In which part of the load it is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.recorder.phase(self.recorder.elapsed())
    }

    /// How many ended with each class by now, warm-up left out, in the order of [`ResultClass::ALL`]:
    /// quick.
    #[must_use]
    pub fn by_class(&self) -> [u64; ResultClass::ALL.len()] {
        self.recorder.tally().by_class(false)
    }

    /// The figures by now.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let measurements = self.measurements();
        Summary::of_measurements(&measurements, self.recorder.held())
    }

    /// Everything that was measured by now.
    #[must_use]
    pub fn measurements(&self) -> Vec<Measurement> {
        self.recorder.tally().measurements()
    }

    /// Cycles and starts by now.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.recorder.tally().counts
    }

    /// How many things happened by now that must not.
    #[must_use]
    pub fn violations(&self) -> usize {
        self.recorder.tally().violations.len()
    }

    /// How often devices went from one state to another by now.
    #[must_use]
    pub fn transitions(&self) -> Vec<TransitionCount> {
        self.recorder.tally().transitions()
    }

    /// How long devices stayed in each state, as often as they left it by now.
    #[must_use]
    pub fn dwell(&self) -> BTreeMap<String, Latencies> {
        self.recorder.tally().dwell()
    }

    /// What was made to go wrong by now, and when.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultWindow> {
        self.recorder.tally().windows.all().to_vec()
    }

    /// What thresholds are judged by, as it is by now.
    pub(super) fn so_far(&self) -> LoadReport {
        let (lasted, held) = (self.recorder.elapsed(), self.recorder.held());
        let tally = self.recorder.tally();
        LoadReport {
            lasted,
            held,
            counts: tally.counts,
            cycles: tally.cycles.clone(),
            measurements: tally.measurements(),
            faults: tally.windows.all().to_vec(),
            violations: tally.violations.clone(),
            ..LoadReport::default()
        }
    }

    /// What metrics tell, as it is by now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.recorder.tally().snapshot()
    }

    /// What is seen at this moment. What the process uses is not among it: that needs two moments.
    #[must_use]
    pub fn gauge(&self) -> Gauge {
        let (users, busy) = self.recorder.present();
        let mut gauge = Gauge {
            at: self.recorder.elapsed(),
            users,
            busy,
            ..Gauge::default()
        };
        self.watches.iter().for_each(|watch| watch(&mut gauge));
        gauge
    }
}

impl Debug for Live {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("elapsed", &self.elapsed())
            .finish_non_exhaustive()
    }
}
