//! Faults of a gate.

use std::fmt;
use std::sync::{Arc, Weak};

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};

use super::effect::Effect;
use super::handle::Inner;
use super::roll::InForce;
use super::{AdjustableFault, GateError};
use crate::arrival::{Arrival, ArrivalOrder, ask};
use crate::condition::fraction;
use crate::connection::{ConnectionIdentity, Direction};
use crate::stage::StageId;

/// Something that goes wrong in a gate, once [started](Fault::start), and for as long as its guard
/// lives. It can be started several times.
///
/// It concerns the connections that are open and those that open meanwhile. Conditions of one direction
/// stand one behind the other, in the order in which they began. When one ends, what it has held back
/// goes on at once.
#[derive(Clone)]
#[must_use = "a fault does nothing until it is started"]
pub struct GateFault {
    gate: Weak<Inner>,
    flows: Vec<InForce>,
    arrivals: Vec<Arrival>,
    words: Option<String>,
}

impl GateFault {
    pub(super) fn flow(
        gate: &Arc<Inner>,
        condition: Effect,
        directions: &'static [Direction],
    ) -> GateFault {
        GateFault {
            gate: Arc::downgrade(gate),
            flows: vec![InForce {
                condition,
                directions,
                probability: 1.0,
                selector: None,
                nth_of_kind: 0,
            }],
            arrivals: Vec::new(),
            words: None,
        }
    }

    pub(super) fn arrival(gate: &Arc<Inner>, arrival: Arrival) -> GateFault {
        GateFault {
            gate: Arc::downgrade(gate),
            flows: Vec::new(),
            arrivals: vec![arrival],
            words: None,
        }
    }

    pub(super) fn in_words(mut self, words: &str) -> GateFault {
        self.words = Some(words.to_owned());
        self
    }

    /// Another fault of this gate too, as one.
    pub fn and(mut self, other: GateFault) -> GateFault {
        self.flows.extend(other.flows);
        self.arrivals.extend(other.arrivals);
        self
    }

    /// Only this part of the connections is hit, drawn once for each connection. What is not a number from 0
    /// to 1 is refused when the fault is started.
    pub fn with_probability(mut self, probability: impl Into<f64>) -> GateFault {
        let probability = probability.into();
        self.flows
            .iter_mut()
            .for_each(|it| it.probability = probability);
        self
    }

    /// Only connections are hit of which this is true.
    ///
    /// It is called while the gate keeps its books, so it must not call the gate.
    pub fn on_connections(
        mut self,
        chosen: impl Fn(&ConnectionIdentity) -> bool + Send + Sync + 'static,
    ) -> GateFault {
        let chosen = Arc::new(chosen);
        for flow in &mut self.flows {
            flow.selector = Some(chosen.clone());
        }
        self
    }

    /// Starts it in a way that lets it become another one meanwhile.
    ///
    /// # Errors
    ///
    /// When it is impossible, is not one condition of connections that are open, or the gate is closed.
    pub fn start_adjustable(&self) -> Result<AdjustableFault, GateError> {
        let (gate, flow) = self.single_flow()?;
        let open = gate.upgrade().ok_or(GateError::Closed)?;
        Ok(AdjustableFault::new(gate, open.board.begin(flow)))
    }

    /// The one condition that it is.
    pub(super) fn single_flow(&self) -> Result<(Weak<Inner>, InForce), GateError> {
        self.check()?;
        match (&self.flows[..], &self.arrivals[..]) {
            ([flow], []) => Ok((Weak::clone(&self.gate), flow.clone())),
            _ => Err(GateError::NotAdjustable),
        }
    }

    /// Whether it is possible at all.
    fn check(&self) -> Result<(), GateError> {
        for flow in &self.flows {
            flow.condition.check()?;
            fraction("a probability", flow.probability)?;
        }
        Ok(())
    }

    async fn begin(&self) -> Result<Vec<Begun>, GateError> {
        self.check()?;
        let gate = self.gate.upgrade().ok_or(GateError::Closed)?;
        let mut begun = Undo {
            gate: self.gate.clone(),
            begun: Vec::new(),
        };
        for arrival in &self.arrivals {
            let StageId(id) = gate.board.next_id();
            begun.begun.push(Begun::Arrival(id));
            let order = |done| ArrivalOrder::Begin(id, *arrival, done);
            ask(&gate.arrivals, order)
                .await
                .map_err(|source| GateError::Listen {
                    address: gate.address().to_string(),
                    source,
                })?;
            gate.board.arrivals_begin(id, *arrival);
        }
        for flow in &self.flows {
            begun
                .begun
                .push(Begun::Flow(gate.board.begin(flow.clone())));
        }
        Ok(begun.keep())
    }
}

/// What has begun, and is to end with the guard.
#[derive(Clone, Copy, Debug)]
enum Begun {
    Flow(StageId),
    Arrival(u64),
}

/// Ends what has begun, unless all of it has.
struct Undo {
    gate: Weak<Inner>,
    begun: Vec<Begun>,
}

impl Undo {
    fn keep(mut self) -> Vec<Begun> {
        std::mem::take(&mut self.begun)
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        let Some(gate) = self.gate.upgrade() else {
            return;
        };
        for begun in self.begun.drain(..) {
            match begun {
                Begun::Flow(id) => gate.board.end(id),
                Begun::Arrival(id) => {
                    gate.board.arrivals_end(id);
                    let (done, _) = tokio::sync::oneshot::channel();
                    // a listener that is gone meets nobody
                    let _ = gate.arrivals.send(ArrivalOrder::End(id, done));
                }
            }
        }
    }
}

/// Ends what has begun; all of it, also when something fails.
async fn end(gate: Weak<Inner>, begun: Vec<Begun>) -> std::io::Result<()> {
    // a gate that is gone has no faults
    let Some(gate) = gate.upgrade() else {
        return Ok(());
    };
    let mut outcome = Ok(());
    for begun in begun {
        match begun {
            Begun::Flow(id) => gate.board.end(id),
            Begun::Arrival(id) => {
                let ended = ask(&gate.arrivals, |done| ArrivalOrder::End(id, done)).await;
                gate.board.arrivals_end(id);
                outcome = outcome.and(ended);
            }
        }
    }
    outcome
}

impl Fault for GateFault {
    fn describe(&self) -> String {
        self.to_string()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async move {
            let description = self.describe();
            let begun = self.begin().await;
            let begun = begun.map_err(|error| FaultError::start(description.clone(), error))?;
            let gate = self.gate.clone();
            let words = description.clone();
            Ok(FaultGuard::new(description, async move {
                let ended = end(gate, begun).await;
                ended.map_err(|error| FaultError::stop(words, error))
            }))
        })
    }
}

impl fmt::Display for GateFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gate = self.gate.upgrade();
        if let Some(name) = gate.as_ref().and_then(|gate| gate.name.as_ref()) {
            write!(formatter, "{name}: ")?;
        }
        if let Some(words) = &self.words {
            return formatter.write_str(words);
        }
        let seed = gate.as_ref().map(|gate| gate.board.seed);
        let flows = self.flows.iter().map(|flow| flow.describe(seed));
        let arrivals = self.arrivals.iter();
        let arrivals = arrivals.map(|arrival| arrival.sentence());
        let parts: Vec<String> = flows.chain(arrivals).collect();
        formatter.write_str(&parts.join(", and "))
    }
}

impl fmt::Debug for GateFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("GateFault")
            .field("flows", &self.flows)
            .field("arrivals", &self.arrivals)
            .finish_non_exhaustive()
    }
}
