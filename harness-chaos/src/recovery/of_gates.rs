//! What is behind a gate came back.

use std::error::Error;

use harness_core::Timeout;
use tokio::time::Instant;

use super::recovers_within;
use super::{NotRecovered, Recovery};
use crate::gate::Gate;
use crate::network::Part;

impl Gate {
    /// Tries something until it succeeds, as [`recovers_within`](crate::recovers_within) does, and says
    /// how long it took since the last fault of this gate ended, also when that was meanwhile; since
    /// now, when one still goes on.
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
        let recovery = since_calm(|| self.calm_since(), within.into(), probe).await?;
        tracing::info!(gate = %self.address(), "{recovery}");
        Ok(recovery)
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
        let recovery = since_calm(|| self.calm_since(), within.into(), probe).await?;
        tracing::info!(part = %self, "{recovery}");
        Ok(recovery)
    }

    /// When the last fault of its gates ended; nothing, when one goes on or none was.
    fn calm_since(&self) -> Option<Instant> {
        let gates = self.gates();
        if gates.iter().any(|gate| !gate.in_force().is_empty()) {
            return None;
        }
        gates.iter().filter_map(Gate::calm_since).max()
    }
}

/// Tries until it works, and counts from when all was well again.
async fn since_calm<F, T, E>(
    calm_since: impl Fn() -> Option<Instant>,
    within: Timeout,
    probe: impl FnMut() -> F,
) -> Result<Recovery, NotRecovered>
where
    F: Future<Output = Result<T, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let now = Instant::now();
    let recovery = recovers_within(within, probe).await?;
    let begin = calm_since().unwrap_or(now);
    Ok(Recovery {
        took: begin.elapsed(),
        ..recovery
    })
}
