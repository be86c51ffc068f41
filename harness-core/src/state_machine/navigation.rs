//! Walking a plan, step by step; what follows on a step that went wrong is in `setback`.

use tokio::time::{Instant, timeout_at};

use super::arrival::{AbandonedPlan, Arrival, StepTaken};
use super::cancel::Cancel;
use super::error::{Cancelled, NavigationError};
use super::machine::{SetbackPolicy, StateMachine};
use super::no_path::NoPath;
use super::observer::ObserveError;
use super::plan::{Plan, PlannedStep};
use super::step::{GRACE, Halt, Stepping, look_again};
use super::transition::State;
use crate::timeout::Timeout;

/// One navigation to one target, perhaps through other states.
pub(super) struct Navigation<'a, S: State> {
    pub(super) machine: &'a StateMachine<S>,
    target: S,
    pub(super) timeout: &'a Timeout,
    began: Instant,
    from: Option<S>,
    pub(super) replans_left: u32,
    /// How often the system may have left a transient state before the next step began. Each time
    /// the way is planned anew, which must not go on forever.
    pub(super) overshoots_left: usize,
    pub(super) taken: Vec<StepTaken<S>>,
    pub(super) abandoned: Vec<AbandonedPlan<S>>,
}

/// The way to the next of several states.
pub(super) struct Leg<S> {
    pub(super) from: S,
    pub(super) to: S,
    /// How many steps had been taken before it.
    pub(super) before: usize,
}

impl<'a, S: State> Navigation<'a, S> {
    pub(super) fn new(machine: &'a StateMachine<S>, target: S, timeout: &'a Timeout) -> Self {
        Navigation {
            machine,
            target,
            timeout,
            began: Instant::now(),
            from: None,
            replans_left: match machine.setback_policy() {
                SetbackPolicy::Fail => 0,
                SetbackPolicy::Replan(times) => times,
            },
            overshoots_left: machine.graph().states().count(),
            taken: Vec::new(),
            abandoned: Vec::new(),
        }
    }

    /// Goes to each of the stops, and then to the target.
    pub(super) async fn run(mut self, stops: Vec<S>) -> Result<Arrival<S>, NavigationError<S>> {
        self.timeout.start();
        let looked = match self.machine.cancel() {
            Some(cancel) => cancel.unless_cancelled(self.look()).await,
            None => Some(self.look().await),
        };
        let Some(looked) = looked else {
            return Err(self.cancelled(None, Vec::new()).await);
        };
        let from = looked?;
        self.from = Some(from.clone());
        if !stops.is_empty() {
            // a wrong way must cost nothing, also where only its last leg is wrong
            let graph = self.machine.graph();
            graph
                .plan_through(&from, &stops, &self.target)
                .map_err(|error| self.nowhere(error))?;
        }
        let mut at = from.clone();
        for stop in stops.into_iter().chain([self.target.clone()]) {
            at = self.go(at, stop).await?;
        }
        Ok(Arrival {
            from,
            target: self.target,
            state_now: at,
            steps: self.taken,
            abandoned: self.abandoned,
            took: self.began.elapsed(),
        })
    }

    /// Goes one leg of the way, and gives the state found at its end.
    async fn go(&mut self, from: S, to: S) -> Result<S, NavigationError<S>> {
        let leg = Leg {
            from,
            to,
            before: self.taken.len(),
        };
        let mut at = leg.from.clone();
        let mut plan = self.machine.graph().plan(&at, &leg.to).ok_or_else(|| {
            let begin = self.from.as_ref().unwrap_or(&at);
            self.nowhere(NoPath::new(self.machine.graph(), begin, &at, &leg.to))
        })?;
        self.note_plan(&plan);
        let mut next = 0;
        while let Some(step) = plan.steps().get(next) {
            if self.machine.cancel().is_some_and(Cancel::is_cancelled) {
                return Err(self.cancelled(None, Vec::new()).await);
            }
            let stepping = Stepping {
                machine: self.machine,
                timeout: self.timeout,
                step,
            };
            match stepping.take().await {
                Ok(taken) => {
                    next += 1;
                    self.note_state(&taken.found);
                    at = taken.found.clone();
                    let moved_on = taken.passed_through();
                    self.taken.push(taken);
                    if moved_on && next < plan.steps().len() {
                        plan = self.follow(&leg, plan, next - 1, at.clone())?;
                        next = 0;
                    }
                }
                Err(Halt::Setback(setback)) => {
                    if let Some(found) = &setback.found {
                        self.note_state(found);
                    }
                    (at, plan) = self.recover(&leg, plan, next, setback)?;
                    next = 0;
                }
                Err(Halt::Cancelled(sent)) => {
                    return Err(self.cancelled(Some(step.clone()), sent).await);
                }
            }
        }
        Ok(at)
    }

    /// Subscribes to what is needed and reads the state.
    async fn look(&self) -> Result<S, NavigationError<S>> {
        let unknown = |source| NavigationError::Observe {
            of: self.machine.whose_state(),
            to: self.target.clone(),
            source: Box::new(source),
        };
        let looking = async {
            self.machine.observer().prepare().await?;
            self.machine.observer().current().await
        };
        let action = format!("look where {} is", self.machine.name());
        let awaited = || vec![format!("{} to tell its state", self.machine.name())];
        let looking = self.machine.tracer().while_waiting_for_all(
            &action,
            Some(self.timeout),
            awaited,
            looking,
        );
        // without time to wait it looks once, and takes a moment for that
        let (until, had) = match self.timeout.has_expired() {
            true => (Instant::now() + GRACE, GRACE),
            false => (self.timeout.start(), self.timeout.initial()),
        };
        match timeout_at(until, looking).await {
            Ok(looked) => looked.map_err(unknown),
            Err(_) => Err(unknown(ObserveError::OutOfTime(had))),
        }
    }

    async fn cancelled(
        &mut self,
        under_way: Option<PlannedStep<S>>,
        sent: Vec<String>,
    ) -> NavigationError<S> {
        let found = look_again(self.machine, Instant::now()).await.ok();
        let cancelled = Cancelled {
            from: self.from.take(),
            to: self.target.clone(),
            taken: std::mem::take(&mut self.taken),
            under_way,
            sent,
            found,
        };
        self.note(&cancelled.to_string());
        NavigationError::Cancelled(Box::new(cancelled))
    }

    fn nowhere(&self, error: NoPath<S>) -> NavigationError<S> {
        self.note(&error.to_string());
        NavigationError::NoPath(Box::new(error))
    }

    fn note_state(&self, state: &S) {
        let journal = self.machine.tracer().journal();
        journal.state(self.machine.name(), state.to_string());
    }

    pub(super) fn note_plan(&self, plan: &Plan<S>) {
        if !plan.is_empty() {
            tracing::debug!(%plan, "navigation planned");
            let name = self.machine.name();
            let journal = self.machine.tracer().journal();
            journal.note(format!("plan for {name}: {plan}"));
        }
    }

    pub(super) fn note(&self, words: &str) {
        let journal = self.machine.tracer().journal();
        journal.note(format!("{}: {words}", self.machine.name()));
    }
}
