//! Bugs that are planted: each shows in its circumstances, in no others, and not when it is taken out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode, TaskStatus};

use super::bench::{Bench, MILLISECOND};
use crate::attribute::{Attribute, AttributeValue};
use crate::zoo::PlantedBug;

/// How long every command takes.
const DWELL: Duration = Duration::from_millis(50);

fn bench(bug: PlantedBug) -> (Bench, Arc<AtomicBool>) {
    let mut bench = Bench::with_dwell(DWELL);
    let on = Arc::new(AtomicBool::new(true));
    bench.subarray.plant(bug, Arc::clone(&on));
    (bench, on)
}

/// Sends these, each when the one before is done.
fn after(bug: PlantedBug, commands: &[&str]) -> Bench {
    let (mut bench, _) = bench(bug);
    run(&mut bench, commands);
    bench
}

fn run(bench: &mut Bench, commands: &[&str]) {
    for command in commands {
        bench.send(command);
        bench.elapse(DWELL);
    }
}

fn resources(bench: &Bench) -> String {
    bench
        .subarray
        .value(Attribute::AssignedResources)
        .to_string()
}

fn assign(bench: &mut Bench, name: &str) -> Option<ResultCode> {
    let argument = format!(r#"{{"resources": ["{name}"]}}"#);
    let reply = bench
        .subarray
        .submit("AssignResources", &argument, bench.now);
    reply.ok().map(|reply| reply.code)
}

#[test]
fn an_update_is_lost_within_a_millisecond() {
    for (pause, codes, left) in [
        (Duration::ZERO, [Some(ResultCode::Queued); 2], "B"),
        (MILLISECOND, [Some(ResultCode::Queued); 2], "B"),
        (2 * MILLISECOND, [Some(ResultCode::Queued), None], "A"),
    ] {
        let (mut bench, _) = bench(PlantedBug::LostUpdate);
        let first = assign(&mut bench, "A");
        bench.elapse(pause);
        assert_eq!([first, assign(&mut bench, "B")], codes, "{pause:?}");
        bench.elapse(3 * DWELL);
        assert_eq!(bench.obs_state(), ObsState::Idle);
        assert_eq!(resources(&bench), left, "{pause:?}");
    }
}

#[test]
fn updates_one_after_the_other_are_kept() {
    let (mut bench, _) = bench(PlantedBug::LostUpdate);
    for name in ["A", "B"] {
        assign(&mut bench, name);
        bench.elapse(DWELL);
    }
    assert_eq!(resources(&bench), "A, B");
}

#[test]
fn the_third_configure_gets_stuck() {
    let program = ["AssignResources", "Configure", "Configure"];
    let mut bench = after(PlantedBug::StuckTransient, &program);
    assert_eq!(bench.obs_state(), ObsState::Ready);
    bench.send("Configure");
    bench.elapse(100 * DWELL);
    assert_eq!(bench.obs_state(), ObsState::Configuring);
    run(&mut bench, &["Abort", "Restart"]);
    run(&mut bench, &program);
    assert_eq!(bench.obs_state(), ObsState::Ready);
}

#[test]
fn a_command_is_accepted_twice_within_ten_milliseconds() {
    let (mut bench, on) = bench(PlantedBug::DoubleAccept);
    run(&mut bench, &["AssignResources"]);
    bench.send("Configure");
    bench.elapse(11 * MILLISECOND);
    assert!(bench.try_send("Configure").is_err());
    bench.elapse(DWELL);
    bench.send("Configure");
    bench.elapse(10 * MILLISECOND);
    let slipped_in = bench.send("Configure");
    assert_eq!(slipped_in.code, ResultCode::Queued);
    bench.changes.take();
    bench.elapse(2 * DWELL);
    assert_eq!(
        bench.obs_states(),
        [ObsState::Ready, ObsState::Configuring, ObsState::Ready]
    );
    assert_eq!(
        bench.subarray.command_status(&slipped_in.text),
        TaskStatus::Completed
    );
    on.store(false, Ordering::Relaxed);
    bench.send("Configure");
    assert!(bench.try_send("Configure").is_err());
}

#[test]
fn an_abort_of_a_scan_ends_in_idle_and_any_other_does_not() {
    let program = ["AssignResources", "Configure", "Scan", "Abort"];
    let bench = after(PlantedBug::WrongStateAfterAbort, &program);
    assert_eq!(bench.obs_state(), ObsState::Idle);
    let program = ["AssignResources", "Configure", "Abort"];
    let bench = after(PlantedBug::WrongStateAfterAbort, &program);
    assert_eq!(bench.obs_state(), ObsState::Aborted);
}

#[test]
fn a_restart_after_a_scan_leaks_a_resource() {
    let program = ["AssignResources", "Configure", "Scan", "Abort", "Restart"];
    let bench = after(PlantedBug::Leak, &program);
    assert_eq!(bench.obs_state(), ObsState::Empty);
    assert_eq!(resources(&bench), "BEAM1");
    let told = bench.changes.take();
    let told = told.into_iter().rev();
    let mut told = told.filter(|(attribute, _)| *attribute == Attribute::AssignedResources);
    let last = told.next().map(|(_, value)| value);
    assert_eq!(last, Some(AttributeValue::texts(["BEAM1"])));
    let bench = after(PlantedBug::Leak, &["AssignResources", "Abort", "Restart"]);
    assert_eq!(resources(&bench), "");
}

#[test]
fn of_the_second_end_nobody_is_told() {
    let (mut bench, _) = bench(PlantedBug::ReplyWithoutResult);
    run(&mut bench, &["AssignResources", "Configure"]);
    let first = bench.send("End");
    bench.elapse(DWELL);
    run(&mut bench, &["Configure"]);
    bench.changes.take();
    let second = bench.send("End");
    bench.elapse(100 * DWELL);
    assert_eq!(bench.obs_state(), ObsState::Idle);
    assert_eq!(
        [first, second].map(|reply| bench.subarray.command_status(&reply.text)),
        [TaskStatus::Completed, TaskStatus::InProgress]
    );
    let mut told = bench.changes.take_lines().into_iter();
    assert!(!told.any(|line| line.starts_with("longRunningCommandResult")));
}
