//! The cheapest way to balance a graph, so that a tour can go every edge of it.

/// An edge of a graph whose nodes are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    /// How many commands it takes.
    pub length: u64,
}

/// An edge of the network on which balance flows.
struct Arc {
    to: usize,
    capacity: u64,
    cost: i64,
    /// The arc that takes it back.
    reverse: usize,
}

/// How often each of the edges `transit` must be gone besides all of `required`, so that each of
/// so many nodes is left as often as it is entered, and what that takes together. None if it can
/// not be.
///
/// This is the problem of the postman in a directed graph: a tour that goes all required edges is
/// no shorter than they and these together, and if they hang together there is one.
pub(super) fn balance(
    nodes: usize,
    required: &[Edge],
    transit: &[Edge],
) -> Option<(Vec<u64>, u64)> {
    let mut surplus = vec![0_i64; nodes];
    for edge in required {
        surplus[edge.to] += 1;
        surplus[edge.from] -= 1;
    }
    let (source, sink) = (nodes, nodes + 1);
    let mut network = Network::new(nodes + 2);
    let most = required.len() as u64;
    let firsts: Vec<usize> = transit
        .iter()
        .map(|edge| {
            let cost = i64::try_from(edge.length).unwrap_or(i64::MAX / 4);
            network.add(edge.from, edge.to, most, cost)
        })
        .collect();
    let mut wanted = 0;
    for (node, surplus) in surplus.iter().enumerate() {
        let amount = surplus.unsigned_abs();
        if *surplus > 0 {
            network.add(source, node, amount, 0);
            wanted += amount;
        } else if *surplus < 0 {
            network.add(node, sink, amount, 0);
        }
    }
    let mut cost = 0;
    for _ in 0..wanted {
        cost += network.push_one(source, sink)?;
    }
    let gone = firsts.iter().map(|&arc| most - network.arcs[arc].capacity);
    Some((gone.collect(), cost.unsigned_abs()))
}

struct Network {
    arcs: Vec<Arc>,
    leaving: Vec<Vec<usize>>,
}

impl Network {
    fn new(nodes: usize) -> Network {
        Network {
            arcs: Vec::new(),
            leaving: vec![Vec::new(); nodes],
        }
    }

    fn add(&mut self, from: usize, to: usize, capacity: u64, cost: i64) -> usize {
        let place = self.arcs.len();
        let (there, back) = (place, place + 1);
        self.arcs.push(Arc {
            to,
            capacity,
            cost,
            reverse: back,
        });
        self.arcs.push(Arc {
            to: from,
            capacity: 0,
            cost: -cost,
            reverse: there,
        });
        self.leaving[from].push(there);
        self.leaving[to].push(back);
        place
    }

    /// Sends one unit along the cheapest way that is left; what it costs.
    fn push_one(&mut self, source: usize, sink: usize) -> Option<i64> {
        let mut costs: Vec<Option<i64>> = vec![None; self.leaving.len()];
        let mut last: Vec<Option<usize>> = vec![None; self.leaving.len()];
        costs[source] = Some(0);
        for _ in 0..self.leaving.len() {
            let mut changed = false;
            for node in 0..self.leaving.len() {
                let Some(cost) = costs[node] else { continue };
                for &place in &self.leaving[node] {
                    let arc = &self.arcs[place];
                    let further = cost + arc.cost;
                    if arc.capacity > 0 && costs[arc.to].is_none_or(|known| further < known) {
                        costs[arc.to] = Some(further);
                        last[arc.to] = Some(place);
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let cost = costs[sink]?;
        let mut node = sink;
        while node != source {
            let place = last[node]?;
            let reverse = self.arcs[place].reverse;
            self.arcs[place].capacity -= 1;
            self.arcs[reverse].capacity += 1;
            node = self.arcs[reverse].to;
        }
        Some(cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: usize, to: usize) -> Edge {
        Edge {
            from,
            to,
            length: 1,
        }
    }

    #[test]
    fn what_is_balanced_needs_nothing() {
        let ring = [edge(0, 1), edge(1, 2), edge(2, 0)];
        assert_eq!(balance(3, &ring, &ring), Some((vec![0, 0, 0], 0)));
    }

    #[test]
    fn the_cheapest_edges_make_up_for_what_is_missing() {
        let required = [edge(0, 1), edge(0, 1)];
        let long = Edge {
            length: 5,
            ..edge(1, 0)
        };
        let transit = [long, edge(1, 2), edge(2, 0)];
        assert_eq!(balance(3, &required, &transit), Some((vec![0, 2, 2], 4)));
    }

    #[test]
    fn what_can_not_be_left_again_can_not_be_balanced() {
        assert_eq!(balance(2, &[edge(0, 1)], &[edge(0, 1)]), None);
    }
}
