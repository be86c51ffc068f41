//! The telescope does something else than was expected of it.

use harness_core::assertion::matching;
use harness_core::{CommandAction, changes, changes_to, is_in_state, stops_on};
use insta::assert_snapshot;

use super::bench::{CSP, SUBARRAY, configure, failure, subarray, traced};

#[tokio::test(start_paused = true)]
async fn a_state_that_is_never_reached() {
    let subarray = traced(&subarray(SUBARRAY, &["CONFIGURING"]));
    assert_snapshot!(failure(configure(&subarray)).await);
}

#[tokio::test(start_paused = true)]
async fn another_way_than_expected() {
    let subarray = traced(&subarray(SUBARRAY, &["CONFIGURING", "IDLE", "READY"]));
    assert_snapshot!(failure(configure(&subarray)).await);
}

#[tokio::test(start_paused = true)]
async fn one_of_several_devices_that_does_not_follow() {
    let csp = subarray(CSP, &[]);
    let tmc = subarray(SUBARRAY, &["CONFIGURING", "READY"]);
    let tmc = traced(&tmc);
    let csp = tmc.tracer().device(std::sync::Arc::new(csp));
    let action = CommandAction::new(&tmc, "Configure", "{}").postcondition(changes_to(
        [&tmc, &csp],
        "obsState",
        "READY",
    ));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn a_precondition_that_does_not_hold() {
    let subarray = traced(&subarray(SUBARRAY, &[]));
    let action = CommandAction::new(&subarray, "Scan", ())
        .precondition(is_in_state([&subarray], "obsState", "READY"))
        .postcondition(changes_to([&subarray], "obsState", "SCANNING"));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_with_a_stack_of_three_frames() {
    let subarray = traced(&subarray(SUBARRAY, &[]));
    let action = CommandAction::new(&subarray, "Scan", ()).postcondition(changes_to(
        [&subarray],
        "obsState",
        "SCANNING",
    ));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn an_early_stop_on_fault() {
    let subarray = traced(&subarray(SUBARRAY, &["CONFIGURING", "FAULT"]));
    let action = configure(&subarray).early_stop(stops_on([&subarray], "obsState", "FAULT"));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_there_already() {
    let device = subarray(SUBARRAY, &[]);
    let subarray = traced(&device);
    let action = CommandAction::new(&subarray, "Configure", "{}").postcondition(changes_to(
        [&subarray],
        "obsState",
        "IDLE",
    ));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn a_matcher_that_panics() {
    let subarray = traced(&subarray(SUBARRAY, &["CONFIGURING", "READY"]));
    let beams = matching("a number of beams", |reading| {
        reading.value.as_str().unwrap().parse::<u32>().unwrap() == 4
    });
    let action = configure(&subarray).postcondition(changes_to([&subarray], "obsState", beams));
    assert_snapshot!(failure(action).await);
}

#[tokio::test(start_paused = true)]
async fn nothing_at_all() {
    let device = subarray(SUBARRAY, &[]).with_command("Wait", |_, _| Ok(().into()));
    let subarray = traced(&device);
    let action =
        CommandAction::new(&subarray, "Wait", ()).postcondition(changes([&subarray], "obsState"));
    assert_snapshot!(failure(action).await);
}
