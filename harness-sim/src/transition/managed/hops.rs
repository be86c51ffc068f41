//! How a chain hops.

use std::sync::Arc;

use tokio::time::Instant;

use super::{CatchUp, ManagedState};
use crate::transition::{Cause, Ending, Execution, Outcome};

#[derive(Debug)]
pub(super) struct Chain {
    pub(super) state: Arc<str>,
    /// What ends the present state; `None` where it does not end by itself, or not any more.
    pub(super) execution: Option<Execution>,
    /// The present state was come back to without any time having passed.
    pub(super) goes_round: bool,
    pub(super) catch_up: CatchUp,
    pub(super) failure: Option<String>,
}

/// The most hops that one look makes; the next look goes on.
const HOPS_PER_LOOK: usize = 10_000;

impl ManagedState {
    pub(super) fn count(&self, chain: &mut Chain, reads: u32, now: Instant) {
        let mut left = reads;
        while left > 0 {
            if chain.catch_up == CatchUp::All {
                // what was due before is not met by these reads
                self.settle(chain, now);
            }
            let Some(execution) = &mut chain.execution else {
                return;
            };
            let before = left;
            left = execution.count_reads(left, now);
            // else what is due is left to the next look
            if left == before || chain.catch_up == CatchUp::One {
                return;
            }
        }
    }

    /// Makes the hops that are due.
    pub(super) fn settle(&self, chain: &mut Chain, now: Instant) {
        let mut since = None;
        let mut met: Vec<Arc<str>> = Vec::new();
        for _ in 0..HOPS_PER_LOOK {
            let Some(execution) = &mut chain.execution else {
                return;
            };
            let Some(mut ending) = execution.ending(now) else {
                chain.goes_round = false;
                return;
            };
            if chain.is_halted() {
                return;
            }
            let Some(edge) = self.model.spontaneous_from(&chain.state) else {
                return;
            };
            if since != Some(ending.at) {
                since = Some(ending.at);
                met.clear();
            }
            met.push(Arc::clone(&chain.state));
            let ends_look = chain.catch_up == CatchUp::One && ending.cause != Cause::Immediate;
            if chain.catch_up == CatchUp::One {
                ending.at = now;
            }
            self.end(chain, ending, &edge.to);
            if met.contains(&chain.state) && chain.takes_no_time() {
                tracing::warn!(
                    instance = self.instance.name(),
                    state = &*chain.state,
                    "transitions that take no time go round in a circle; stopped"
                );
                chain.goes_round = true;
                return;
            }
            if ends_look {
                return;
            }
        }
    }

    /// Ends the present state.
    pub(super) fn end(&self, chain: &mut Chain, ending: Ending, target: &Arc<str>) {
        let Ending { at, outcome, cause } = ending;
        chain.execution = None;
        match outcome {
            Outcome::Succeed => self.enter(chain, Arc::clone(target), at, cause),
            Outcome::Fail { message, .. } | Outcome::Reject { message, .. } => {
                if let Some(state) = self.model.failure_state.clone() {
                    self.enter(chain, state, at, cause);
                }
                chain.failure = Some(message);
            }
            Outcome::Fault { message } => {
                if let Some(state) = self.model.fault_state.clone() {
                    self.enter(chain, state, at, cause);
                }
                chain.failure = Some(message);
            }
            Outcome::Stuck { state } => {
                let state = state.and_then(|state| self.model.state(&state).cloned());
                if let Some(state) = state {
                    self.enter(chain, state, at, cause);
                    chain.execution = None;
                }
            }
        }
    }

    /// Enters a state that is left spontaneously or not at all.
    pub(super) fn enter(&self, chain: &mut Chain, state: Arc<str>, at: Instant, cause: Cause) {
        let own = self.model.spontaneous_from(&state);
        let execution = own.map(|_| self.instance.enter(&state, at));
        self.place(chain, state, at, cause, execution);
    }

    /// Enters a state; what was counted and timed in the one before is over.
    pub(super) fn place(
        &self,
        chain: &mut Chain,
        state: Arc<str>,
        at: Instant,
        cause: Cause,
        execution: Option<Execution>,
    ) {
        let from = std::mem::replace(&mut chain.state, Arc::clone(&state));
        chain.goes_round = false;
        chain.execution = execution;
        self.instance.record(at, from, state, cause);
    }
}

impl Chain {
    fn takes_no_time(&self) -> bool {
        let execution = self.execution.as_ref();
        execution.is_some_and(|execution| execution.dwell().is_some_and(|time| time.is_zero()))
    }

    /// Whether going on would go round for ever.
    pub(super) fn is_halted(&self) -> bool {
        self.goes_round && self.takes_no_time()
    }
}
