//! How far it is from state to state, and which way is the cheapest.

use std::collections::{HashMap, VecDeque};

use harness_core::state_machine::State;

use super::way::Way;

/// Distances between states, in commands, and cheapest ways.
#[derive(Clone, Debug)]
pub(crate) struct Routes<S> {
    distances: HashMap<(S, S), u32>,
    longest: u32,
}

impl<S: State> Routes<S> {
    pub(super) fn of(ways: &[Way<S>], resting: &[S]) -> Routes<S> {
        let mut distances = HashMap::new();
        for start in resting {
            let mut waiting = VecDeque::from([(start, 0)]);
            distances.insert((start.clone(), start.clone()), 0);
            while let Some((state, distance)) = waiting.pop_front() {
                for way in ways.iter().filter(|way| way.from == *state) {
                    for passed in &way.via {
                        let pair = (start.clone(), passed.clone());
                        distances.entry(pair).or_insert(distance + 1);
                    }
                    let pair = (start.clone(), way.to.clone());
                    if let std::collections::hash_map::Entry::Vacant(entry) = distances.entry(pair)
                    {
                        entry.insert(distance + 1);
                        waiting.push_back((&way.to, distance + 1));
                    }
                }
            }
        }
        let longest = distances.values().copied().max().unwrap_or_default();
        Routes { distances, longest }
    }

    /// The fewest commands from a state in which the system stays to another, none if there is no
    /// way. To a transient state it counts the command that leads through it.
    pub(crate) fn distance(&self, from: &S, to: &S) -> Option<u32> {
        self.distances.get(&(from.clone(), to.clone())).copied()
    }

    /// The longest of all distances.
    pub(super) fn longest(&self) -> u32 {
        self.longest
    }
}

/// The cheapest ways from one state to another, one after the other; none if there are none.
pub(super) fn cheapest<'w, S: State>(
    ways: &'w [Way<S>],
    from: &S,
    to: &S,
) -> Option<Vec<&'w Way<S>>> {
    let mut costs: HashMap<&S, f64> = HashMap::from([(from, 0.0)]);
    let mut last: HashMap<&S, &Way<S>> = HashMap::new();
    // as often as there are ways is enough for any way without loops
    for _ in 0..ways.len() {
        let mut changed = false;
        for way in ways {
            let Some(cost) = costs.get(&way.from).map(|cost| cost + way.cost) else {
                continue;
            };
            if costs.get(&way.to).is_none_or(|known| cost < *known) {
                costs.insert(&way.to, cost);
                last.insert(&way.to, way);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut steps = Vec::new();
    let mut state = to;
    while state != from {
        let way = *last.get(state)?;
        steps.push(way);
        state = &way.from;
    }
    steps.reverse();
    Some(steps)
}
