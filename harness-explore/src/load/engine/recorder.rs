//! Where users tell what they did.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::throttle::Throttle;
use super::user::CycleError;
use crate::load::measure::{Phase, Sample, Tally, When};
use crate::load::plan::{Plan, Profile};
use crate::load::report::{LoadReport, Violation};

/// Where users tell what they did. Clones tell the same place.
#[derive(Clone)]
pub struct Recorder(Arc<Shared>);

/// What all users share. Behind a lock, since each of the many samples is added in less time than it
/// would take to hand it over.
struct Shared {
    /// Not yet while users begin.
    start: OnceLock<Instant>,
    profile: Profile,
    tally: Mutex<Tally>,
    throttle: Option<Throttle>,
    users: AtomicU64,
    busy: AtomicU64,
    /// How long a cycle usually takes, in microseconds.
    usual: AtomicU64,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    /// For what this plan does; the clock is not started.
    pub(crate) fn of(plan: &Plan) -> Recorder {
        Recorder(Arc::new(Shared {
            start: OnceLock::new(),
            profile: plan.profile(),
            tally: Mutex::default(),
            throttle: plan
                .throttle
                .map(|rate| Throttle::new(rate / f64::from(plan.shard.of()))),
            users: AtomicU64::new(0),
            busy: AtomicU64::new(0),
            usual: AtomicU64::new(0),
        }))
    }

    /// Starts the clock.
    pub(crate) fn start_clock(&self) -> Instant {
        *self.0.start.get_or_init(Instant::now)
    }

    /// Takes what was done to the figures. Before the clock is started, while users begin, nothing is.
    pub fn record(&self, sample: &Sample<'_>) {
        if self.0.start.get().is_none() {
            return;
        }
        let when = When {
            planned: self.offset(sample.planned),
            begun: self.offset(sample.begun),
            ended: self.offset(sample.ended),
            held: self.0.profile.is_held(self.offset(sample.ended)),
        };
        let phase = self.phase(when.planned);
        let Sample {
            action,
            from,
            class,
            ..
        } = *sample;
        self.tally()
            .record(action, from, class, phase, &when, sample.error);
    }

    /// Tells something that must not be, and was.
    pub fn violation(&self, device: impl Into<String>, words: impl Into<String>) {
        /// So many are kept: after them nobody learns more.
        const MOST: usize = 1000;
        let violation = Violation {
            at: self.elapsed(),
            device: device.into(),
            words: words.into(),
        };
        let mut tally = self.tally();
        if tally.violations.len() < MOST {
            tally.violations.push(violation);
        } else {
            tally.counts.untold_violations += 1;
        }
    }

    /// Tells that a device went from one state to another, where it was for so long, if that is known.
    /// Before the clock is started nothing is taken to the figures.
    pub fn transition(&self, from: &str, to: &str, lasted: Option<Duration>) {
        if self.0.start.get().is_some() {
            self.tally().transition(from, to, lasted);
        }
    }

    /// Tells that changes of a state may have been missed. Before the clock is started nothing is taken to
    /// the figures.
    pub fn gap(&self) {
        if self.0.start.get().is_some() {
            self.tally().counts.gaps += 1;
        }
    }

    /// Adds to a report what was told since it was made by those who are no users.
    pub(crate) fn refresh(&self, report: &mut LoadReport) {
        let tally = self.tally();
        report.violations = tally.violations.clone();
        report.transitions = tally.transitions();
        report.dwell = tally.dwell();
        report.counts.transitions = tally.counts.transitions;
        report.counts.gaps = tally.counts.gaps;
        report.counts.untold_violations = tally.counts.untold_violations;
        report.verdict = report.judged();
    }

    /// Waits until one more action may begin, where the plan limits how many do. Gives from when the action
    /// counts: when it was planned, or when it was let go, if it had to wait for that; what a throttle holds
    /// back is no latency of the device.
    pub async fn admitted(&self, planned: Instant) -> Instant {
        match &self.0.throttle {
            Some(throttle) if throttle.admitted().await => Instant::now().max(planned),
            _ => planned,
        }
    }

    /// How much time has passed since the clock was started; none before that.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.offset(Instant::now())
    }

    /// In which part of the load this moment is.
    pub(crate) fn phase(&self, at: Duration) -> Phase {
        self.0.profile.phase(at)
    }

    pub(crate) fn held(&self) -> Duration {
        self.0.profile.held_until(self.elapsed())
    }

    pub(crate) fn offset(&self, at: Instant) -> Duration {
        let start = self.0.start.get();
        start.map_or(Duration::ZERO, |start| at.saturating_duration_since(*start))
    }

    pub(crate) fn tally(&self) -> MutexGuard<'_, Tally> {
        // what was added before a panic elsewhere still counts
        self.0.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a cycle that went through, or did not, to the figures.
    pub(crate) fn cycle(&self, planned: Instant, ended: Instant, failed: Option<&CycleError>) {
        let (from, to) = (self.offset(planned), self.offset(ended));
        let phase = self.phase(from);
        let mut tally = self.tally();
        if phase == Phase::WarmUp {
            tally.counts.warm_up += 1;
            return;
        }
        match failed {
            Some(_) => tally.counts.failed += 1,
            None => {
                tally.counts.done += 1;
                tally.record_cycle(to.saturating_sub(from));
            }
        }
    }

    /// Notes how much later than planned something was begun that nothing but timers held up.
    pub(crate) fn note_lag(&self, planned: Instant) {
        self.tally().lag.record(planned.elapsed());
    }

    /// Looks at how long a cycle usually takes.
    pub(crate) fn look_at_usual(&self) {
        /// With fewer there is nothing usual.
        const FEWEST: u64 = 20;
        let tally = self.tally();
        let usual = tally.cycles.percentile(50.0);
        if let Some(usual) = usual.filter(|_| tally.cycles.count() >= FEWEST) {
            let micros = u64::try_from(usual.as_micros()).unwrap_or(u64::MAX);
            self.0.usual.store(micros, Ordering::Relaxed);
        }
    }

    /// Adds the cycles that a user would have begun in the time that one took, had it not waited: one
    /// every usual time.
    pub(crate) fn backfill(&self, took: Duration) {
        let usual = Duration::from_micros(self.0.usual.load(Ordering::Relaxed));
        if usual.is_zero() || took < usual * 2 {
            return;
        }
        let mut tally = self.tally();
        let mut waited = took.saturating_sub(usual);
        // a stall of a day would be a billion of microseconds
        let mut left = 100_000;
        while waited >= usual && left > 0 {
            tally.backfill.record(waited);
            waited -= usual;
            left -= 1;
        }
    }

    /// A user is there, until what is returned is dropped.
    pub(crate) fn user_is_there(&self) -> Presence {
        let now = self.0.users.fetch_add(1, Ordering::Relaxed) + 1;
        let mut tally = self.tally();
        tally.counts.users = tally.counts.users.max(now);
        Presence(self.clone(), |shared| &shared.users)
    }

    /// A user is in a cycle, until what is returned is dropped.
    pub(crate) fn user_is_busy(&self) -> Presence {
        self.0.busy.fetch_add(1, Ordering::Relaxed);
        Presence(self.clone(), |shared| &shared.busy)
    }

    /// How many users there are, and how many of them are in a cycle.
    pub(crate) fn present(&self) -> (u64, u64) {
        let count = |it: &AtomicU64| it.load(Ordering::Relaxed);
        (count(&self.0.users), count(&self.0.busy))
    }
}

/// Counts somebody for as long as it lives.
pub(crate) struct Presence(Recorder, fn(&Shared) -> &AtomicU64);

impl Drop for Presence {
    fn drop(&mut self) {
        (self.1)(&self.0.0).fetch_sub(1, Ordering::Relaxed);
    }
}
