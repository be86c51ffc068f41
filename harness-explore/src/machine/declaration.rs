//! A machine: how a system is started, what can be done with it, what must hold, how it ends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::routine::{Check, Start};
use super::rule::{Precondition, Rule};
use super::rule_error::RuleError;

/// How long a step may take, where nothing else is said.
const STEP_LIMIT: Duration = Duration::from_secs(60);

/// Names the state of the model.
type Model<S> = dyn Fn(&S) -> String;

/// Something that must hold after every step.
pub struct Invariant<S> {
    pub(crate) name: Arc<str>,
    pub(crate) preconditions: Vec<Precondition<S>>,
    pub(crate) during_initial: bool,
    pub(crate) check: Box<dyn Check<S>>,
}

impl<S> Invariant<S> {
    /// An invariant with this name. It is checked after every step, and on the initial state; where
    /// there are initial rules, not before all of them have run.
    #[must_use]
    pub fn new<F>(name: impl Into<Arc<str>>, check: F) -> Self
    where
        F: AsyncFn(&mut S) -> Result<(), RuleError> + 'static,
    {
        Invariant {
            name: name.into(),
            preconditions: Vec::new(),
            during_initial: false,
            check: Box::new(check),
        }
    }

    /// Checks it only where this holds, too.
    #[must_use]
    pub fn when(mut self, name: &str, holds: impl Fn(&S) -> bool + 'static) -> Self {
        self.preconditions.push(Precondition::new(name, holds));
        self
    }

    /// Checks it also on the state before the initial rules, and between them.
    #[must_use]
    pub fn during_initial(mut self) -> Self {
        self.during_initial = true;
        self
    }
}

/// A system to be explored: how it is started afresh for each program, what can be done with it,
/// what must hold, and how it is left.
///
/// `S` is what a program works on: connections to devices, and what the model knows of them. `V`
/// is what bundles hold.
///
/// ```
/// use harness_explore::{Explorer, Machine, Produced, Rule, RuleError, ensure};
///
/// let lamp = Machine::new("Lamp", async || Ok(0))
///     .rule(Rule::new("press").run(async |presses: &mut u32, _| {
///         *presses += 1;
///         ensure(*presses < 3, "it burnt out")?;
///         Ok(Produced::<()>::nothing())
///     }));
/// let report = Explorer::new(lamp).with_seed(1).run()?;
/// assert_eq!(
///     report.findings[0].script(),
///     "state = Lamp()\nstate.press()\nstate.press()\nstate.press()\nstate.teardown()\n"
/// );
/// # Ok::<(), harness_explore::ExploreError>(())
/// ```
pub struct Machine<S, V = ()> {
    pub(crate) name: String,
    pub(crate) start: Box<dyn Start<S>>,
    pub(crate) rules: Vec<Rule<S, V>>,
    pub(crate) invariants: Vec<Invariant<S>>,
    pub(crate) teardown: Option<Box<dyn Check<S>>>,
    pub(crate) model: Option<Box<Model<S>>>,
    pub(crate) step_limit: Duration,
    /// Whether programs are shown as numbered steps, the values of which are all there is.
    pub(crate) numbered: bool,
}

impl<S, V> Machine<S, V> {
    /// A machine without rules. The closure makes the system anew for each program.
    pub fn new<F>(name: impl Into<String>, start: F) -> Self
    where
        F: AsyncFn() -> Result<S, RuleError> + 'static,
        S: 'static,
    {
        Machine {
            name: name.into(),
            start: Box::new(start),
            rules: Vec::new(),
            invariants: Vec::new(),
            teardown: None,
            model: None,
            step_limit: STEP_LIMIT,
            numbered: false,
        }
    }

    /// Adds a rule. The order matters where two programs are equally short: rules that are declared
    /// earlier are simpler.
    #[must_use]
    pub fn rule(mut self, rule: Rule<S, V>) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds rules.
    #[must_use]
    pub fn rules(mut self, rules: impl IntoIterator<Item = Rule<S, V>>) -> Self {
        self.rules.extend(rules);
        self
    }

    /// Adds an invariant; after every step all are checked, in this order, until one fails.
    #[must_use]
    pub fn invariant(mut self, invariant: Invariant<S>) -> Self {
        self.invariants.push(invariant);
        self
    }

    /// What ends every program, whether it failed or not. It may fail itself; then both is told.
    #[must_use]
    pub fn teardown<F>(mut self, teardown: F) -> Self
    where
        F: AsyncFn(&mut S) -> Result<(), RuleError> + 'static,
    {
        self.teardown = Some(Box::new(teardown));
        self
    }

    /// Tells the state of the model as a short text. Equal texts mean that the same can be done:
    /// loops between them are cut while a program is shrunk, and reports count what was done in
    /// which state.
    #[must_use]
    pub fn model<T: fmt::Display>(mut self, model: impl Fn(&S) -> T + 'static) -> Self {
        self.model = Some(Box::new(move |state| model(state).to_string()));
        self
    }

    /// How long a step, an invariant, the start or the teardown may take each; 60 s without it.
    /// What takes longer is given up and fails, by its name.
    #[must_use]
    pub fn step_limit(mut self, limit: Duration) -> Self {
        self.step_limit = limit;
        self
    }

    /// The machine's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The state of the model, if there is one.
    pub(crate) fn model_of(&self, state: &S) -> Option<Arc<str>> {
        self.model.as_ref().map(|model| model(state).into())
    }
}

impl<S, V> fmt::Debug for Machine<S, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Machine")
            .field("name", &self.name)
            .field("rules", &self.rules)
            .field("invariants", &self.invariants)
            .finish_non_exhaustive()
    }
}

impl<S> fmt::Debug for Invariant<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Invariant")
            .field("name", &self.name)
            .field("preconditions", &self.preconditions)
            .field("during_initial", &self.during_initial)
            .finish_non_exhaustive()
    }
}
