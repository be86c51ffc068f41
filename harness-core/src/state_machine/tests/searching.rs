//! The search against a naive one on graphs too large to try all paths, and what is connected.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::state_machine::{Plan, Sources, StateGraph, Transition};

type Graph = StateGraph<u16>;

/// States that are declared, at most; from here on up they are strangers.
const STATES: u16 = 30;

/// The best plan, found by relaxing every transition until nothing gets better, and then choosing
/// the first in the order of declaration that is on a best way.
fn naive(graph: &Graph, from: u16, to: u16) -> Option<(f64, Vec<usize>)> {
    const NONE: (f64, usize) = (f64::INFINITY, usize::MAX);
    let mut remaining = vec![NONE; usize::from(STATES) + 2];
    remaining[usize::from(to)] = (0.0, 0);
    let by = |transition: &Transition<u16>, remaining: &[(f64, usize)]| {
        let (cost, steps) = remaining[usize::from(*transition.target())];
        (steps != usize::MAX).then(|| (cost + transition.given_cost(), steps + 1))
    };
    loop {
        let mut better = false;
        for transition in graph.transitions() {
            let Some(distance) = by(transition, &remaining) else {
                continue;
            };
            for state in 0..STATES + 2 {
                let known = &mut remaining[usize::from(state)];
                if transition.sources().accept(&state) && distance < *known {
                    *known = distance;
                    better = true;
                }
            }
        }
        if !better {
            break;
        }
    }
    let (cost, steps) = remaining[usize::from(from)];
    if steps == usize::MAX {
        return None;
    }
    let (mut at, mut path) = (from, Vec::new());
    while at != to {
        let (index, transition) = graph
            .transitions()
            .iter()
            .enumerate()
            .find(|(_, transition)| {
                transition.sources().accept(&at)
                    && by(transition, &remaining) == Some(remaining[usize::from(at)])
            })
            .unwrap();
        path.push(index);
        at = *transition.target();
    }
    Some((cost, path))
}

/// What can be reached by following transitions, forwards or backwards.
fn closure(graph: &Graph, start: u16, forwards: bool) -> BTreeSet<u16> {
    let known: Vec<u16> = graph.states().copied().collect();
    let mut found = BTreeSet::from([start]);
    loop {
        let before = found.len();
        for transition in graph.transitions() {
            let target = *transition.target();
            let sources = known.iter().chain([&start]);
            for source in sources.filter(|source| transition.sources().accept(source)) {
                if forwards && found.contains(source) {
                    found.insert(target);
                } else if !forwards && found.contains(&target) {
                    found.insert(*source);
                }
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Many parallel transitions, loops, sources named twice, few different costs (zero among them),
/// and some transitions from any state. Quarters add up without rounding.
fn graph() -> impl Strategy<Value = Graph> {
    let sources = prop_oneof![
        15 => prop::collection::vec(0..STATES, 1..6).prop_map(Some),
        1 => Just(None),
    ];
    let transition = (0..STATES, sources, 0..7u8).prop_map(|(target, sources, quarters)| {
        let transition = Transition::to(target).cost(f64::from(quarters) / 4.0);
        match sources {
            Some(sources) => transition.from(sources),
            None => transition.from_any(),
        }
    });
    let alone = prop::collection::vec(0..STATES, 0..4);
    (prop::collection::vec(transition, 0..60), alone).prop_map(|(transitions, alone)| {
        let graph = alone
            .iter()
            .fold(Graph::new(), |graph, state| graph.with_state(state));
        transitions
            .into_iter()
            .fold(graph, |graph, transition| graph.with(transition).unwrap())
    })
}

fn told(plan: Option<&Plan<u16>>) -> Option<(f64, Vec<usize>)> {
    plan.map(|plan| {
        let path = plan.steps().iter().map(|step| step.transition()).collect();
        (plan.cost().value(), path)
    })
}

proptest! {
    // The naive search takes its time.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn plans_of_larger_graphs_are_those_of_the_naive_search(graph in graph()) {
        for from in (0..STATES).step_by(3).chain([STATES]) {
            for to in (0..STATES).step_by(2).chain([STATES + 1]) {
                let plan = graph.plan(&from, &to);
                prop_assert_eq!(told(plan.as_ref()), naive(&graph, from, to), "{} to {}", from, to);
                prop_assert_eq!(graph.cost(&from, &to), plan.as_ref().map(Plan::cost));
                let Some(plan) = plan else { continue };
                let sum: f64 = plan.steps().iter().map(|step| step.cost().value()).sum();
                prop_assert_eq!(plan.cost().value(), sum);
            }
        }
    }

    #[test]
    fn reachable_and_leading_states_are_those_of_the_naive_closure(graph in graph()) {
        for state in 0..=STATES {
            let reachable = graph.reachable_from(&state);
            let leading = graph.leading_to(&state);
            let set = |list: &[u16]| list.iter().copied().collect::<BTreeSet<u16>>();
            prop_assert_eq!(set(&reachable), closure(&graph, state, true));
            prop_assert_eq!(reachable.len(), set(&reachable).len(), "named once each");
            prop_assert_eq!(set(&leading), closure(&graph, state, false));
            prop_assert_eq!(leading.len(), set(&leading).len(), "named once each");
            prop_assert_eq!((reachable[0], leading[0]), (state, state));
        }
    }

    #[test]
    fn a_plan_through_others_is_the_best_plan_of_each_leg(
        graph in graph(),
        through in prop::collection::vec(0..STATES, 0..4),
        from in 0..=STATES,
        to in 0..STATES,
    ) {
        let mut legs = Vec::new();
        let mut at = from;
        for stop in through.iter().chain([&to]) {
            legs.push(graph.plan(&at, stop).ok_or((at, *stop)));
            at = *stop;
        }
        let legs: Result<Vec<_>, _> = legs.into_iter().collect();
        match (graph.plan_through(&from, &through, &to), legs) {
            (Ok(plan), Ok(legs)) => {
                let steps: Vec<_> = legs.iter().flat_map(|leg| leg.steps()).cloned().collect();
                prop_assert_eq!(plan.steps(), steps);
                let cost: f64 = legs.iter().map(|leg| leg.cost().value()).sum();
                prop_assert_eq!(plan.cost().value(), cost);
                prop_assert_eq!((plan.from(), plan.to()), (&from, &to));
            }
            (Err(error), Err(leg)) => {
                prop_assert_eq!((error.from, error.to), leg);
                prop_assert_eq!(error.begin, from);
            }
            (plan, legs) => prop_assert!(false, "{:?} for {:?}", plan, legs),
        }
    }
}

#[test]
fn costs_beyond_all_numbers_still_make_a_plan() {
    let graph = (0..4).fold(Graph::new(), |graph, state| {
        graph
            .with(Transition::to(state + 1).from([state]).cost(f64::MAX))
            .unwrap()
    });
    let plan = graph.plan(&0, &4).unwrap();
    assert_eq!(
        (plan.steps().len(), plan.cost().value()),
        (4, f64::INFINITY)
    );
}

#[test]
fn nearest_states_come_first_also_for_a_stranger() {
    let graph = Graph::new()
        .with(Transition::to(1).from_any())
        .unwrap()
        .with(Transition::to(2).from([1]))
        .unwrap()
        .with(Transition::to(3).from_any())
        .unwrap();
    assert_eq!(graph.reachable_from(&99), [99, 1, 3, 2]);
    assert_eq!(graph.leading_to(&3), [3, 1, 2]);
    assert_eq!(graph.leading_to(&99), [99]);
}

/// Takes minutes where a declaration looks through what a state has already.
#[test]
fn a_hub_with_very_many_transitions_is_declared_and_planned_in_no_time() {
    const MANY: u32 = 50_000;
    let mut graph = StateGraph::new();
    for number in 0..MANY {
        let cost = f64::from(MANY - number);
        graph
            .declare(Transition::to(1).from([0, 0]).cost(cost))
            .unwrap();
        graph.declare(Transition::to(number + 2).from([1])).unwrap();
    }
    graph
        .declare(Transition::to(1).from((2..MANY + 2).collect::<Vec<_>>()))
        .unwrap();
    let plan = graph.plan(&0, &(MANY + 1)).unwrap();
    assert_eq!((plan.steps().len(), plan.cost().value()), (2, 2.0));
    assert_eq!(graph.reachable_from(&0).len(), 50_002);
    assert!(matches!(graph.transitions()[0].sources(), Sources::Only(_)));
}

#[test]
fn what_is_missing_is_told_and_long_lists_are_cut() {
    let graph = (0..100).fold(Graph::new(), |graph, state| {
        graph.with(Transition::to(state + 1).from([state])).unwrap()
    });
    let error = graph.plan_through(&0, &[], &500).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no way from 0 to 500: no transition leads to 500; \
         0 leads to 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 88 more"
    );
    assert_eq!(error.reachable.len(), 101);
    let error = graph.plan_through(&500, &[], &1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no way from 500 to 1: no transition leaves 500; 1 can be reached from 0"
    );
    let error = graph.plan_through(&0, &[7, 3], &9).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("no way from 7 to 3 (after the way from 0 to 7): a transition is missing from one of 7, 8, 9,"),
        "{error}"
    );
}

#[test]
fn a_mistyped_target_is_told_what_may_have_been_meant() {
    let graph = StateGraph::new()
        .with(Transition::to("READY").from(["IDLE"]))
        .unwrap();
    let missed = |to| graph.plan_through(&"IDLE", &[], &to).unwrap_err();
    assert_eq!(
        missed("Raedy").to_string(),
        "no way from IDLE to Raedy: no transition leads to Raedy; IDLE leads to READY; \
         did you mean READY?"
    );
    assert_eq!(missed("FAULT").similar, None);
    // A state that the graph knows was not mistyped.
    let graph = graph.with_state(&"READX");
    let error = graph.plan_through(&"IDLE", &[], &"READX").unwrap_err();
    assert_eq!(error.similar, None);
}
