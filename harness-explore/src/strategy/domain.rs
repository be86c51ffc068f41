//! A strategy: a generator, together with what shrinking has to know about its values.

use std::fmt;
use std::sync::Arc;

use hegel::TestCase;
use hegel::generators::BoxedGenerator;
use serde_json::Value;

use super::simplicity;

/// What values an argument may have.
///
/// Values are made by a generator of hegeltest. Since programs are kept as data, and shrunk as
/// data, a strategy also tells whether a value could have come from it, and which of its values
/// are simpler than a given one. See [`integers`](super::integers) and its siblings.
#[derive(Clone)]
pub struct Strategy {
    generator: BoxedGenerator<'static, Value>,
    domain: Domain,
}

/// Which values belong to a strategy.
#[derive(Clone)]
enum Domain {
    /// Those that this accepts; small numbers and short texts are simpler.
    Accepted(Arc<dyn Fn(&Value) -> bool + Send + Sync>),
    /// These, the simplest first.
    Listed(Arc<[Value]>),
}

impl Strategy {
    pub(super) fn accepted(
        generator: BoxedGenerator<'static, Value>,
        accepts: impl Fn(&Value) -> bool + Send + Sync + 'static,
    ) -> Strategy {
        Strategy {
            generator,
            domain: Domain::Accepted(Arc::new(accepts)),
        }
    }

    pub(super) fn listed(
        generator: BoxedGenerator<'static, Value>,
        values: Arc<[Value]>,
    ) -> Strategy {
        Strategy {
            generator,
            domain: Domain::Listed(values),
        }
    }

    /// Whether a value could have come from this strategy.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        match &self.domain {
            Domain::Accepted(accepts) => accepts(value),
            Domain::Listed(values) => values.contains(value),
        }
    }

    /// How far a value is from the simplest: 0 is the simplest of all.
    #[must_use]
    pub fn rank(&self, value: &Value) -> u128 {
        match &self.domain {
            Domain::Accepted(_) => simplicity::rank(value),
            Domain::Listed(values) => values
                .iter()
                .position(|listed| listed == value)
                .map_or(u128::MAX >> 32, |place| place as u128),
        }
    }

    /// Values of this strategy that are simpler than the given one, the simplest first.
    #[must_use]
    pub fn simpler(&self, value: &Value) -> Vec<Value> {
        match &self.domain {
            Domain::Accepted(accepts) => {
                let mut simpler = simplicity::simpler(value);
                simpler.retain(|candidate| accepts(candidate));
                simpler
            }
            Domain::Listed(values) => values
                .iter()
                .take_while(|listed| *listed != value)
                .cloned()
                .collect(),
        }
    }

    pub(super) fn generator(&self) -> &BoxedGenerator<'static, Value> {
        &self.generator
    }

    /// Makes a value. It unwinds, with a payload of hegeltest, when the engine wants no more of
    /// this test case.
    pub(crate) fn draw(&self, case: &TestCase) -> Value {
        case.draw_silent(&self.generator)
    }
}

impl fmt::Debug for Strategy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.domain {
            Domain::Accepted(_) => formatter.write_str("Strategy"),
            Domain::Listed(values) => formatter.debug_tuple("Strategy").field(values).finish(),
        }
    }
}
