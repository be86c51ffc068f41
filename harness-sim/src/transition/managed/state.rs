//! One chain of states.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::hops::Chain;
use super::{CommandError, UnknownState};
use crate::transition::{
    Cause, Ending, Hop, Hops, Instance, InstanceError, Model, Outcome, Rejected,
    TransitionController,
};

/// What a late look makes of transitions that were due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CatchUp {
    /// All of them, each as of the moment when it was due. Reads count for the state that they
    /// meet.
    #[default]
    All,
    /// One, as of the moment of the look, as moto does: time and reads beyond it are lost.
    One,
}

/// A chain of states that goes along the edges of a [`Model`]: by itself along the spontaneous
/// ones, when commanded along the others.
///
/// Every state that is left spontaneously is an
/// [`Execution`](crate::transition::Execution): time and reads count from its
/// entry, however it was entered. Settings for one command concern the state that the command led
/// to; a state that was entered otherwise goes by the settings for its own name. Where a command
/// leads to a state that is not left spontaneously, it has nothing to wait for, and a failure is
/// that of the command.
///
/// Clones are the same chain. One lock makes each hop a whole: whoever reads, sees the hops in one
/// order.
///
/// ```
/// use std::time::Duration;
/// use harness_sim::transition::{ManagedState, Model, Scope, Transition, TransitionController};
/// use tokio::time::Instant;
///
/// let controller = TransitionController::new();
/// controller.register(Model::new("dax::cluster").spontaneous("creating", "available"));
/// controller.set(&Scope::model("dax::cluster"), Transition::after(Duration::from_secs(600)))?;
///
/// let now = Instant::now();
/// let cluster = ManagedState::new(&controller, "my_new_cluster", "dax::cluster", now)?;
/// assert_eq!(&*cluster.read(now + Duration::from_secs(300)), "creating");
/// assert_eq!(&*cluster.read(now + Duration::from_secs(600)), "available");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ManagedState {
    pub(super) instance: Instance,
    pub(super) model: Arc<Model>,
    chain: Arc<Mutex<Chain>>,
}

impl ManagedState {
    /// A chain in the first state of its model.
    ///
    /// # Errors
    ///
    /// [`InstanceError`] if the model is not registered or has no states, or if the name is taken
    /// by an instance of another model.
    pub fn new(
        controller: &TransitionController,
        name: &str,
        model: &str,
        now: Instant,
    ) -> Result<ManagedState, InstanceError> {
        let instance = controller.instance(name, model)?;
        let stateless = || InstanceError::NoStates {
            model: model.to_owned(),
        };
        let model = controller.model(model).ok_or_else(stateless)?;
        let state = model.first_state().ok_or_else(stateless)?;
        let execution = model
            .spontaneous_from(&state)
            .map(|_| instance.enter(&state, now));
        let chain = Chain {
            state,
            execution,
            goes_round: false,
            catch_up: CatchUp::All,
            failure: None,
        };
        Ok(ManagedState {
            instance,
            model,
            chain: Arc::new(Mutex::new(chain)),
        })
    }

    /// Sets what a late look makes of transitions that were due.
    #[must_use]
    pub fn with_catch_up(self, catch_up: CatchUp) -> ManagedState {
        self.lock().catch_up = catch_up;
        self
    }

    fn lock(&self) -> MutexGuard<'_, Chain> {
        // a panic elsewhere has left the chain between two hops
        self.chain.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The instance that it is.
    #[must_use]
    pub const fn instance(&self) -> &Instance {
        &self.instance
    }

    /// Its model, as it was registered when the chain began.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The present state, after the hops that are due. This is no read that counts.
    #[must_use]
    pub fn state(&self, now: Instant) -> Arc<str> {
        let mut chain = self.lock();
        self.settle(&mut chain, now);
        Arc::clone(&chain.state)
    }

    /// Reads the state: counts the read, then answers as [`state`](Self::state) does.
    pub fn read(&self, now: Instant) -> Arc<str> {
        let mut chain = self.lock();
        self.count(&mut chain, 1, now);
        self.settle(&mut chain, now);
        Arc::clone(&chain.state)
    }

    /// Counts so many reads without answering them. Takes as long as the hops that they make.
    pub fn count_reads(&self, reads: u32, now: Instant) {
        self.count(&mut self.lock(), reads, now);
    }

    /// When the next hop is due, in the past if it is; `None` if time alone brings none.
    #[must_use]
    pub fn next_due(&self, now: Instant) -> Option<Instant> {
        let mut chain = self.lock();
        let due = chain.execution.as_mut()?.next_due(now);
        due.filter(|_| !chain.is_halted())
    }

    /// Releases the present state, if it is held.
    pub fn release(&self, now: Instant) {
        let mut chain = self.lock();
        if let Some(execution) = &mut chain.execution {
            execution.release(now);
        }
        self.settle(&mut chain, now);
    }

    /// Follows a command; returns the state that it led to.
    ///
    /// # Errors
    ///
    /// [`CommandError`] if the command is unknown, not allowed in the present state, or refused
    /// because a tester wants it so; the state stays.
    pub fn command(&self, command: &str, now: Instant) -> Result<Arc<str>, CommandError> {
        let mut chain = self.lock();
        self.settle(&mut chain, now);
        let Some(edge) = self.model.commanded_from(&chain.state, command) else {
            return Err(self.refusal_of(command, &chain.state));
        };
        let refused = |Rejected { message }| CommandError::Refused { message };
        let execution = self.instance.begin(command, now).map_err(refused)?;
        let cause = Cause::Command(command.to_owned());
        if self.model.spontaneous_from(&edge.to).is_some() {
            chain.failure = None;
            self.place(
                &mut chain,
                Arc::clone(&edge.to),
                now,
                cause,
                Some(execution),
            );
            self.settle(&mut chain, now);
        } else {
            match execution.outcome() {
                Outcome::Fail { message, .. } | Outcome::Reject { message, .. } => {
                    let message = message.clone();
                    return Err(CommandError::Refused { message });
                }
                outcome => {
                    chain.failure = None;
                    let ending = Ending {
                        at: now,
                        outcome: outcome.clone(),
                        cause,
                    };
                    self.end(&mut chain, ending, &edge.to);
                }
            }
        }
        Ok(Arc::clone(&chain.state))
    }

    /// Puts the chain into a state, whatever it was in; it goes on from there.
    ///
    /// # Errors
    ///
    /// [`UnknownState`] if the model has no such state; nothing has changed.
    pub fn inject(&self, state: &str, now: Instant) -> Result<(), UnknownState> {
        let known = self.known_state(state)?;
        let mut chain = self.lock();
        self.settle(&mut chain, now);
        chain.failure = None;
        self.enter(&mut chain, known, now, Cause::Injected);
        self.settle(&mut chain, now);
        Ok(())
    }

    /// What the chain said when it failed or faulted, if that was the last thing to happen to it,
    /// as of the last look.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        self.lock().failure.clone()
    }

    /// The state at which the chain was stopped because it had come back to it without any time
    /// having passed, as of the last look. It goes on when a tester sets something else, or with the
    /// next command.
    #[must_use]
    pub fn goes_round_at(&self) -> Option<Arc<str>> {
        let chain = self.lock();
        chain.is_halted().then(|| Arc::clone(&chain.state))
    }

    /// What happened, the last thousand hops, oldest first.
    #[must_use]
    pub fn history(&self) -> Vec<Hop> {
        self.instance.history()
    }

    /// What happens from now on.
    #[must_use]
    pub fn hops(&self) -> Hops {
        self.instance.hops()
    }

    pub(super) fn known_state(&self, state: &str) -> Result<Arc<str>, UnknownState> {
        let unknown = || UnknownState {
            model: self.model.name().to_owned(),
            state: state.to_owned(),
            known: self.model.states().join(", "),
        };
        self.model.state(state).cloned().ok_or_else(unknown)
    }

    fn refusal_of(&self, command: &str, state: &str) -> CommandError {
        let edges = self.model.edges().iter();
        let allowed: Vec<_> = edges
            .filter(|edge| {
                let named = edge.command.as_deref();
                named.is_some_and(|named| named.eq_ignore_ascii_case(command))
            })
            .map(|edge| &*edge.from)
            .collect();
        if allowed.is_empty() {
            return CommandError::Unknown {
                model: self.model.name().to_owned(),
                command: command.to_owned(),
                known: self.model.commands().join(", "),
            };
        }
        CommandError::NotAllowed {
            command: command.to_owned(),
            state: state.to_owned(),
            allowed: allowed.join(", "),
        }
    }
}
