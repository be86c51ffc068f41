//! A part of a network.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Weak};

use harness_core::Fault;

use super::handle::Inner;
use super::link::folded;
use super::{Link, Network, NetworkFault, Profile};
use crate::arrival::Arrival;
use crate::condition::{Condition, Ending};
use crate::connection::Direction;
use crate::gate::{Gate, words_of};
use crate::seed::Seed;

type Names = BTreeSet<Arc<str>>;

/// A part of a network: the links to some nodes or to all, for some services or for all.
#[derive(Clone)]
pub struct Part {
    pub(super) network: Weak<Inner>,
    nodes: Option<Names>,
    services: Option<Names>,
    name: Option<Arc<str>>,
}

impl Part {
    pub(super) fn of(network: &Network, nodes: Option<Names>) -> Part {
        Part {
            network: Arc::downgrade(&network.inner),
            nodes,
            services: None,
            name: None,
        }
    }

    /// Only the links for these services.
    pub fn for_services<N: AsRef<str>>(mut self, services: impl IntoIterator<Item = N>) -> Part {
        let services = services.into_iter();
        self.services = Some(services.map(|service| folded(service.as_ref())).collect());
        self
    }

    /// What faults of it are told of: "the network to the CSP subarray".
    pub fn named(mut self, name: impl AsRef<str>) -> Part {
        self.name = Some(name.as_ref().into());
        self
    }

    /// Whether that link is in it.
    #[must_use]
    pub fn has(&self, link: &Link) -> bool {
        let among = |names: &Option<Names>, name: &str| {
            names.as_ref().is_none_or(|names| names.contains(name))
        };
        among(&self.nodes, link.node()) && among(&self.services, link.service())
    }

    /// Whether all that is in this part is in the other too, also what is connected later.
    #[must_use]
    pub fn is_within(&self, other: &Part) -> bool {
        let among = |inner: &Option<Names>, outer: &Option<Names>| match (inner, outer) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(inner), Some(outer)) => inner.is_subset(outer),
        };
        among(&self.nodes, &other.nodes) && among(&self.services, &other.services)
    }

    /// Its gates that are open.
    #[must_use]
    pub fn gates(&self) -> Vec<Gate> {
        let Some(network) = self.network.upgrade() else {
            return Vec::new();
        };
        let gates = network.gates();
        let within = gates.iter().filter(|((link, _), _)| self.has(link));
        within.map(|(_, gate)| gate.clone()).collect()
    }

    /// Something that goes wrong with what clients send.
    pub fn requests(&self, condition: impl Into<Condition>) -> NetworkFault {
        self.condition(condition.into(), &[Direction::Requests])
    }

    /// Something that goes wrong with what clients are sent.
    pub fn replies(&self, condition: impl Into<Condition>) -> NetworkFault {
        self.condition(condition.into(), &[Direction::Replies])
    }

    /// Something that goes wrong in both directions.
    pub fn both(&self, condition: impl Into<Condition>) -> NetworkFault {
        self.condition(condition.into(), &Direction::BOTH)
    }

    fn condition(&self, condition: Condition, directions: &'static [Direction]) -> NetworkFault {
        let words = words_of(&condition, directions, self.seed());
        NetworkFault::new(self, words, move |gate| match directions {
            [Direction::Requests] => gate.requests(condition.clone()),
            [Direction::Replies] => gate.replies(condition.clone()),
            _ => gate.both(condition.clone()),
        })
    }

    fn seed(&self) -> Option<Seed> {
        let inner = self.network.upgrade()?;
        Some(Network { inner }.seed())
    }

    /// Something that happens to new connections; those that are open go on.
    pub fn new_connections(&self, arrival: Arrival) -> NetworkFault {
        let words = arrival.sentence();
        NetworkFault::new(self, words, move |gate| gate.new_connections(arrival))
    }

    /// The cable is out: see [`Gate::cut_off`].
    pub fn cut_off(&self) -> NetworkFault {
        NetworkFault::new(self, "is cut off", Gate::cut_off).without_colon()
    }

    /// What is behind is down: see [`Gate::down`].
    pub fn down(&self) -> NetworkFault {
        NetworkFault::new(self, "is down", Gate::down).without_colon()
    }

    /// All is as in a network of that kind.
    #[must_use = "a fault does nothing until it is started"]
    pub fn like(&self, profile: &Profile) -> Box<dyn Fault> {
        profile.fault(self)
    }

    /// Closes all connections of the gates that are open, waits until they are, and says how many they
    /// were.
    pub async fn close_all(&self, ending: Ending) -> usize {
        let mut count = 0;
        for gate in self.gates() {
            count += gate.close_all(ending).await;
        }
        count
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            return formatter.write_str(name);
        }
        let listed = |names: &Names| {
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            names.join(", ")
        };
        match &self.nodes {
            None => formatter.write_str("the network")?,
            Some(nodes) => write!(formatter, "the network to {}", listed(nodes))?,
        }
        match &self.services {
            None => Ok(()),
            Some(services) => write!(formatter, " ({})", listed(services)),
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Part({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_within_another_also_where_nothing_is_connected_yet() {
        let network = Network::new();
        let csp = || network.to(["low-csp/subarray/01"]);
        let events = csp().for_services(["events"]);
        assert!(csp().is_within(&network.all()));
        assert!(csp().is_within(&network.to(["LOW-CSP/subarray/01", "low-sdp/subarray/01"])));
        assert!(events.is_within(&csp()));
        assert!(!csp().is_within(&events));
        assert!(!network.all().is_within(&csp()));
        assert!(!events.is_within(&network.to(["low-sdp/subarray/01"])));
    }
}
