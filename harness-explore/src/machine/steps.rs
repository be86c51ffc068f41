//! The low-level form: a machine that says for itself which steps it could take now.

use serde::de::DeserializeOwned;

use super::call::Produced;
use super::declaration::Machine;
use super::rule::Rule;
use super::rule_error::RuleError;
use crate::strategy::Strategy;

/// The name of the one rule, and of its one argument.
const STEP: &str = "step";

/// A machine that says for itself which steps it could take now, and takes them.
///
/// Where the set of steps is best computed from what has happened, this is less to write than
/// rules; rules tell more, and shrink better. Programs are shown as `Step #1: ["add", 0]`.
///
/// ```
/// use harness_explore::strategy::{Strategy, choice, integers};
/// use harness_explore::{Explorer, Machine, RuleError, StepMachine, ensure};
///
/// struct Counter(i64);
///
/// impl StepMachine for Counter {
///     type Step = i64;
///
///     fn steps(&self) -> Strategy {
///         if self.0 == 0 { integers(1..=9) } else { choice([1, -1]) }
///     }
///
///     async fn execute_step(&mut self, step: i64) -> Result<(), RuleError> {
///         self.0 += step;
///         ensure(step >= 0 || self.0 > 0, "back at nothing")
///     }
/// }
///
/// let machine = Machine::from_steps("Counter", async || Ok(Counter(0)));
/// let report = Explorer::new(machine).with_seed(1).run()?;
/// assert_eq!(report.findings[0].script(), "Step #1: 1\nStep #2: -1\n");
/// # Ok::<(), harness_explore::ExploreError>(())
/// ```
pub trait StepMachine: 'static {
    /// One step, as it is written to JSON.
    type Step: DeserializeOwned;

    /// The steps that could be taken now. It should depend on nothing but what has happened.
    fn steps(&self) -> Strategy;

    /// Takes a step.
    ///
    /// # Errors
    /// When something is wrong with the system.
    fn execute_step(&mut self, step: Self::Step) -> impl Future<Output = Result<(), RuleError>>;

    /// Cleans up, whether a step failed or not.
    ///
    /// # Errors
    /// When something is wrong with the system.
    fn teardown(&mut self) -> impl Future<Output = Result<(), RuleError>> {
        async { Ok(()) }
    }
}

impl<M: StepMachine> Machine<M> {
    /// A machine that says for itself which steps it could take; see [`StepMachine`].
    pub fn from_steps<F>(name: impl Into<String>, start: F) -> Machine<M>
    where
        F: AsyncFn() -> Result<M, RuleError> + 'static,
    {
        let step = Rule::new(STEP)
            .argument_by(STEP, |machine: &M| machine.steps())
            .run(async |machine: &mut M, call| {
                machine.execute_step(call.argument(STEP)?).await?;
                Ok(Produced::nothing())
            });
        let mut machine = Machine::new(name, start)
            .rule(step)
            .teardown(async |machine: &mut M| machine.teardown().await);
        machine.numbered = true;
        machine
    }
}
