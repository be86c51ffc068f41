//! A fault that can become another one.

use std::fmt;
use std::sync::Weak;

use super::handle::Inner;
use super::{GateError, GateFault};
use crate::stage::StageId;

/// A fault that goes on, and can become another one with no moment in between. It ends when this is
/// dropped.
///
/// ```
/// use std::time::Duration;
///
/// use harness_chaos::{Delay, Gate};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let gate = Gate::to("127.0.0.1:9").open().await?;
/// let late = gate.replies(Delay::of(Duration::from_millis(30)));
/// let fault = late.start_adjustable()?;
/// fault.become_another(&gate.replies(Delay::of(Duration::from_millis(60))))?;
/// assert_eq!(gate.in_force(), ["replies are delayed by 60 ms"]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the fault ends when this is dropped"]
pub struct AdjustableFault {
    gate: Weak<Inner>,
    id: StageId,
}

impl AdjustableFault {
    pub(super) const fn new(gate: Weak<Inner>, id: StageId) -> AdjustableFault {
        AdjustableFault { gate, id }
    }

    /// From now on another condition is in force, in the place of the one before among those of the same
    /// direction. What that has held back goes on at once; octets that [`Close`](crate::Close) has
    /// counted stay counted; nothing is closed because a condition has ended.
    ///
    /// # Errors
    ///
    /// When the condition is impossible, is none or several, is of another gate, or the gate is closed.
    /// Then nothing has changed.
    pub fn become_another(&self, fault: &GateFault) -> Result<(), GateError> {
        let (gate, flow) = fault.single_flow()?;
        if !Weak::ptr_eq(&gate, &self.gate) {
            return Err(GateError::NotAdjustable);
        }
        let gate = gate.upgrade().ok_or(GateError::Closed)?;
        gate.board.replace(self.id, flow);
        Ok(())
    }
}

impl Drop for AdjustableFault {
    fn drop(&mut self) {
        // a gate that is gone has no faults
        if let Some(gate) = self.gate.upgrade() {
            gate.board.end(self.id);
        }
    }
}

impl fmt::Debug for AdjustableFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AdjustableFault")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
