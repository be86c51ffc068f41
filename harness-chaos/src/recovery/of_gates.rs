//! What is behind a gate came back.

use std::error::Error;

use harness_core::Timeout;
use tokio::time::Instant;

use super::proof::recovers_since;
use super::{NotRecovered, Recovery};
use crate::gate::Gate;
use crate::network::Part;

impl Gate {
    /// Tries something until it succeeds, as [`recovers_within`](crate::recovers_within) does, and says
    /// how long it took since the last fault of this gate ended; since now, when one goes on.
    ///
    /// # Errors
    ///
    /// When no attempt succeeded within this time from now; with the last failure.
    pub async fn recovers_within<F, T, E>(
        &self,
        within: impl Into<Timeout>,
        probe: impl FnMut() -> F,
    ) -> Result<Recovery, NotRecovered>
    where
        F: Future<Output = Result<T, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let begin = self.calm_since().unwrap_or_else(Instant::now);
        let outcome = recovers_since(begin, within.into(), probe).await;
        if let Ok(recovery) = &outcome {
            tracing::info!(gate = %self.address(), "{recovery}");
        }
        outcome
    }
}

impl Part {
    /// The same for a part of a network: how long it took since the last fault of its gates ended.
    ///
    /// # Errors
    ///
    /// When no attempt succeeded within this time from now; with the last failure.
    pub async fn recovers_within<F, T, E>(
        &self,
        within: impl Into<Timeout>,
        probe: impl FnMut() -> F,
    ) -> Result<Recovery, NotRecovered>
    where
        F: Future<Output = Result<T, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let ends = self
            .gates()
            .into_iter()
            .filter_map(|gate| gate.calm_since());
        let begin = ends.max().unwrap_or_else(Instant::now);
        let outcome = recovers_since(begin, within.into(), probe).await;
        if let Ok(recovery) = &outcome {
            tracing::info!(part = %self, "{recovery}");
        }
        outcome
    }
}
