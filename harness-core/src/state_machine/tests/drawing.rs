use crate::state_machine::{StateGraph, Transition};

fn graph() -> StateGraph<&'static str> {
    StateGraph::new()
        .with(
            Transition::to("RESOURCING")
                .named("Assign")
                .from(["EMPTY"])
                .transient(),
        )
        .unwrap()
        .with(
            Transition::to("IDLE")
                .named("wait")
                .from(["RESOURCING"])
                .cost(2.5),
        )
        .unwrap()
        .with(Transition::to("FAULT").named("break \"it\"").cost(50.0))
        .unwrap()
}

#[test]
fn dot_shows_states_costs_and_the_transition_from_any_state() {
    assert_eq!(
        graph().to_dot(),
        r#"digraph states {
    rankdir=LR;
    node [shape=box];
    "EMPTY";
    "RESOURCING" [style=dashed];
    "IDLE";
    "FAULT";
    "any state" [shape=plaintext];
    "EMPTY" -> "RESOURCING" [label="Assign (1)"];
    "RESOURCING" -> "IDLE" [label="wait (2.5)"];
    "any state" -> "FAULT" [label="break \"it\" (50)"];
}
"#
    );
}

#[test]
fn mermaid_shows_the_same() {
    assert_eq!(
        graph().to_mermaid(),
        r#"stateDiagram-v2
    direction LR
    state "EMPTY" as s0
    state "RESOURCING" as s1
    state "IDLE" as s2
    state "FAULT" as s3
    state "any state" as s4
    s0 --> s1: Assign (1)
    s1 --> s2: wait (2.5)
    s4 --> s3: break #quot;it#quot; (50)
"#
    );
}

#[test]
fn letters_that_mermaid_would_misread_become_entities() {
    let graph = StateGraph::new()
        .with(Transition::to("a").named("x: #1; y").from(["b"]))
        .unwrap();
    assert!(
        graph
            .to_mermaid()
            .contains("s0 --> s1: x#58; #35;1#59; y (1)"),
        "{}",
        graph.to_mermaid()
    );
}
