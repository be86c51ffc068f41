//! An order that is forced: what all have sent is held up, and let go one after the other.

use std::sync::Arc;
use std::time::Duration;

use harness_core::fault::{Fault, FaultGuard};

use crate::machine::RuleError;

/// How often it is looked whether a reply has come.
const GLANCE: Duration = Duration::from_millis(1);

/// Holds up what clients send, and lets it go in an order: one after the other, the next when the reply to
/// the one before has come.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// What holds up each client, by its number.
    pub(super) holds: Vec<Arc<dyn Fault>>,
    /// In which order they are let go.
    pub(super) turns: Vec<usize>,
    /// How long all take to send.
    pub(super) sending: Duration,
    /// How long a reply may take.
    pub(super) patience: Duration,
}

/// What is held up.
pub(super) struct Turns<'o> {
    order: &'o Order,
    guards: Vec<Option<FaultGuard>>,
}

impl Order {
    /// Holds up all clients.
    pub(super) async fn hold(&self, clients: usize) -> Result<Turns<'_>, RuleError> {
        if self.holds.len() < clients {
            let (holds, words) = (self.holds.len(), "clients can be held up, of");
            return Err(RuleError::failed(format!("{holds} {words} {clients}")));
        }
        let mut guards = Vec::new();
        for hold in &self.holds {
            guards.push(Some(hold.start().await?));
        }
        Ok(Turns {
            order: self,
            guards,
        })
    }
}

impl Turns<'_> {
    /// Lets them go one after the other.
    pub(super) async fn release(
        mut self,
        has_replied: impl Fn(usize) -> bool,
    ) -> Result<(), RuleError> {
        tokio::time::sleep(self.order.sending).await;
        for turn in &self.order.turns {
            let guard = self.guards.get_mut(*turn).and_then(Option::take);
            if let Some(guard) = guard {
                guard.stop().await?;
            }
            let mut waited = Duration::ZERO;
            while !has_replied(*turn) && waited < self.order.patience {
                tokio::time::sleep(GLANCE).await;
                waited += GLANCE;
            }
        }
        for guard in self.guards.into_iter().flatten() {
            guard.stop().await?;
        }
        Ok(())
    }
}
