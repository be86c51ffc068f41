//! Faults of a part of a network.

use std::fmt;
use std::sync::Arc;

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};

use super::{Link, Part};
use crate::gate::{Gate, GateError, GateFault};

/// What goes wrong at one gate.
type AtGate = Arc<dyn Fn(&Gate) -> GateFault + Send + Sync>;

/// Something that goes wrong in a part of a network, once [started](Fault::start), and for as long as
/// its guard lives: at all gates that are open, and at those that are opened meanwhile.
#[derive(Clone)]
#[must_use = "a fault does nothing until it is started"]
pub struct NetworkFault {
    part: Part,
    words: String,
    colon: bool,
    at_gates: Vec<AtGate>,
}

impl NetworkFault {
    pub(super) fn new(
        part: &Part,
        words: impl Into<String>,
        at_gate: impl Fn(&Gate) -> GateFault + Send + Sync + 'static,
    ) -> NetworkFault {
        NetworkFault {
            part: part.clone(),
            words: words.into(),
            colon: true,
            at_gates: vec![Arc::new(at_gate)],
        }
    }

    /// The words go on from the name of the part: "the network is cut off".
    pub(super) fn without_colon(mut self) -> NetworkFault {
        self.colon = false;
        self
    }

    pub(super) fn in_words(mut self, words: impl Into<String>) -> NetworkFault {
        self.words = words.into();
        self.without_colon()
    }

    /// Another fault of the same part too, as one. Of another part, it concerns this one.
    pub fn and(mut self, other: NetworkFault) -> NetworkFault {
        self.words += &format!(", and {}", other.words);
        self.at_gates.extend(other.at_gates);
        self
    }

    /// Only this part of the connections is hit, drawn once for each. What is not a number from 0 to 1
    /// is refused when the fault is started.
    pub fn with_probability(mut self, probability: f64) -> NetworkFault {
        self.words += &format!(", on {} % of the connections", probability * 100.0);
        for at_gate in &mut self.at_gates {
            let whole = Arc::clone(at_gate);
            *at_gate = Arc::new(move |gate| whole(gate).with_probability(probability));
        }
        self
    }

    /// All of it, at one gate.
    async fn begin_at(&self, gate: &Gate) -> Result<FaultGuard, FaultError> {
        let mut faults = self.at_gates.iter().map(|at_gate| at_gate(gate));
        let Some(first) = faults.next() else {
            return Ok(FaultGuard::new(self.describe(), async { Ok(()) }));
        };
        faults.fold(first, GateFault::and).start().await
    }
}

impl Fault for NetworkFault {
    fn describe(&self) -> String {
        let colon = if self.colon { ":" } else { "" };
        format!("{}{colon} {}", self.part, self.words)
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async {
            let description = self.describe();
            let network = self.part.network.upgrade();
            let network =
                network.ok_or_else(|| FaultError::start(description.clone(), GateError::Closed))?;
            let mut changing = network.changing.lock().await;
            let mut guards = Vec::new();
            for gate in self.part.gates() {
                let guard = self.begin_at(&gate).await;
                // those that have begun end as their guards are dropped
                guards.push(guard.map_err(|error| FaultError::start(description.clone(), error))?);
            }
            let id = changing.begin(self.clone(), guards);
            drop(changing);
            let network = self.part.network.clone();
            let words = description.clone();
            Ok(FaultGuard::new(description, async move {
                // a network that is gone has no faults
                let Some(network) = network.upgrade() else {
                    return Ok(());
                };
                let guards = network.changing.lock().await.end(id);
                let mut outcome = Ok(());
                for guard in guards {
                    outcome = outcome.and(guard.stop().await);
                }
                outcome.map_err(|error| FaultError::stop(words, error))
            }))
        })
    }
}

impl fmt::Debug for NetworkFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "NetworkFault({})", self.describe())
    }
}

/// The faults that last, in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct Lasting {
    faults: Vec<(u64, NetworkFault, Vec<FaultGuard>)>,
    last_id: u64,
}

impl Lasting {
    fn begin(&mut self, fault: NetworkFault, guards: Vec<FaultGuard>) -> u64 {
        self.last_id += 1;
        self.faults.push((self.last_id, fault, guards));
        self.last_id
    }

    /// What keeps it going, which nothing does any more.
    fn end(&mut self, id: u64) -> Vec<FaultGuard> {
        let place = self.faults.iter().position(|(other, ..)| *other == id);
        place.map_or_else(Vec::new, |place| self.faults.remove(place).2)
    }

    /// Begins at a new gate what lasts where it stands.
    pub(super) async fn join(&mut self, link: &Link, gate: &Gate) -> Result<(), FaultError> {
        for (_, fault, guards) in &mut self.faults {
            if fault.part.has(link) {
                guards.push(fault.begin_at(gate).await?);
            }
        }
        Ok(())
    }

    pub(super) fn descriptions(&self) -> Vec<String> {
        self.faults
            .iter()
            .map(|(_, fault, _)| fault.describe())
            .collect()
    }
}
