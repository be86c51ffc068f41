//! A load that is carried out.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;
use std::time::Duration;

use harness_core::fault::Fault;
use tokio::time::Instant;

use super::chaos::PlannedFault;
use super::conductor::Conductor;
use super::live::Live;
use super::recorder::Recorder;
use super::user::{Identity, User};
use crate::load::plan::{Plan, PlanError};
use crate::load::report::{Gauge, LoadReport};

/// Adds to what is seen at one moment.
pub(super) type Watch = Arc<dyn Fn(&mut Gauge) + Send + Sync>;

/// Told about once a second how a load is going.
pub(super) type Observer = Box<dyn FnMut(&Live) + Send>;

/// A load that is carried out: a plan, and what else there is beside the users.
///
/// ```
/// use std::time::Duration;
/// use harness_explore::load::{CycleError, Load, Plan, Recorder, Sample, User};
/// use tokio::time::Instant;
///
/// struct Patient;
///
/// impl User for Patient {
///     async fn cycle(&mut self, recorder: &Recorder, planned: Instant) -> Result<(), CycleError> {
///         let begun = Instant::now();
///         tokio::time::sleep(Duration::from_millis(2)).await; // here something is asked of a device
///         recorder.record(&Sample::done("wait", begun).planned_at(planned));
///         Ok(())
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let report = Load::new(Plan::cycles("patience", 5, 20))?
///     .run(|_| Patient, std::future::pending())
///     .await;
/// assert_eq!(report.counts.done, 100);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a load does nothing until it is run"]
pub struct Load {
    pub(super) plan: Plan,
    pub(super) recorder: Recorder,
    pub(super) faults: Vec<PlannedFault>,
    pub(super) watches: Vec<Watch>,
    pub(super) observer: Option<Observer>,
    pub(super) starts: Option<Instant>,
}

impl Load {
    /// The load of a plan.
    ///
    /// # Errors
    /// When the plan can not be carried out.
    pub fn new(plan: Plan) -> Result<Load, PlanError> {
        plan.check()?;
        Ok(Load {
            recorder: Recorder::of(&plan),
            plan,
            faults: Vec::new(),
            watches: Vec::new(),
            observer: None,
            starts: None,
        })
    }

    /// Makes something go wrong so long after the clock was started, for so long. Whatever happens, it is
    /// over when [`run`](Self::run) returns.
    pub fn with_fault(
        mut self,
        fault: impl Fault + 'static,
        at: Duration,
        lasting: Duration,
    ) -> Load {
        self.faults.push(PlannedFault {
            fault: Arc::new(fault),
            at,
            lasting,
            every: None,
        });
        self
    }

    /// The same, again and again: it comes so long after it came the time before.
    pub fn with_recurring_fault(
        mut self,
        fault: impl Fault + 'static,
        at: Duration,
        lasting: Duration,
        every: Duration,
    ) -> Load {
        self.faults.push(PlannedFault {
            fault: Arc::new(fault),
            at,
            lasting,
            every: Some(every.max(lasting)),
        });
        self
    }

    /// Adds something to what is seen once a second: in which states devices are.
    pub fn with_watch(mut self, watch: impl Fn(&mut Gauge) + Send + Sync + 'static) -> Load {
        self.watches.push(Arc::new(watch));
        self
    }

    /// Is told once a second how it is going, from the time on at which users begin.
    pub fn with_observer(mut self, observer: impl FnMut(&Live) + Send + 'static) -> Load {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Starts the clock at this moment, when all users have begun; at once when they have, if that is later.
    pub fn with_start(mut self, start: Instant) -> Load {
        self.starts = Some(start);
        self
    }

    /// How it is going, at any time.
    #[must_use]
    pub fn live(&self) -> Live {
        Live::of(&self.plan, &self.recorder, &self.watches)
    }

    /// Where what happens is told by those who are no users: what watches the devices.
    #[must_use]
    pub fn recorder(&self) -> Recorder {
        self.recorder.clone()
    }

    /// Carries it out: makes the users, lets all of them begin, starts the clock, and goes on until the
    /// stages are over, the users are through, a threshold ends it, or `stop` says why it shall end.
    /// Then cycles that are under way may come to their end, users do what they do at the end, and faults
    /// are over.
    ///
    /// Dropping the future ends everything where it is; faults are over then, too, as soon as tasks run.
    pub async fn run<U: User>(
        self,
        user: impl FnMut(Identity) -> U,
        stop: impl Future<Output = String>,
    ) -> LoadReport {
        Conductor::of(self).run(user, stop).await
    }
}

impl Debug for Load {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load")
            .field("plan", &self.plan)
            .finish_non_exhaustive()
    }
}
