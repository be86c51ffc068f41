//! From goals to the edges of a graph, each with the steps that go it.

use harness_core::state_machine::State;

use super::circuit::{Circuit, Leg, circuit};
use super::flow::Edge;
use super::goal::{Goal, shortest};
use super::tour::{command_step, wait_step};
use crate::lifecycle::{Lifecycle, Manner, Record, Way};
use crate::program::Step;

/// How many ways to choose where transient states are entered are tried at most.
const MOST_CHOICES: usize = 2_000;

/// An edge with the steps that go it.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    edge: Edge,
    pub steps: Vec<Step>,
}

/// A tour that is planned.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub steps: Vec<Step>,
    /// How many commands it sends.
    pub commands: u64,
    /// No tour for these goals sends fewer.
    pub at_least: u64,
}

/// What is planned with: where the system can go, without the ways that went wrong.
pub(super) struct Planner<'l, S: State> {
    pub(super) lifecycle: &'l Lifecycle<S>,
    /// The states in which the system stays, and from which it can go home.
    nodes: Vec<&'l S>,
    pub(super) ways: Vec<&'l Way<S>>,
}

impl<'l, S: State> Planner<'l, S> {
    pub(super) fn new(lifecycle: &'l Lifecycle<S>, record: &Record<S>) -> Self {
        let sound = lifecycle.ways().iter().filter(|way| {
            let cell = record.cell(&way.from, &way.command);
            !cell.blocked && !lifecycle.is_transient(&way.from)
        });
        let mut ways: Vec<&Way<S>> = sound.collect();
        let home = lifecycle.home();
        let goes = |ways: &[&Way<S>], from: &S, to: &S| {
            from == to
                || shortest(ways, from, to)
                    .and_then(|steps| steps.last().map(|way| way.to == *to))
                    .unwrap_or(false)
        };
        let nodes: Vec<&S> = lifecycle
            .states()
            .filter(|state| !lifecycle.is_transient(state))
            .filter(|state| goes(&ways, home, state) && goes(&ways, state, home))
            .collect();
        ways.retain(|way| nodes.contains(&&way.from) && nodes.contains(&&way.to));
        Planner {
            lifecycle,
            nodes,
            ways,
        }
    }

    /// The shortest tour for these goals, as far as there are ways; none if none can be met.
    pub(super) fn tour(&self, goals: &[&Goal<S>]) -> Option<Planned> {
        let start = self.node(self.lifecycle.home())?;
        let mut fixed = self.loops_and_ways(goals);
        fixed.extend(self.reaches(goals));
        let choices = self.entries(goals);
        if fixed.is_empty() && choices.is_empty() {
            return None;
        }
        let transit: Vec<Stretch> = self.ways.iter().filter_map(|way| self.gone(way)).collect();
        let transit_edges: Vec<Edge> = transit.iter().map(|stretch| stretch.edge).collect();
        let mut best: Option<(Vec<Stretch>, Circuit)> = None;
        let count: usize = choices.iter().map(Vec::len).product();
        for number in 0..count.min(MOST_CHOICES) {
            let mut stretches = fixed.clone();
            let mut rest = number;
            for options in &choices {
                stretches.push(options[rest % options.len()].clone());
                rest /= options.len();
            }
            let edges: Vec<Edge> = stretches.iter().map(|stretch| stretch.edge).collect();
            let found = circuit(self.nodes.len(), start, &edges, &transit_edges);
            let Some(found) = found else { continue };
            if best
                .as_ref()
                .is_none_or(|(_, known)| found.length < known.length)
            {
                best = Some((stretches, found));
            }
        }
        let (stretches, found) = best?;
        let at_least = if count > MOST_CHOICES {
            stretches.iter().map(|stretch| stretch.edge.length).sum()
        } else {
            found.at_least
        };
        let steps = found.legs.iter().flat_map(|leg| match leg {
            Leg::Required(place) => stretches[*place].steps.clone(),
            Leg::Transit(place) => transit[*place].steps.clone(),
        });
        Some(Planned {
            steps: steps.collect(),
            commands: found.length,
            at_least,
        })
    }

    /// What is sent where the system stays; with it, what is refused while it leads through
    /// transient states.
    fn loops_and_ways(&self, goals: &[&Goal<S>]) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for goal in goals {
            match goal {
                Goal::Refuse {
                    from,
                    command,
                    input,
                } => {
                    if let Some(node) = self.node(from) {
                        let step = command_step(Manner::Refused, command, input.as_deref());
                        stretches.push(stretch(node, node, vec![step]));
                    }
                }
                Goal::Take {
                    from,
                    command,
                    input,
                } => {
                    let way = self
                        .ways
                        .iter()
                        .find(|way| way.from == *from && way.command == *command);
                    let ends = way.and_then(|way| Some((self.node(from)?, self.node(&way.to)?)));
                    if let Some((from, to)) = ends {
                        let step = command_step(Manner::Complete, command, input.as_deref());
                        stretches.push(stretch(from, to, vec![step]));
                    }
                }
                Goal::Reach { .. } | Goal::Follow { .. } => {}
            }
        }
        for state in self.lifecycle.states() {
            let refused = refused_in(goals, state);
            if !self.lifecycle.is_transient(state) || refused.is_empty() {
                continue;
            }
            let Some(way) = self.entering(state).next() else {
                continue;
            };
            self.refuse_within(way, refused, &mut stretches);
        }
        stretches
    }

    /// Has commands refused while a way is gone: one that must be gone anyway, or else once more.
    fn refuse_within(&self, way: &Way<S>, refused: Vec<Step>, stretches: &mut Vec<Stretch>) {
        let Some(mut gone) = self.gone(way) else {
            return;
        };
        let input = self.first_input(&way.command);
        let mut steps = vec![command_step(Manner::Begin, &way.command, input)];
        let length = 1 + refused.len() as u64;
        steps.extend(refused);
        steps.push(wait_step());
        let plain = gone.steps.clone();
        gone.steps = steps;
        gone.edge.length = length;
        let same = stretches.iter_mut().find(|other| other.steps == plain);
        match same {
            Some(same) => *same = gone,
            None => stretches.push(gone),
        }
    }

    /// For each command that is allowed in a transient state, the ways to send it there.
    fn entries(&self, goals: &[&Goal<S>]) -> Vec<Vec<Stretch>> {
        let mut choices = Vec::new();
        for goal in goals {
            let Goal::Take {
                from,
                command,
                input,
            } = goal
            else {
                continue;
            };
            if !self.lifecycle.is_transient(from) {
                continue;
            }
            let Some(onward) = self.lifecycle.way(from, command) else {
                continue;
            };
            let options: Vec<Stretch> = self
                .entering(from)
                .filter_map(|way| {
                    let first = self.first_input(&way.command);
                    let steps = vec![
                        command_step(Manner::Begin, &way.command, first),
                        command_step(Manner::Complete, command, input.as_deref()),
                    ];
                    Some(stretch(
                        self.node(&way.from)?,
                        self.node(&onward.to)?,
                        steps,
                    ))
                })
                .collect();
            if !options.is_empty() {
                choices.push(options);
            }
        }
        choices
    }

    /// The shortest ways between states that are no part of others.
    fn reaches(&self, goals: &[&Goal<S>]) -> Vec<Stretch> {
        let mut found: Vec<Vec<&Way<S>>> = Vec::new();
        for goal in goals {
            if let Goal::Reach { from, to } = goal
                && let Some(steps) = shortest(&self.ways, from, to)
                // what is farther than it was, behind a way that went wrong, does not count
                && self.lifecycle.routes().distance(from, to) == u32::try_from(steps.len()).ok()
            {
                found.push(steps);
            }
        }
        found.sort_by_key(|steps| std::cmp::Reverse(steps.len()));
        let mut kept: Vec<Vec<&Way<S>>> = Vec::new();
        for steps in found {
            let within =
                |longer: &Vec<&Way<S>>| longer.windows(steps.len()).any(|part| part == steps);
            if !kept.iter().any(within) {
                kept.push(steps);
            }
        }
        let stretches = kept.iter().filter_map(|steps| {
            let (first, last) = (steps.first()?, steps.last()?);
            let gone = steps.iter().filter_map(|way| self.gone(way));
            let sent = gone.flat_map(|stretch| stretch.steps).collect();
            Some(stretch(self.node(&first.from)?, self.node(&last.to)?, sent))
        });
        stretches.collect()
    }

    /// The ways on which a transient state is the first.
    fn entering<'a>(&'a self, state: &'a S) -> impl Iterator<Item = &'l Way<S>> + 'a {
        let ways = self.ways.iter().copied();
        ways.filter(move |way| way.via.first() == Some(state))
    }

    /// A way that is gone from end to end.
    pub(super) fn gone(&self, way: &Way<S>) -> Option<Stretch> {
        let input = self.first_input(&way.command);
        let step = command_step(Manner::Complete, &way.command, input);
        Some(stretch(
            self.node(&way.from)?,
            self.node(&way.to)?,
            vec![step],
        ))
    }

    fn first_input(&self, command: &str) -> Option<&'l str> {
        let mut inputs = self.lifecycle.inputs(command).iter();
        let first = inputs.find(|input| input.is_taken())?;
        Some(&first.name)
    }

    fn node(&self, state: &S) -> Option<usize> {
        self.nodes.iter().position(|node| *node == state)
    }
}

/// The steps that are refused in a state, of these goals.
fn refused_in<S: State>(goals: &[&Goal<S>], state: &S) -> Vec<Step> {
    let refused = goals.iter().filter_map(|goal| match goal {
        Goal::Refuse {
            from,
            command,
            input,
        } if from == state => Some(command_step(Manner::Refused, command, input.as_deref())),
        _ => None,
    });
    refused.collect()
}

fn stretch(from: usize, to: usize, steps: Vec<Step>) -> Stretch {
    let length = steps.len() as u64;
    Stretch {
        edge: Edge { from, to, length },
        steps,
    }
}
