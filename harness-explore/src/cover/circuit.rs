//! A round that goes all required edges, and few others.

use std::collections::VecDeque;

use super::flow::{Edge, balance};

/// One edge of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leg {
    /// The required edge of this number.
    Required(usize),
    /// The other edge of this number.
    Transit(usize),
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Circuit {
    pub legs: Vec<Leg>,
    /// No round is shorter than this.
    pub at_least: u64,
    pub length: u64,
}

/// A round from a node back to it that goes all required edges, and transit edges where it must;
/// none if there is none. It is a shortest one if the required edges hang together.
pub(super) fn circuit(
    nodes: usize,
    start: usize,
    required: &[Edge],
    transit: &[Edge],
) -> Option<Circuit> {
    let (mut gone, extra) = balance(nodes, required, transit)?;
    let needed: u64 = required.iter().map(|edge| edge.length).sum();
    connect(nodes, start, required, transit, &mut gone)?;
    let legs = round(nodes, start, required, transit, &gone);
    let length = legs
        .iter()
        .map(|leg| edge_of(*leg, required, transit).length);
    Some(Circuit {
        length: length.sum(),
        legs,
        at_least: needed + extra,
    })
}

fn edge_of(leg: Leg, required: &[Edge], transit: &[Edge]) -> Edge {
    match leg {
        Leg::Required(place) => required[place],
        Leg::Transit(place) => transit[place],
    }
}

/// Adds ways there and back to what does not hang together with the start yet, the shortest first.
fn connect(
    nodes: usize,
    start: usize,
    required: &[Edge],
    transit: &[Edge],
    gone: &mut [u64],
) -> Option<()> {
    loop {
        let mut reached = vec![false; nodes];
        reached[start] = true;
        let used = |place: &usize| gone[*place] > 0;
        let mut edges: Vec<Edge> = required.to_vec();
        edges.extend((0..transit.len()).filter(used).map(|place| transit[place]));
        while let Some(edge) = edges
            .iter()
            .find(|edge| reached[edge.from] != reached[edge.to])
        {
            reached[edge.from] = true;
            reached[edge.to] = true;
        }
        let ends = edges.iter().flat_map(|edge| [edge.from, edge.to]);
        let apart: Vec<usize> = ends.filter(|node| !reached[*node]).collect();
        if apart.is_empty() {
            return Some(());
        }
        let near = (0..nodes).filter(|node| reached[*node]);
        let trips = near.flat_map(|here| apart.iter().map(move |&there| (here, there)));
        let trips = trips.filter_map(|(here, there)| {
            let mut trip = way(nodes, here, there, transit)?;
            trip.extend(way(nodes, there, here, transit)?);
            Some(trip)
        });
        let length = |trip: &Vec<usize>| -> u64 {
            let lengths = trip.iter().map(|&place| transit[place].length);
            lengths.sum()
        };
        for place in trips.min_by_key(length)? {
            gone[place] += 1;
        }
    }
}

/// The transit edges that lead from one node to another, as few as possible.
fn way(nodes: usize, from: usize, to: usize, transit: &[Edge]) -> Option<Vec<usize>> {
    let mut last: Vec<Option<usize>> = vec![None; nodes];
    let mut waiting = VecDeque::from([from]);
    while let Some(node) = waiting.pop_front() {
        for (place, edge) in transit.iter().enumerate() {
            if edge.from == node && edge.to != from && last[edge.to].is_none() {
                last[edge.to] = Some(place);
                waiting.push_back(edge.to);
            }
        }
    }
    let mut way = Vec::new();
    let mut node = to;
    while node != from {
        let place = last[node]?;
        way.push(place);
        node = transit[place].from;
    }
    way.reverse();
    Some(way)
}

/// A round over all these edges, each as often as it is there, by the algorithm of Hierholzer.
fn round(
    nodes: usize,
    start: usize,
    required: &[Edge],
    transit: &[Edge],
    gone: &[u64],
) -> Vec<Leg> {
    // taken from the back: what is required comes first, in its order
    let mut leaving: Vec<Vec<Leg>> = vec![Vec::new(); nodes];
    for (place, edge) in transit.iter().enumerate().rev() {
        for _ in 0..gone[place] {
            leaving[edge.from].push(Leg::Transit(place));
        }
    }
    for (place, edge) in required.iter().enumerate().rev() {
        leaving[edge.from].push(Leg::Required(place));
    }
    let mut stack: Vec<(usize, Option<Leg>)> = vec![(start, None)];
    let mut legs = Vec::new();
    while let Some((node, arrived_by)) = stack.last().copied() {
        if let Some(leg) = leaving[node].pop() {
            stack.push((edge_of(leg, required, transit).to, Some(leg)));
        } else {
            stack.pop();
            legs.extend(arrived_by);
        }
    }
    legs.reverse();
    legs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(usize, usize)]) -> Vec<Edge> {
        let edge = |&(from, to): &(usize, usize)| Edge {
            from,
            to,
            length: 1,
        };
        pairs.iter().map(edge).collect()
    }

    /// The shortest round, found by trying all.
    fn shortest(start: usize, required: &[Edge], transit: &[Edge]) -> Option<u64> {
        let all = (1_usize << required.len()) - 1;
        let mut seen = std::collections::HashSet::from([(start, 0)]);
        let mut waiting = VecDeque::from([(start, 0_usize, 0_u64)]);
        while let Some((node, done, length)) = waiting.pop_front() {
            if node == start && done == all {
                return Some(length);
            }
            let needed = required.iter().enumerate();
            let needed = needed.map(|(place, edge)| (edge, 1 << place));
            let others = transit.iter().map(|edge| (edge, 0));
            for (edge, bit) in needed.chain(others) {
                let next = (edge.to, done | bit);
                if edge.from == node && seen.insert(next) {
                    waiting.push_back((next.0, next.1, length + 1));
                }
            }
        }
        None
    }

    #[test]
    fn a_round_goes_every_edge_and_is_as_short_as_any() {
        let graphs: [&[(usize, usize)]; 4] = [
            &[(0, 1), (1, 2), (2, 0), (1, 0)],
            &[
                (0, 1),
                (1, 2),
                (2, 3),
                (3, 0),
                (1, 0),
                (2, 0),
                (3, 1),
                (2, 2),
            ],
            &[(0, 1), (0, 1), (0, 2), (1, 3), (2, 3), (3, 0)],
            &[(0, 0)],
        ];
        for graph in graphs {
            let edges = edges(graph);
            let found = circuit(4, 0, &edges, &edges).expect("there is a round");
            assert_eq!(found.length, found.at_least, "{graph:?}");
            assert_eq!(Some(found.length), shortest(0, &edges, &edges), "{graph:?}");
            for place in 0..edges.len() {
                assert!(found.legs.contains(&Leg::Required(place)), "{graph:?}");
            }
            let mut node = 0;
            for leg in &found.legs {
                let edge = edge_of(*leg, &edges, &edges);
                assert_eq!(edge.from, node, "{graph:?}: {:?}", found.legs);
                node = edge.to;
            }
            assert_eq!(node, 0);
        }
    }

    #[test]
    fn what_does_not_hang_together_is_visited_too() {
        let transit = edges(&[(0, 1), (1, 2), (2, 1), (1, 0), (2, 3), (3, 2)]);
        let required = edges(&[(3, 3), (0, 0)]);
        let found = circuit(4, 0, &required, &transit).expect("there is a round");
        assert_eq!(Some(found.length), shortest(0, &required, &transit));
    }

    #[test]
    fn there_is_no_round_through_what_can_not_be_left() {
        let edges = edges(&[(0, 1)]);
        assert_eq!(circuit(2, 0, &edges, &edges), None);
    }
}
