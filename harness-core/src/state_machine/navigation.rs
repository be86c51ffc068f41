//! Walking a plan: step by step, confirming each.

use tokio::time::{Instant, timeout_at};

use super::arrival::{Arrival, StepTaken};
use super::error::{NavigationError, StepError, StepProblem};
use super::machine::{SetbackPolicy, StateMachine};
use super::observer::ObserveError;
use super::plan::{Plan, PlannedStep};
use super::transition::State;
use crate::journal::Mark;
use crate::timeout::Timeout;

/// One navigation to one target.
pub(super) struct Navigation<'a, S: State> {
    machine: &'a StateMachine<S>,
    target: S,
    timeout: &'a Timeout,
    began: Instant,
    replans_left: u32,
    /// How often the system may have left a transient state before the next step began. Each time
    /// the way is planned anew, which must not go on forever.
    overshoots_left: usize,
    taken: Vec<StepTaken<S>>,
}

/// A step that went wrong, before the whole story is told.
struct Setback<S> {
    problem: StepProblem,
    found: Option<S>,
    entered: Vec<S>,
}

impl<S> Setback<S> {
    fn before_the_action(problem: StepProblem, state: &S) -> Setback<S>
    where
        S: Clone,
    {
        Setback {
            problem,
            found: Some(state.clone()),
            entered: Vec::new(),
        }
    }
}

impl<'a, S: State> Navigation<'a, S> {
    pub(super) fn new(machine: &'a StateMachine<S>, target: S, timeout: &'a Timeout) -> Self {
        Navigation {
            machine,
            target,
            timeout,
            began: Instant::now(),
            replans_left: match machine.setback_policy() {
                SetbackPolicy::Fail => 0,
                SetbackPolicy::Replan(times) => times,
            },
            overshoots_left: machine.graph().states().count(),
            taken: Vec::new(),
        }
    }

    pub(super) async fn run(mut self) -> Result<Arrival<S>, NavigationError<S>> {
        self.timeout.start();
        let from = self.look().await?;
        let mut at = from.clone();
        let mut plan = self.machine.plan(&at, &self.target)?;
        self.note_plan(&plan);
        let mut next = 0;
        while let Some(step) = plan.steps().get(next) {
            let found = match self.take(step).await {
                Ok(found) => found,
                Err(setback) => {
                    let here = self.recover(&from, &plan, next, setback)?;
                    at = here;
                    plan = self.machine.plan(&at, &self.target)?;
                    self.note_plan(&plan);
                    next = 0;
                    continue;
                }
            };
            next += 1;
            let moved_on = found != *step.to();
            let is_last = next == plan.steps().len();
            at = found;
            if moved_on && !is_last {
                self.overshoots_left = self.overshoots_left.saturating_sub(1);
                if self.overshoots_left == 0 {
                    let setback = Setback {
                        problem: StepProblem::WrongState,
                        found: Some(at),
                        entered: Vec::new(),
                    };
                    return Err(self.failed(&from, &plan, next - 1, setback));
                }
                plan = self.machine.plan(&at, &self.target)?;
                self.note_plan(&plan);
                next = 0;
            }
        }
        Ok(Arrival {
            from,
            target: self.target,
            state_now: at,
            steps: self.taken,
            took: self.began.elapsed(),
        })
    }

    /// Subscribes to what is needed and reads the state.
    async fn look(&self) -> Result<S, NavigationError<S>> {
        let unknown = |source| NavigationError::Observe {
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
        // without time to wait it looks once, and takes the time that needs
        if self.timeout.has_expired() {
            return looking.await.map_err(unknown);
        }
        match timeout_at(self.timeout.start(), looking).await {
            Ok(looked) => looked.map_err(unknown),
            Err(_) => Err(unknown(ObserveError::OutOfTime(self.timeout.initial()))),
        }
    }

    /// Takes one step and gives the state found after it.
    async fn take(&mut self, step: &PlannedStep<S>) -> Result<S, Setback<S>> {
        let began = Instant::now();
        let mark = self.machine.tracer().mark();
        let outcome = self.execute_and_confirm(step, &mark).await;
        if let Ok(found) = &outcome {
            self.note_state(found);
            self.taken.push(StepTaken {
                name: step.name().to_owned(),
                from: step.from().clone(),
                to: step.to().clone(),
                found: found.clone(),
                took: began.elapsed(),
            });
        }
        outcome
    }

    async fn execute_and_confirm(
        &self,
        step: &PlannedStep<S>,
        mark: &Mark,
    ) -> Result<S, Setback<S>> {
        if self.timeout.has_expired() {
            let problem = StepProblem::OutOfTime(self.timeout.initial());
            return Err(Setback::before_the_action(problem, step.from()));
        }
        let builder = self
            .machine
            .graph()
            .transition(step.transition())
            .and_then(|transition| transition.action_builder())
            .ok_or_else(|| Setback::before_the_action(StepProblem::NoAction, step.from()))?;
        let mut action = builder
            .build()
            .map_err(|error| Setback::before_the_action(StepProblem::Build(error), step.from()))?;
        let executed = action.execute(self.timeout.clone()).await;
        let found = self.machine.observer().current().await;
        let entered = self.machine.observer().entered_since(mark);
        match (executed, found) {
            (Err(error), found) => {
                let problem = StepProblem::Action(error);
                Err(Setback {
                    problem,
                    found: found.ok(),
                    entered,
                })
            }
            (Ok(()), Err(error)) => Err(Setback {
                problem: StepProblem::Observe(error),
                found: None,
                entered,
            }),
            (Ok(()), Ok(found)) => {
                let passed_through = step.is_transient() && entered.contains(step.to());
                if found == *step.to() || passed_through {
                    Ok(found)
                } else {
                    let problem = StepProblem::WrongState;
                    Err(Setback {
                        problem,
                        found: Some(found),
                        entered,
                    })
                }
            }
        }
    }

    /// The state to plan again from, if the policy allows it and the state is known.
    fn recover(
        &mut self,
        from: &S,
        plan: &Plan<S>,
        at: usize,
        setback: Setback<S>,
    ) -> Result<S, NavigationError<S>> {
        let hopeless = matches!(
            setback.problem,
            StepProblem::OutOfTime(_) | StepProblem::NoAction | StepProblem::Build(_)
        );
        // a plan without time for it would only hide what took the time
        let too_late = self.timeout.has_expired() && setback.found.as_ref() != Some(&self.target);
        match &setback.found {
            Some(found) if self.replans_left > 0 && !hopeless && !too_late => {
                self.replans_left -= 1;
                tracing::info!(%found, problem = %setback.problem, "planning again");
                Ok(found.clone())
            }
            _ => Err(self.failed(from, plan, at, setback)),
        }
    }

    fn failed(
        &mut self,
        from: &S,
        plan: &Plan<S>,
        at: usize,
        setback: Setback<S>,
    ) -> NavigationError<S> {
        let step = &plan.steps()[at];
        let number = self.taken.len() + 1;
        let way_on = setback
            .found
            .as_ref()
            .and_then(|found| self.machine.graph().plan(found, &self.target));
        NavigationError::Step(Box::new(StepError {
            from: from.clone(),
            to: self.target.clone(),
            step: step.name().to_owned(),
            number,
            of: number + plan.steps().len() - at - 1,
            step_from: step.from().clone(),
            expected: step.to().clone(),
            found: setback.found,
            entered: setback.entered,
            way_on,
            taken: std::mem::take(&mut self.taken),
            problem: setback.problem,
        }))
    }

    fn note_state(&self, state: &S) {
        self.machine
            .tracer()
            .journal()
            .state(self.machine.name(), state.to_string());
    }

    fn note_plan(&self, plan: &Plan<S>) {
        if !plan.is_empty() {
            tracing::debug!(%plan, "navigation planned");
            let name = self.machine.name();
            self.machine
                .tracer()
                .journal()
                .note(format!("plan for {name}: {plan}"));
        }
    }
}
