//! One way from some states to another, and how it is gone.

use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::hash::Hash;
use std::sync::Arc;

use crate::action::Action;

/// What can be a state: usually a plain enum. Implemented for every type that fits.
pub trait State: Clone + Eq + Hash + Debug + Display + Send + Sync + 'static {}

impl<S> State for S where S: Clone + Eq + Hash + Debug + Display + Send + Sync + 'static {}

/// Why an action could not be built, for example because an input is missing.
pub type BuildError = Box<dyn Error + Send + Sync>;

/// Builds the action of a transition, afresh for every execution, so that no action ever carries
/// anything over from an earlier one.
///
/// Implemented for closures that return a boxed action or an error; see also
/// [`Transition::action`] and [`Transition::try_action`].
pub trait BuildAction: Send + Sync {
    /// A new action.
    ///
    /// # Errors
    /// Whatever keeps the action from being built; the navigation stops with it as its cause.
    fn build(&self) -> Result<Box<dyn Action>, BuildError>;
}

impl<F> BuildAction for F
where
    F: Fn() -> Result<Box<dyn Action>, BuildError> + Send + Sync,
{
    fn build(&self) -> Result<Box<dyn Action>, BuildError> {
        self()
    }
}

/// The states a transition may be taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sources<S> {
    /// Any state, also one that the graph has never heard of.
    Any,
    /// Only these.
    Only(Vec<S>),
}

impl<S: State> Sources<S> {
    /// Whether the transition may be taken from this state.
    #[must_use]
    pub fn accept(&self, state: &S) -> bool {
        match self {
            Sources::Any => true,
            Sources::Only(states) => states.contains(state),
        }
    }
}

/// One transition: a target, the states it may be taken from, a cost and an action.
///
/// It starts out as accepted from any state, at a cost of 1, named after its target, without an
/// action. Without an action it can be planned and drawn, not executed.
///
/// ```
/// use harness_core::state_machine::Transition;
///
/// let configure = Transition::to("READY").named("Configure").from(["IDLE", "READY"]).cost(1.0);
/// assert_eq!(configure.name(), "Configure");
/// ```
#[derive(Clone)]
pub struct Transition<S> {
    name: Option<String>,
    target: S,
    sources: Sources<S>,
    cost: f64,
    transient: bool,
    action: Option<Arc<dyn BuildAction>>,
}

impl<S: State> Transition<S> {
    /// A transition to this state.
    #[must_use]
    pub fn to(target: S) -> Transition<S> {
        Transition {
            name: None,
            target,
            sources: Sources::Any,
            cost: 1.0,
            transient: false,
            action: None,
        }
    }

    /// Names the transition, usually after its command. Plans, errors and drawings show the name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Accepts the transition from these states only. An empty list is refused at declaration.
    #[must_use]
    pub fn from(mut self, sources: impl IntoIterator<Item = S>) -> Self {
        self.sources = Sources::Only(sources.into_iter().collect());
        self
    }

    /// Accepts the transition from any state.
    #[must_use]
    pub fn from_any(mut self) -> Self {
        self.sources = Sources::Any;
        self
    }

    /// Sets the cost, which must be finite and not negative: anything else is refused when the
    /// transition is declared, by an error that names it.
    #[must_use]
    pub fn cost(mut self, cost: f64) -> Self {
        self.cost = cost;
        self
    }

    /// Says that the system may leave the target by itself. Such a target is reached when it has
    /// been entered since the step began, even if the system has moved on already.
    #[must_use]
    pub fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    /// Sets what performs the transition: a closure that makes a new action for each execution.
    #[must_use]
    pub fn action<A: Action + 'static>(self, make: impl Fn() -> A + Send + Sync + 'static) -> Self {
        self.built_by(move || Ok(Box::new(make()) as Box<dyn Action>))
    }

    /// Like [`action`](Self::action), with a closure that may fail, for example because an input
    /// is missing. The failure becomes the cause of a navigation error that names the step.
    #[must_use]
    pub fn try_action<A: Action + 'static, E: Into<BuildError>>(
        self,
        make: impl Fn() -> Result<A, E> + Send + Sync + 'static,
    ) -> Self {
        self.built_by(move || {
            make()
                .map(|action| Box::new(action) as Box<dyn Action>)
                .map_err(Into::into)
        })
    }

    /// Sets the builder of the action.
    #[must_use]
    pub fn built_by(mut self, builder: impl BuildAction + 'static) -> Self {
        self.action = Some(Arc::new(builder));
        self
    }

    /// The name given, else "to TARGET".
    #[must_use]
    pub fn name(&self) -> String {
        self.name
            .clone()
            .unwrap_or_else(|| format!("to {}", self.target))
    }

    /// The state the transition leads to.
    #[must_use]
    pub fn target(&self) -> &S {
        &self.target
    }

    /// The states it may be taken from.
    #[must_use]
    pub fn sources(&self) -> &Sources<S> {
        &self.sources
    }

    /// The cost as it was given; see [`cost`](Self::cost).
    #[must_use]
    pub fn given_cost(&self) -> f64 {
        self.cost
    }

    /// Whether the system may leave the target by itself.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.transient
    }

    /// The builder of the action, if the transition has one.
    #[must_use]
    pub fn action_builder(&self) -> Option<&Arc<dyn BuildAction>> {
        self.action.as_ref()
    }
}

impl<S: State> Debug for Transition<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Transition")
            .field("name", &self.name())
            .field("target", &self.target)
            .field("sources", &self.sources)
            .field("cost", &self.cost)
            .field("transient", &self.transient)
            .field("has_action", &self.action.is_some())
            .finish()
    }
}
