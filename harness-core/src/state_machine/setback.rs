//! What follows when a step did not end as planned: another plan, or the account of it.

use super::arrival::AbandonedPlan;
use super::error::{NavigationError, StepError, StepProblem};
use super::navigation::{Leg, Navigation};
use super::plan::{Plan, PlannedStep};
use super::step::Setback;
use super::transition::State;

impl<S: State> Navigation<'_, S> {
    /// The plan from where the system has moved on to after a step.
    pub(super) fn follow(
        &mut self,
        leg: &Leg<S>,
        plan: Plan<S>,
        at: usize,
        found: S,
    ) -> Result<Plan<S>, NavigationError<S>> {
        self.overshoots_left = self.overshoots_left.saturating_sub(1);
        let new = self.machine.graph().plan(&found, &leg.to);
        match new {
            Some(new) if self.overshoots_left > 0 => {
                self.abandon(
                    plan,
                    at,
                    found,
                    "the system had moved on by itself".to_owned(),
                );
                self.note_plan(&new);
                Ok(new)
            }
            _ => {
                let overshot = self.taken.pop();
                let setback = Setback {
                    problem: StepProblem::WrongState,
                    found: Some(found),
                    entered: overshot.into_iter().map(|step| step.to).collect(),
                };
                Err(self.failed(leg, &plan, at, setback))
            }
        }
    }

    /// The state found and the plan from there, if the policy allows it and the state is known.
    pub(super) fn recover(
        &mut self,
        leg: &Leg<S>,
        plan: Plan<S>,
        at: usize,
        setback: Setback<S>,
    ) -> Result<(S, Plan<S>), NavigationError<S>> {
        let hopeless = matches!(
            setback.problem,
            StepProblem::OutOfTime(_)
                | StepProblem::NoAction
                | StepProblem::Build(_)
                | StepProblem::Vetoed(_)
                | StepProblem::Objected(_)
        );
        // a plan without time for it would only hide what took the time
        let too_late = self.timeout.has_expired() && setback.found.as_ref() != Some(&leg.to);
        if self.replans_left == 0 || hopeless || too_late {
            return Err(self.failed(leg, &plan, at, setback));
        }
        let way_on = setback.found.as_ref().and_then(|found| {
            let plan = self.machine.graph().plan(found, &leg.to)?;
            Some((found.clone(), plan))
        });
        let Some((found, new)) = way_on else {
            return Err(self.failed(leg, &plan, at, setback));
        };
        self.replans_left -= 1;
        let reason = setback.reason();
        tracing::info!(%found, problem = %reason, "planning again");
        self.abandon(plan, at, found.clone(), reason);
        self.note_plan(&new);
        Ok((found, new))
    }

    fn abandon(&mut self, plan: Plan<S>, at: usize, found: S, reason: String) {
        let step = plan
            .steps()
            .get(at)
            .map_or("", PlannedStep::name)
            .to_owned();
        self.abandoned.push(AbandonedPlan {
            plan,
            step,
            found,
            reason,
        });
    }

    fn failed(
        &mut self,
        leg: &Leg<S>,
        plan: &Plan<S>,
        at: usize,
        setback: Setback<S>,
    ) -> NavigationError<S> {
        let step = &plan.steps()[at];
        let number = self.taken.len() + 1 - leg.before;
        let way_on = setback
            .found
            .as_ref()
            .and_then(|found| self.machine.graph().plan(found, &leg.to));
        self.note(&format!(
            "{} ({} -> {}) failed: {}",
            step.name(),
            step.from(),
            step.to(),
            setback.reason()
        ));
        NavigationError::Step(Box::new(StepError {
            from: leg.from.clone(),
            to: leg.to.clone(),
            step: step.name().to_owned(),
            number,
            of: number + plan.steps().len() - at - 1,
            step_from: step.from().clone(),
            expected: step.to().clone(),
            found: setback.found,
            entered: setback.entered,
            way_on,
            taken: std::mem::take(&mut self.taken),
            abandoned: std::mem::take(&mut self.abandoned),
            problem: setback.problem,
        }))
    }
}
