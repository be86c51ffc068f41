//! What is to be done: each command in each state, with each input, and each way between two states.

use harness_core::state_machine::State;

use crate::lifecycle::{Exercise, Lifecycle, Record, Way};

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Goal<S> {
    /// A command where it is allowed, with an input that is taken.
    Take {
        from: S,
        command: String,
        input: Option<String>,
    },
    /// A command where it is not allowed, or with an input that is broken.
    Refuse {
        from: S,
        command: String,
        input: Option<String>,
    },
    /// To reach a state from another, in as few commands as it takes.
    Reach { from: S, to: S },
    /// A command after another that began in this state.
    Follow {
        from: S,
        first: String,
        second: String,
    },
}

impl<S: State> Goal<S> {
    /// All goals of a lifecycle.
    pub(super) fn all(
        lifecycle: &Lifecycle<S>,
        with_pairs: bool,
        with_successions: bool,
    ) -> Vec<Goal<S>> {
        let mut goals = Vec::new();
        for from in lifecycle.states() {
            for command in lifecycle.commands() {
                goals.extend(goals_of(lifecycle, from, command));
            }
        }
        if with_pairs {
            goals.extend(pairs(lifecycle));
        }
        if with_successions {
            let all = lifecycle.successions().into_iter();
            goals.extend(all.map(|(first, second)| Goal::Follow {
                from: first.from.clone(),
                first: first.command.clone(),
                second: second.command.clone(),
            }));
        }
        goals
    }

    /// Whether it was done, or went wrong.
    pub(super) fn is_settled(&self, record: &Record<S>) -> bool {
        match self {
            Goal::Reach { from, to } => record.has_gone(from, to),
            Goal::Follow {
                from,
                first,
                second,
            } => record.has_followed(from, first, second),
            Goal::Take {
                from,
                command,
                input,
            } => {
                let cell = record.cell(from, command);
                cell.blocked || was_sent(&cell, input.as_ref(), cell.taken)
            }
            Goal::Refuse {
                from,
                command,
                input,
            } => {
                let cell = record.cell(from, command);
                cell.failed.is_some() || was_sent(&cell, input.as_ref(), cell.refused)
            }
        }
    }
}

/// Whether a command was sent with an input, or, where it has none, was sent at all.
fn was_sent(cell: &Exercise, input: Option<&String>, times: u64) -> bool {
    input.map_or(times > 0, |input| cell.inputs.contains(input))
}

/// What is to be done of a command in a state. In a transient state, where time is short, one input
/// must do; and so it is where the command is refused whatever it is given.
fn goals_of<S: State>(lifecycle: &Lifecycle<S>, from: &S, command: &str) -> Vec<Goal<S>> {
    let inputs = lifecycle.inputs(command);
    let allowed = lifecycle.way(from, command).is_some();
    let take = |input: Option<String>| Goal::Take {
        from: from.clone(),
        command: command.to_owned(),
        input,
    };
    let refuse = |input: Option<String>| Goal::Refuse {
        from: from.clone(),
        command: command.to_owned(),
        input,
    };
    let name = |input: &crate::lifecycle::Input| Some(input.name.clone());
    if inputs.is_empty() {
        return vec![if allowed { take(None) } else { refuse(None) }];
    }
    if !allowed {
        return inputs
            .iter()
            .take(1)
            .map(|input| refuse(name(input)))
            .collect();
    }
    if lifecycle.is_transient(from) {
        let mut taken = inputs.iter().filter(|input| input.is_taken());
        return taken
            .next()
            .map(|input| take(name(input)))
            .into_iter()
            .collect();
    }
    let goals = inputs.iter().map(|input| {
        let goal = name(input);
        if input.is_taken() {
            take(goal)
        } else {
            refuse(goal)
        }
    });
    goals.collect()
}

/// All pairs of a state in which the system stays and another to which there is a way.
fn pairs<S: State>(lifecycle: &Lifecycle<S>) -> Vec<Goal<S>> {
    let routes = lifecycle.routes();
    let home = lifecycle.home();
    let stays = lifecycle
        .states()
        .filter(|from| !lifecycle.is_transient(from) && routes.distance(home, from).is_some());
    let pairs = stays.flat_map(|from| {
        let reached = lifecycle
            .states()
            .filter(move |to| *to != from && routes.distance(from, to).is_some());
        reached.map(move |to| Goal::Reach {
            from: from.clone(),
            to: to.clone(),
        })
    });
    pairs.collect()
}

/// A shortest way between two states, of these ways; to a transient state, the last one leads
/// through it.
pub(super) fn shortest<'w, S: State>(
    ways: &[&'w Way<S>],
    from: &S,
    to: &S,
) -> Option<Vec<&'w Way<S>>> {
    let mut known: Vec<(&S, Vec<&'w Way<S>>)> = vec![(from, Vec::new())];
    let mut place = 0;
    while let Some((state, steps)) = known.get(place).cloned() {
        for way in ways.iter().filter(|way| way.from == *state) {
            let mut further = steps.clone();
            further.push(way);
            if way.to == *to || way.via.contains(to) {
                return Some(further);
            }
            if known.iter().all(|(other, _)| **other != way.to) {
                known.push((&way.to, further));
            }
        }
        place += 1;
    }
    None
}
