use proptest::prelude::*;

use crate::state_machine::{DeclarationError, Plan, StateGraph, Transition};

type Graph = StateGraph<u8>;

/// The best plan, found by looking at every path without a repeated state.
fn brute_force(graph: &Graph, from: u8, to: u8) -> Option<(f64, Vec<usize>)> {
    fn search(
        graph: &Graph,
        at: u8,
        to: u8,
        visited: &mut Vec<u8>,
        path: &mut Vec<usize>,
        best: &mut Option<(f64, Vec<usize>)>,
    ) {
        if at == to {
            let transitions = graph.transitions();
            let cost = path
                .iter()
                .map(|index| transitions[*index].given_cost())
                .sum::<f64>();
            let better = best.as_ref().is_none_or(|(least, steps)| {
                (cost, path.len(), &*path) < (*least, steps.len(), steps)
            });
            if better {
                *best = Some((cost, path.clone()));
            }
            return;
        }
        for (index, transition) in graph.transitions().iter().enumerate() {
            let next = *transition.target();
            if transition.sources().accept(&at) && !visited.contains(&next) {
                visited.push(next);
                path.push(index);
                search(graph, next, to, visited, path, best);
                path.pop();
                visited.pop();
            }
        }
    }
    let mut best = None;
    search(graph, from, to, &mut vec![from], &mut Vec::new(), &mut best);
    best
}

fn indices(plan: &Plan<u8>) -> Vec<usize> {
    plan.steps().iter().map(|step| step.transition()).collect()
}

/// Few states, few different costs (zero among them): many ties. Quarters add up without rounding.
fn transitions() -> impl Strategy<Value = Vec<Transition<u8>>> {
    let sources = prop_oneof![
        9 => prop::collection::vec(0..6u8, 1..4).prop_map(Some),
        1 => Just(None),
    ];
    let transition = (0..6u8, sources, 0..5u8).prop_map(|(target, sources, quarters)| {
        let transition = Transition::to(target).cost(f64::from(quarters) / 4.0);
        match sources {
            Some(sources) => transition.from(sources),
            None => transition.from_any(),
        }
    });
    prop::collection::vec(transition, 0..12)
}

fn graph(transitions: Vec<Transition<u8>>) -> Graph {
    transitions
        .into_iter()
        .fold(Graph::new(), |graph, transition| {
            graph.with(transition).unwrap()
        })
}

proptest! {
    #[test]
    fn plans_are_those_of_the_brute_force_planner(transitions in transitions()) {
        let graph = graph(transitions);
        // 6 and 7 are states that no transition names.
        for from in 0..7 {
            for to in 0..8 {
                let plan = graph.plan(&from, &to);
                let expected = brute_force(&graph, from, to);
                prop_assert_eq!(
                    plan.as_ref().map(|plan| (plan.cost().value(), indices(plan))),
                    expected,
                    "from {} to {}", from, to
                );
            }
        }
    }

    #[test]
    fn a_plan_is_a_connected_way(transitions in transitions(), from in 0..6u8, to in 0..6u8) {
        let graph = graph(transitions);
        if let Some(plan) = graph.plan(&from, &to) {
            let mut at = from;
            for step in plan.steps() {
                let transition = graph.transition(step.transition()).unwrap();
                prop_assert_eq!(*step.from(), at);
                prop_assert!(transition.sources().accept(&at));
                at = *step.to();
            }
            prop_assert_eq!(at, to);
            prop_assert_eq!(plan.to(), &to);
        }
    }

    #[test]
    fn reachable_and_leading_agree_with_the_plans(transitions in transitions(), state in 0..7u8) {
        let graph = graph(transitions);
        let known: Vec<u8> = graph.states().copied().chain([state]).collect();
        let reachable = graph.reachable_from(&state);
        let leading = graph.leading_to(&state);
        for other in known {
            prop_assert_eq!(reachable.contains(&other), graph.plan(&state, &other).is_some());
            if graph.states().any(|known| *known == other) || other == state {
                prop_assert_eq!(leading.contains(&other), graph.plan(&other, &state).is_some());
            }
        }
    }
}

#[test]
fn costs_that_are_no_costs_are_refused_by_the_name_of_the_transition() {
    for cost in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut graph = Graph::new();
        let error = graph
            .declare(Transition::to(1).named("Configure").cost(cost))
            .unwrap_err();
        assert!(
            matches!(&error, DeclarationError::Cost { transition, .. } if transition == "Configure")
        );
        assert!(
            error
                .to_string()
                .starts_with("transition Configure has a cost of"),
            "{error}"
        );
        assert!(graph.transitions().is_empty());
        assert_eq!(graph.states().count(), 0);
    }
}

#[test]
fn a_transition_from_nowhere_is_refused() {
    let error = Graph::new().with(Transition::to(1).from([])).unwrap_err();
    assert_eq!(
        error,
        DeclarationError::NoSource {
            transition: "to 1".to_owned()
        }
    );
}

#[test]
fn ties_are_broken_by_cost_then_steps_then_declaration() {
    let graph = graph(vec![
        Transition::to(1).from([0]).cost(1.0), // 0
        Transition::to(3).from([1]).cost(1.0), // 1
        Transition::to(2).from([0]).cost(1.0), // 2
        Transition::to(3).from([2]).cost(1.0), // 3
        Transition::to(3).from([0]).cost(3.0), // 4: dearer, though shorter
        Transition::to(4).from([0]).cost(2.0), // 5: as cheap as through 1, and shorter
        Transition::to(4).from([1]).cost(1.0), // 6
    ]);
    assert_eq!(indices(&graph.plan(&0, &3).unwrap()), [0, 1]);
    assert_eq!(indices(&graph.plan(&0, &4).unwrap()), [5]);
}

#[test]
fn a_source_named_twice_is_one_edge() {
    let graph = graph(vec![Transition::to(1).from([0, 0])]);
    assert_eq!(graph.graph.edge_count(), 1);
    assert_eq!(graph.to_dot().matches("->").count(), 2);
    assert_eq!(graph.plan(&0, &1).unwrap().steps().len(), 1);
}

#[test]
fn transitions_from_any_state_leave_states_declared_later_and_strangers() {
    let graph = graph(vec![
        Transition::to(9).named("break").from_any(),
        Transition::to(1).named("go").from([0]),
    ])
    .with_state(&5);
    for from in [0, 1, 5, 77] {
        assert_eq!(indices(&graph.plan(&from, &9).unwrap()), [0], "from {from}");
    }
    assert_eq!(graph.reachable_from(&77), [77, 9]);
}

#[test]
fn from_a_state_to_itself_there_is_nothing_to_do() {
    let plan = graph(vec![Transition::to(1).from([1])])
        .plan(&1, &1)
        .unwrap();
    assert!(plan.is_empty());
    assert_eq!((plan.cost().value(), plan.to()), (0.0, &1));
    assert_eq!(plan.to_string(), "1 (cost 0)");
}

#[test]
fn a_plan_can_be_reported_as_json() {
    let graph = graph(vec![
        Transition::to(1)
            .named("Configure")
            .from([0])
            .cost(1.5)
            .transient(),
    ]);
    assert_eq!(
        serde_json::to_value(graph.plan(&0, &1)).unwrap(),
        serde_json::json!({
            "from": 0,
            "steps": [{
                "transition": 0, "name": "Configure", "from": 0, "to": 1,
                "cost": 1.5, "transient": true,
            }],
            "cost": 1.5,
        })
    );
}
