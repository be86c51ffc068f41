//! Commands that wait for their turn, and obsStates that change under them.

use std::time::Duration;

use harness_tango::control_model::{DevState, ObsState, ResultCode, TaskStatus};

use super::bench::Bench;

const DWELL: Duration = Duration::from_millis(30);

#[test]
fn a_command_that_is_not_allowed_any_more_when_its_turn_comes_is_rejected() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Ready);
    bench.send("Scan");
    let second = bench.send("Scan");
    assert_eq!(second.code, ResultCode::Queued);
    bench.elapse(DWELL);
    assert_eq!(
        bench.subarray.command_status(&second.text),
        TaskStatus::Rejected
    );
    assert_eq!(
        bench.story(),
        [
            "obsState: SCANNING",
            r#"longRunningCommandResult: Scan#1 [0, "Scan completed OK"]"#,
            r#"longRunningCommandResult: Scan#2 [6, "Command is not allowed"]"#,
        ]
    );
}

#[test]
fn commands_are_done_one_after_the_other() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Ready);
    let end = bench.send("End");
    let off = bench.send("Off");
    bench.elapse(DWELL);
    let status = |bench: &Bench, id: &str| bench.subarray.command_status(id);
    assert_eq!(status(&bench, &end.text), TaskStatus::Completed);
    assert_eq!(status(&bench, &off.text), TaskStatus::InProgress);
    bench.elapse(DWELL);
    assert_eq!(status(&bench, &off.text), TaskStatus::Completed);
    assert_eq!(bench.subarray.state(), DevState::Off);
}

#[test]
fn a_late_look_at_the_clock_changes_nothing() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Ready);
    bench.send("End");
    let off = bench.send("Off");
    bench.elapse(2 * DWELL);
    assert_eq!(
        bench.subarray.command_status(&off.text),
        TaskStatus::Completed
    );
}

#[test]
fn a_full_queue_rejects() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Idle);
    for _ in 0..=32 {
        assert_eq!(bench.send("End").code, ResultCode::Queued);
    }
    let reply = bench.send("End");
    assert_eq!(reply.code, ResultCode::Rejected);
    assert_eq!(reply.text, "Input queue supports a maximum of 32 commands");
}

#[test]
fn a_device_that_is_on_need_not_be_switched_on() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    let reply = bench.send("On");
    assert_eq!(reply.code, ResultCode::Rejected);
    assert_eq!(reply.text, "Device is already in ON state.");
    bench.send("Off");
    bench.changes.take();
    bench.send("On");
    let lines = bench.changes.take_lines();
    assert!(lines.contains(&"State: ON".to_owned()), "{lines:?}");
    let result = lines.iter().find(|line| line.contains("Result")).unwrap();
    assert!(result.ends_with(r#"[0, "On command completed OK"]"#));
}

#[test]
fn a_command_whose_obs_state_was_taken_from_it_fails() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Idle);
    let configure = bench.send("Configure");
    bench.subarray.force_obs_state(ObsState::Fault, bench.now);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(), ObsState::Fault);
    assert_eq!(
        bench.subarray.command_status(&configure.text),
        TaskStatus::Failed
    );
    let story = bench.story();
    assert!(
        story[2].contains("ConfigureCompleted is not expected in observation state FAULT"),
        "{story:?}"
    );
}

#[test]
fn a_scan_that_a_configuration_overtook_fails() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Ready);
    let scan = bench.send("Scan");
    bench.send("Configure");
    bench.elapse(DWELL);
    assert_eq!(
        bench.subarray.command_status(&scan.text),
        TaskStatus::Failed
    );
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(), ObsState::Ready);
}

#[test]
fn forcing_the_state_that_it_is_in_is_silent() {
    let mut bench = Bench::with_dwell(DWELL);
    bench.subarray.force_obs_state(ObsState::Empty, bench.now);
    assert_eq!(bench.changes.take(), []);
}
