//! The graph together with the system it describes.

use std::fmt::{self, Debug};
use std::sync::Arc;

use super::arrival::Arrival;
use super::cancel::Cancel;
use super::error::NavigationError;
use super::graph::{DeclarationError, StateGraph};
use super::hook::StepHook;
use super::navigation::Navigation;
use super::observer::{ObserveError, StateObserver};
use super::plan::Plan;
use super::transition::{State, Transition};
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// What to do when a step fails or ends in another state than expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SetbackPolicy {
    /// Stop with an error.
    #[default]
    Fail,
    /// Plan again from the state found, at most this many times in one navigation; then stop. The
    /// new plan may contain the very step that failed.
    Replan(u32),
}

/// Brings a system into the states of a [`StateGraph`].
///
/// Cheap to clone, and cheap to build anew for each use.
///
/// ```
/// use harness_core::Tracer;
/// use harness_core::state_machine::{StateMachine, Transition};
///
/// let lamp = StateMachine::new(&Tracer::default(), || async { Ok::<_, std::io::Error>("OFF") })
///     .with_transition(Transition::to("ON").named("On").from(["OFF"]))?
///     .with_transition(Transition::to("OFF").named("Off").from(["ON"]))?;
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// assert_eq!(lamp.path_to(&"ON").await?.to_string(), "OFF -On-> ON (cost 1)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct StateMachine<S: State> {
    name: Arc<str>,
    graph: Arc<StateGraph<S>>,
    observer: Arc<dyn StateObserver<S>>,
    tracer: Tracer,
    on_setback: SetbackPolicy,
    hooks: Vec<Arc<dyn StepHook<S>>>,
    cancel: Option<Cancel>,
}

impl<S: State> StateMachine<S> {
    /// A machine without transitions. The observer tells the state of the system; an asynchronous
    /// closure will do where no state is transient.
    #[must_use]
    pub fn new(tracer: &Tracer, observer: impl StateObserver<S> + 'static) -> Self {
        StateMachine {
            name: "the system".into(),
            graph: Arc::new(StateGraph::new()),
            observer: Arc::new(observer),
            tracer: tracer.clone(),
            on_setback: SetbackPolicy::Fail,
            hooks: Vec::new(),
            cancel: None,
        }
    }

    /// Says what it is whose states these are, for the record: `subarray 1`.
    #[must_use]
    pub fn named(mut self, name: impl Into<Arc<str>>) -> Self {
        self.name = name.into();
        self
    }

    /// Takes all transitions from a graph.
    #[must_use]
    pub fn with_graph(mut self, graph: StateGraph<S>) -> Self {
        self.graph = Arc::new(graph);
        self
    }

    /// Declares one more transition.
    ///
    /// # Errors
    /// When its cost is negative, infinite or NaN, or when its list of sources is empty.
    pub fn with_transition(mut self, transition: Transition<S>) -> Result<Self, DeclarationError> {
        Arc::make_mut(&mut self.graph).declare(transition)?;
        Ok(self)
    }

    /// Sets what happens when a step fails or ends in another state; without it, an error.
    #[must_use]
    pub fn on_setback(mut self, policy: SetbackPolicy) -> Self {
        self.on_setback = policy;
        self
    }

    /// Adds what is told before and after each step, and may object; see [`StepHook`]. Hooks are
    /// told in the order in which they were added; the first that objects ends the navigation.
    #[must_use]
    pub fn with_step_hook(mut self, hook: impl StepHook<S> + 'static) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Lets navigations be called off. One that is ends at once, also in the midst of a step's
    /// wait, with a [`Cancelled`](super::Cancelled) that tells where it stopped. A command that
    /// was sent stays sent.
    #[must_use]
    pub fn cancelled_by(mut self, cancel: &Cancel) -> Self {
        self.cancel = Some(cancel.clone());
        self
    }

    /// The states and transitions.
    #[must_use]
    pub fn graph(&self) -> &StateGraph<S> {
        &self.graph
    }

    /// Reads the state from the system.
    ///
    /// # Errors
    /// When it can not be read, or is no state that the machine's type knows.
    pub async fn current_state(&self) -> Result<S, ObserveError> {
        self.observer.current().await
    }

    /// The plan from the present state to the target; nothing is executed. For a plan from another
    /// state see [`StateGraph::plan`].
    ///
    /// # Errors
    /// When the present state can not be read, or when there is no way.
    pub async fn path_to(&self, target: &S) -> Result<Plan<S>, NavigationError<S>> {
        self.path_through(&[], target).await
    }

    /// The plan from the present state through others to the target, as
    /// [`reach_through`](Self::reach_through) would walk it; nothing is executed. For a plan from
    /// another state see [`StateGraph::plan_through`].
    ///
    /// # Errors
    /// When the present state can not be read, or when some leg has no way.
    pub async fn path_through(
        &self,
        through: &[S],
        target: &S,
    ) -> Result<Plan<S>, NavigationError<S>> {
        let from = self
            .current_state()
            .await
            .map_err(|source| NavigationError::Observe {
                of: self.whose_state(),
                to: target.clone(),
                source: Box::new(source),
            })?;
        self.graph
            .plan_through(&from, through, target)
            .map_err(|error| NavigationError::NoPath(Box::new(error)))
    }

    /// Whether there is a way from the present state to the target; nothing is executed.
    ///
    /// # Errors
    /// When the present state can not be read.
    pub async fn is_reachable(&self, target: &S) -> Result<bool, ObserveError> {
        let from = self.current_state().await?;
        Ok(self.graph.plan(&from, target).is_some())
    }

    /// Brings the system into the target state by the cheapest way from where it is.
    ///
    /// The timeout starts at once and holds for everything: no step begins after it. After each
    /// step the state is confirmed: a stable target by reading it; the target of a transient
    /// transition, too, or by having been entered since the step began. If the system has moved on
    /// from such a state before the next step, the way is planned anew from where it is. When it
    /// is in the target already, nothing is executed.
    ///
    /// Dropping the future stops the navigation where it is: a command that was sent stays sent.
    ///
    /// # Errors
    /// When the state can not be read, when there is no way, and when a step fails or ends in
    /// another state, unless the [`SetbackPolicy`] allows for it.
    pub async fn reach(
        &self,
        target: S,
        timeout: impl Into<Timeout>,
    ) -> Result<Arrival<S>, NavigationError<S>> {
        let timeout = timeout.into();
        Navigation::new(self, target, &timeout)
            .run(Vec::new())
            .await
    }

    /// Reaches each of some states in turn, and then the target, all under one timeout and one
    /// allowance for new plans. The whole way is planned first: if any leg of it has none, nothing
    /// is executed. Each leg is planned again from where the one before it ended.
    ///
    /// # Errors
    /// Those of [`reach`](Self::reach), for the first state that is not reached.
    pub async fn reach_through(
        &self,
        intermediate: impl IntoIterator<Item = S>,
        target: S,
        timeout: impl Into<Timeout>,
    ) -> Result<Arrival<S>, NavigationError<S>> {
        let timeout = timeout.into();
        let stops: Vec<S> = intermediate.into_iter().collect();
        Navigation::new(self, target, &timeout).run(stops).await
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whose state it is, and where it is looked for, if that is one place.
    pub(super) fn whose_state(&self) -> String {
        match self.observer.place() {
            Some(place) => format!("{} ({place})", self.name),
            None => self.name.to_string(),
        }
    }

    pub(super) fn observer(&self) -> &dyn StateObserver<S> {
        &*self.observer
    }

    pub(super) fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    pub(super) fn setback_policy(&self) -> SetbackPolicy {
        self.on_setback
    }

    pub(super) fn hooks(&self) -> &[Arc<dyn StepHook<S>>] {
        &self.hooks
    }

    pub(super) fn cancel(&self) -> Option<&Cancel> {
        self.cancel.as_ref()
    }
}

impl<S: State> Debug for StateMachine<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StateMachine")
            .field("name", &self.name)
            .field("graph", &self.graph)
            .field("on_setback", &self.on_setback)
            .field("hooks", &self.hooks.len())
            .field("cancel", &self.cancel)
            .finish_non_exhaustive()
    }
}
