//! Why there is no way, and what is missing for one.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use super::graph::StateGraph;
use super::transition::State;

/// How many states a message lists before it says how many more there are.
const LISTED: usize = 12;

/// The graph has no way from one state to another.
///
/// `Display` says what is missing: any transition from one of [`reachable`](Self::reachable) to one
/// of [`leading`](Self::leading) would make a way.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NoPath<S: State> {
    /// The state the way should start from.
    pub from: S,
    /// The state it should lead to.
    pub to: S,
    /// The state in which the whole way would begin: another one than `from` where this is a later
    /// leg of a way through several states.
    pub begin: S,
    /// The states that can be reached from `from`, itself included, nearest first.
    pub reachable: Vec<S>,
    /// The states from which `to` can be reached, itself included, nearest first.
    pub leading: Vec<S>,
    /// The state that may have been meant, if the graph does not know `to` but one much like it.
    pub similar: Option<S>,
}

impl<S: State> NoPath<S> {
    pub(super) fn new(graph: &StateGraph<S>, begin: &S, from: &S, to: &S) -> NoPath<S> {
        let unknown = graph.node_of(to).is_none();
        NoPath {
            from: from.clone(),
            to: to.clone(),
            begin: begin.clone(),
            reachable: graph.reachable_from(from),
            leading: graph.leading_to(to),
            similar: unknown.then(|| similar(graph, to)).flatten(),
        }
    }
}

impl<S: State> fmt::Display for NoPath<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoPath {
            from,
            to,
            begin,
            reachable,
            leading,
            similar,
        } = self;
        write!(formatter, "no way from {from} to {to}")?;
        if begin != from {
            write!(formatter, " (after the way from {begin} to {from})")?;
        }
        formatter.write_str(": ")?;
        match (reachable.len() > 1, leading.len() > 1) {
            (false, false) => write!(
                formatter,
                "no transition leaves {from} and none leads to {to}"
            )?,
            (false, true) => write!(
                formatter,
                "no transition leaves {from}; {to} can be reached from {}",
                Listed(leading, to)
            )?,
            (true, false) => write!(
                formatter,
                "no transition leads to {to}; {from} leads to {}",
                Listed(reachable, from)
            )?,
            (true, true) => write!(
                formatter,
                "a transition is missing from one of {from}, {} to one of {to}, {}",
                Listed(reachable, from),
                Listed(leading, to)
            )?,
        }
        match similar {
            Some(similar) => write!(formatter, "; did you mean {similar}?"),
            None => Ok(()),
        }
    }
}

/// States of a list, without one that is named already.
struct Listed<'a, S>(&'a [S], &'a S);

impl<S: State> fmt::Display for Listed<'_, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Listed(states, named) = self;
        let others = states.iter().filter(|state| state != named);
        let count = others.clone().count();
        // "and 1 more" would take as much space as the state.
        let listed = if count == LISTED + 1 { count } else { LISTED };
        for (number, state) in others.take(listed).enumerate() {
            let separator = if number == 0 { "" } else { ", " };
            write!(formatter, "{separator}{state}")?;
        }
        match count.saturating_sub(listed) {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

/// The state of the graph whose name differs least, if it differs little. Only of names: a number
/// is not mistyped by being another one.
fn similar<S: State>(graph: &StateGraph<S>, to: &S) -> Option<S> {
    let wanted: Vec<char> = to.to_string().to_lowercase().chars().collect();
    if !wanted.iter().any(|letter| letter.is_alphabetic()) {
        return None;
    }
    graph
        .states()
        .map(|state| {
            (
                difference(&wanted, &state.to_string().to_lowercase()),
                state,
            )
        })
        .filter(|(difference, _)| difference * 5 <= wanted.len() * 2)
        .min_by_key(|(difference, _)| *difference)
        .map(|(_, state)| state.clone())
}

/// How many letters must be added, taken away or replaced to make one name of the other.
fn difference(one: &[char], other: &str) -> usize {
    let mut row: Vec<usize> = (0..=one.len()).collect();
    for (line, letter) in other.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (cell, known) in row
            .iter_mut()
            .zip(std::iter::once(None).chain(one.iter().map(Some)))
        {
            let above = *cell;
            if let Some(known) = known {
                left = (diagonal + usize::from(*known != letter))
                    .min(above + 1)
                    .min(left + 1);
            }
            *cell = left;
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Listed, difference};

    #[test]
    fn names_differ_by_the_letters_to_change() {
        let differ = |one: &str, other| difference(&one.chars().collect::<Vec<_>>(), other);
        assert_eq!(differ("ready", "ready"), 0);
        assert_eq!(differ("redy", "ready"), 1);
        assert_eq!(differ("ready", "raedy"), 2);
        assert_eq!(differ("", "ready"), 5);
        assert_eq!(differ("ready", ""), 5);
        assert_eq!(differ("kitten", "sitting"), 3);
    }

    #[test]
    fn long_lists_are_cut() {
        let list = |count: u32| {
            let states: Vec<u32> = (0..=count).collect();
            Listed(&states, &0).to_string()
        };
        assert_eq!(list(2), "1, 2");
        assert!(list(13).ends_with("12, 13"), "{}", list(13));
        assert!(list(106).ends_with("11, 12 and 94 more"), "{}", list(106));
    }
}
