//! Histories that were written by hand, and whether some order explains them.

use std::time::{Duration, Instant};

use harness_core::state_machine::{StateGraph, Transition};
use harness_explore::lifecycle::Lifecycle;
use harness_explore::race::{Entrant, Heard, History, Operation, Response, Violation, judge};
use serde_json::Value;

use crate::device::{Obs, lifecycle, ms};
use Obs::{Aborted, Aborting, Configuring, Empty, Idle, Ready};

const LAG: Duration = ms(20);

fn accepted(identifier: &str) -> Response {
    Response::Accepted(Some(identifier.to_owned()))
}

fn refused() -> Response {
    Response::Refused("not allowed".to_owned())
}

fn unknown() -> Response {
    Response::Unknown("timeout".to_owned())
}

fn done(identifier: &str) -> Heard<Obs> {
    Heard::Done(identifier.to_owned())
}

fn aborted(identifier: &str) -> Heard<Obs> {
    Heard::Aborted(identifier.to_owned())
}

fn failed(identifier: &str) -> Heard<Obs> {
    Heard::Failed(identifier.to_owned(), "REJECTED".to_owned())
}

fn told(state: Obs) -> Heard<Obs> {
    Heard::State(state)
}

/// A history from one state to another: commands with when they were sent and replied to, and what was told
/// when, in milliseconds.
fn history(
    from: Obs,
    commands: Vec<(&str, u64, u64, Response)>,
    told: Vec<(u64, Heard<Obs>)>,
    to: Obs,
) -> History<Obs> {
    let operations = commands.into_iter().enumerate();
    let operations = operations.map(|(client, (command, sent, replied, response))| Operation {
        entrant: Entrant {
            client,
            command: command.to_owned(),
            input: None,
            offset: Duration::ZERO,
        },
        sent: ms(sent),
        replied: ms(replied),
        response,
    });
    History {
        from,
        held: Value::Null,
        operations: operations.collect(),
        told: told
            .into_iter()
            .map(|(at, heard)| (ms(at), heard))
            .collect(),
        to: Some(to),
        holds: Value::Null,
        ended: ms(1000),
        held_up: Duration::ZERO,
    }
}

fn verdict(history: &History<Obs>) -> Result<(), Violation> {
    judge(history, &lifecycle(), None, LAG)
}

#[track_caller]
fn accepts(history: &History<Obs>) {
    assert_eq!(verdict(history), Ok(()), "{history}");
}

#[track_caller]
fn rejects(history: &History<Obs>) {
    assert!(verdict(history).is_err(), "{history}");
}

#[test]
fn one_that_was_refused_after_it_was_queued_is_explained() {
    accepts(&history(
        Idle,
        vec![
            ("Configure", 0, 1, accepted("1")),
            ("Configure", 0, 1, accepted("2")),
        ],
        vec![
            (2, told(Configuring)),
            (50, told(Ready)),
            (50, done("1")),
            (51, failed("2")),
        ],
        // its turn came in READY, which allows it
        Ready,
    ));
}

#[test]
fn one_whose_turn_comes_where_it_is_not_allowed_may_be_refused_then() {
    accepts(&history(
        Ready,
        vec![("End", 0, 1, accepted("1")), ("End", 0, 1, accepted("2"))],
        vec![(2, told(Idle)), (2, done("1")), (3, failed("2"))],
        Idle,
    ));
    // it was allowed until both were refused
    rejects(&history(
        Ready,
        vec![("End", 0, 1, accepted("1")), ("End", 0, 1, accepted("2"))],
        vec![(3, failed("1")), (3, failed("2"))],
        Ready,
    ));
}

#[test]
fn one_that_is_aborted_in_the_queue_has_done_nothing() {
    accepts(&history(
        Idle,
        vec![
            ("Configure", 0, 1, accepted("1")),
            ("Abort", 0, 1, accepted("2")),
        ],
        vec![
            (2, aborted("1")),
            (2, told(Aborting)),
            (50, told(Aborted)),
            (50, done("2")),
        ],
        Aborted,
    ));
    accepts(&history(
        Ready,
        vec![("End", 0, 1, accepted("1")), ("Abort", 0, 1, accepted("2"))],
        vec![
            (2, aborted("1")),
            (2, told(Aborting)),
            (50, told(Aborted)),
            (50, done("2")),
        ],
        Aborted,
    ));
}

#[test]
fn nothing_is_aborted_where_nobody_aborts() {
    rejects(&history(
        Ready,
        vec![("End", 0, 1, accepted("1"))],
        vec![(2, aborted("1"))],
        Ready,
    ));
    rejects(&history(
        Idle,
        vec![("Configure", 0, 1, accepted("1"))],
        vec![(2, aborted("1"))],
        Idle,
    ));
    rejects(&history(
        Ready,
        vec![("End", 0, 1, accepted("1")), ("Configure", 0, 1, refused())],
        vec![(2, told(Idle)), (3, aborted("1"))],
        Idle,
    ));
}

#[test]
fn two_aborts_of_which_one_comes_too_late() {
    accepts(&history(
        Idle,
        vec![
            ("Configure", 0, 1, accepted("1")),
            ("Abort", 1, 3, accepted("2")),
            ("Abort", 1, 3, refused()),
        ],
        vec![
            (1, told(Configuring)),
            (3, aborted("1")),
            (3, told(Aborting)),
            (50, told(Aborted)),
            (50, done("2")),
        ],
        Aborted,
    ));
    rejects(&history(
        Idle,
        vec![
            ("Configure", 0, 1, accepted("1")),
            ("Abort", 1, 3, accepted("2")),
            ("Abort", 1, 3, accepted("3")),
        ],
        vec![
            (1, told(Configuring)),
            (3, aborted("1")),
            (3, told(Aborting)),
            (50, told(Aborted)),
            (50, done("2")),
            (50, done("3")),
        ],
        Aborted,
    ));
}

#[test]
fn a_state_that_is_told_twice_is_one() {
    accepts(&history(
        Idle,
        vec![("Configure", 0, 1, accepted("1"))],
        vec![
            (1, told(Idle)),
            (2, told(Configuring)),
            (3, told(Configuring)),
            (50, told(Ready)),
            (51, told(Ready)),
            (51, done("1")),
        ],
        Ready,
    ));
}

#[test]
fn what_nobody_knows_may_not_have_begun_before_it_was_sent() {
    accepts(&history(
        Idle,
        vec![("Configure", 0, 60, unknown())],
        vec![(30, told(Configuring)), (80, told(Ready))],
        Ready,
    ));
    rejects(&history(
        Idle,
        vec![("Configure", 40, 60, unknown())],
        vec![(30, told(Configuring)), (80, told(Ready))],
        Ready,
    ));
}

#[test]
fn a_command_is_not_done_long_before_its_states_come() {
    rejects(&history(
        Idle,
        vec![("Configure", 0, 1, accepted("1"))],
        vec![(2, told(Configuring)), (3, done("1")), (1500, told(Ready))],
        Ready,
    ));
}

#[test]
fn of_two_that_were_accepted_one_after_the_other_the_second_is_not_done_first() {
    rejects(&history(
        Idle,
        vec![
            ("Configure", 0, 1, accepted("1")),
            ("Configure", 100, 101, accepted("2")),
        ],
        vec![
            (2, told(Configuring)),
            (50, told(Ready)),
            (50, done("1")),
            (60, done("2")),
            (102, told(Configuring)),
            (150, told(Ready)),
        ],
        Ready,
    ));
}

#[test]
fn where_a_command_may_lead_is_what_the_graph_says_all_of_it() {
    let graph = StateGraph::new()
        .with(Transition::to("EMPTY").named("Reset").from(["ABORTED"]))
        .unwrap()
        .with(Transition::to("IDLE").named("Reset").from(["ABORTED"]))
        .unwrap()
        .with(
            Transition::to("ABORTED")
                .named("Abort")
                .from(["EMPTY", "IDLE"]),
        )
        .unwrap();
    let lifecycle = Lifecycle::new(&graph, "EMPTY");
    for to in ["EMPTY", "IDLE"] {
        let history = History {
            from: "ABORTED",
            held: Value::Null,
            operations: vec![Operation {
                entrant: Entrant {
                    client: 0,
                    command: "Reset".to_owned(),
                    input: None,
                    offset: Duration::ZERO,
                },
                sent: ms(0),
                replied: ms(1),
                response: Response::Accepted(None),
            }],
            told: vec![(ms(1), Heard::State(to))],
            to: Some(to),
            holds: Value::Null,
            ended: ms(10),
            held_up: Duration::ZERO,
        };
        assert_eq!(judge(&history, &lifecycle, None, LAG), Ok(()), "{to}");
    }
}

#[test]
fn thirty_commands_that_nothing_explains_are_judged_soon() {
    let began = Instant::now();
    // each may be left out
    let mut commands: Vec<(&str, u64, u64, Response)> = Vec::new();
    for place in 0..28_u64 {
        commands.push(("Configure", place, 60, unknown()));
    }
    rejects(&history(
        Idle,
        commands,
        vec![
            (30, told(Configuring)),
            (80, told(Ready)),
            (90, told(Empty)),
        ],
        Empty,
    ));
    let mut commands: Vec<(&str, u64, u64, Response)> = Vec::new();
    for place in 0..28_u64 {
        let (command, response) = match place % 2 {
            0 => ("Abort", accepted(&place.to_string())),
            _ => ("Configure", refused()),
        };
        commands.push((command, place, 200, response));
    }
    rejects(&history(
        Idle,
        commands,
        vec![(30, told(Aborting))],
        Aborting,
    ));
    assert!(began.elapsed() < ms(5000), "{:?}", began.elapsed());
}
