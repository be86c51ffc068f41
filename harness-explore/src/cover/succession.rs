//! A tour on which commands follow each other.

use harness_core::state_machine::State;

use super::circuit::{Leg, circuit};
use super::flow::Edge;
use super::goal::Goal;
use super::plan::{Planned, Planner};

impl<S: State> Planner<'_, S> {
    /// The shortest tour on which commands follow each other as these goals want it, as far as there
    /// are ways. Its nodes are the commands that were sent last; the first one is none.
    pub(super) fn succession_tour(&self, goals: &[&Goal<S>]) -> Option<Planned> {
        let place_of = |from: &S, command: &str| {
            let mut ways = self.ways.iter();
            ways.position(|way| way.from == *from && way.command == command)
        };
        let required: Vec<Edge> = goals
            .iter()
            .filter_map(|goal| match goal {
                Goal::Follow {
                    from,
                    first,
                    second,
                } => {
                    let first = place_of(from, first)?;
                    let second = place_of(&self.ways[first].to, second)?;
                    Some(after(first + 1, second + 1))
                }
                _ => None,
            })
            .collect();
        if required.is_empty() {
            return None;
        }
        let home = self.lifecycle.home();
        let mut transit = Vec::new();
        for (place, way) in self.ways.iter().enumerate() {
            if way.from == *home {
                transit.push(after(0, place + 1));
            }
            if way.to == *home {
                let length = 0;
                transit.push(Edge {
                    length,
                    ..after(place + 1, 0)
                });
            }
            for (next, second) in self.ways.iter().enumerate() {
                if way.to == second.from {
                    transit.push(after(place + 1, next + 1));
                }
            }
        }
        let found = circuit(self.ways.len() + 1, 0, &required, &transit)?;
        let sent = found.legs.iter().filter_map(|leg| {
            let to = match leg {
                Leg::Required(place) => required[*place].to,
                Leg::Transit(place) => transit[*place].to,
            };
            let way = self.ways[to.checked_sub(1)?];
            Some(self.gone(way)?.steps)
        });
        Some(Planned {
            steps: sent.flatten().collect(),
            commands: found.length,
            at_least: found.at_least,
        })
    }
}

/// One command after another.
fn after(from: usize, to: usize) -> Edge {
    Edge {
        from,
        to,
        length: 1,
    }
}
