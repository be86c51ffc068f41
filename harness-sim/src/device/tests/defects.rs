//! Commands that fail, get stuck, or are not allowed because a tester wants it so.

use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode, TaskStatus};

use super::bench::Bench;
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::{Defect, DefectKind};

const DWELL: Duration = Duration::from_millis(30);

fn idle_with(defect: Defect) -> Bench {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Idle);
    bench.subarray.add_defect(defect).unwrap();
    bench
}

#[test]
fn refused_with_an_exception() {
    let mut bench = idle_with(
        Defect::new(DefectKind::NotAllowedBeforeQueuing)
            .of("Configure")
            .saying("not today"),
    );
    let refusal = bench.try_send("Configure").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "ska_tmc_common.exceptions.CommandNotAllowed: not today"
    );
    assert_eq!(bench.obs_state(), ObsState::Idle);
    assert_eq!(bench.send("End").code, ResultCode::Queued, "others work");
    assert_eq!(bench.subarray.calls(), [["End".into(), "".into()]]);
}

#[test]
fn a_failure_as_the_reply() {
    let mut bench =
        idle_with(Defect::new(DefectKind::FailedResult).with_result(ResultCode::Rejected));
    let reply = bench.send("Configure");
    assert_eq!(reply.code, ResultCode::Rejected);
    assert!(reply.text.ends_with("_Configure"));
    bench.elapse(DWELL);
    assert_eq!(bench.story(), Vec::<String>::new());
    assert_eq!(bench.obs_state(), ObsState::Idle);
}

#[test]
fn a_failure_as_the_reply_and_obs_states_later() {
    let mut bench = idle_with(
        Defect::new(DefectKind::FailedResult)
            .going_through([ObsState::Configuring, ObsState::Fault]),
    );
    assert_eq!(bench.send("Configure").code, ResultCode::Failed);
    assert_eq!(bench.obs_state(), ObsState::Idle);
    bench.elapse(DWELL);
    assert_eq!(
        bench.story(),
        [
            "obsState: CONFIGURING",
            "obsState: FAULT",
            "longRunningCommandResult: Configure#1 \
             [3, \"Exception occurred on device: test/subarray/01\"]",
        ]
    );
}

#[test]
fn a_failure_that_ends_in_empty_leaves_no_resources_behind() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    bench.send("AssignResources");
    let defect = Defect::new(DefectKind::FailedResult).going_through([ObsState::Empty]);
    bench.subarray.add_defect(defect.times(1)).unwrap();
    bench.send("Configure");
    assert_eq!(bench.obs_state(), ObsState::Empty);
    let assigned = bench.subarray.value(Attribute::AssignedResources);
    assert_eq!(assigned, AttributeValue::Texts(vec![]));
    bench.send("ReleaseAllResources");
    bench.send("ReleaseResources");
    assert_eq!(bench.obs_state(), ObsState::Empty);
}

#[test]
fn an_exception_leaves_the_transient_state() {
    let mut bench =
        idle_with(Defect::new(DefectKind::LongRunningException).saying("a beam is \"lost\""));
    let reply = bench.send("Configure");
    assert_eq!(reply.code, ResultCode::Queued);
    bench.elapse(DWELL);
    assert_eq!(
        bench.story(),
        [
            "obsState: CONFIGURING",
            r#"longRunningCommandResult: Configure#1 [3, "a beam is \"lost\""]"#,
        ]
    );
    assert_eq!(
        bench.subarray.command_status(&reply.text),
        TaskStatus::Failed
    );
}

#[test]
fn stuck_until_an_abort() {
    let mut bench = idle_with(Defect::new(DefectKind::StuckInIntermediateState).of("Configure"));
    let stuck = bench.send("Configure");
    bench.elapse(Duration::from_secs(86_400));
    assert_eq!(bench.story(), ["obsState: CONFIGURING"]);
    assert_eq!(
        bench.subarray.command_status(&stuck.text),
        TaskStatus::InProgress
    );
    assert_eq!(bench.subarray.next_due(), None);
    bench.send("Abort");
    bench.elapse(DWELL);
    assert_eq!(
        bench.story(),
        [
            "obsState: ABORTING",
            r#"longRunningCommandResult: Configure#1 [7, "Command has been aborted"]"#,
            r#"longRunningCommandResult: Abort#2 [0, "Abort completed OK"]"#,
            "obsState: ABORTED",
        ]
    );
}

#[test]
fn stuck_in_fault_until_a_restart() {
    let mut bench = idle_with(
        Defect::new(DefectKind::StuckInIntermediateState)
            .of("Configure")
            .stuck_in(ObsState::Fault),
    );
    let stuck = bench.send("Configure");
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(), ObsState::Fault);
    bench.send("Restart");
    bench.elapse(DWELL);
    assert_eq!(
        bench.subarray.command_status(&stuck.text),
        TaskStatus::Aborted
    );
    assert_eq!(bench.obs_state(), ObsState::Empty);
}

#[test]
fn a_stuck_restart_is_ended_by_force_only() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Fault);
    bench
        .subarray
        .add_defect(Defect::new(DefectKind::StuckInIntermediateState).of("Restart"))
        .unwrap();
    let stuck = bench.send("Restart");
    bench.elapse(DWELL);
    bench.try_send("Abort").unwrap_err();
    bench.subarray.force_obs_state(ObsState::Empty, bench.now);
    assert_eq!(
        bench.subarray.command_status(&stuck.text),
        TaskStatus::Aborted
    );
    bench.send("AssignResources");
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(), ObsState::Idle);
}

#[test]
fn stuck_with_a_result() {
    let mut bench = idle_with(Defect::new(DefectKind::StuckInObsState));
    bench.send("Configure");
    bench.elapse(DWELL);
    assert_eq!(
        bench.story(),
        [
            "obsState: CONFIGURING",
            "longRunningCommandResult: Configure#1 \
             [3, \"Exception occurred on device: test/subarray/01\"]",
        ]
    );
}

#[test]
fn not_allowed_after_queuing() {
    for (kind, result) in [
        (
            DefectKind::NotAllowedAfterQueuing,
            r#"[6, "Command is not allowed"]"#,
        ),
        (
            DefectKind::ExceptionAfterQueuing,
            r#"[5, "Exception from 'is_cmd_allowed' method: no"]"#,
        ),
    ] {
        for command in ["Configure", "Abort"] {
            let mut bench = idle_with(Defect::new(kind).saying("no"));
            let reply = bench.send(command);
            assert!(reply.code.is_accepted());
            assert_eq!(
                bench.story(),
                [format!("longRunningCommandResult: {command}#1 {result}")]
            );
            assert_eq!(
                bench.subarray.command_status(&reply.text),
                TaskStatus::Rejected
            );
            assert_eq!(bench.obs_state(), ObsState::Idle);
        }
    }
}

#[test]
fn an_abort_that_is_not_allowed_does_not_wait_behind_what_is_stuck() {
    let mut bench = idle_with(Defect::new(DefectKind::StuckInIntermediateState).of("Configure"));
    bench.send("Configure");
    bench
        .subarray
        .add_defect(
            Defect::new(DefectKind::NotAllowedAfterQueuing)
                .of("Abort")
                .times(1),
        )
        .unwrap();
    let abort = bench.send("Abort");
    assert_eq!(
        bench.subarray.command_status(&abort.text),
        TaskStatus::Rejected
    );
    bench.send("Abort");
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(), ObsState::Aborted);
}

#[test]
fn only_the_next_time_and_only_if_the_command_is_allowed() {
    let mut bench = idle_with(
        Defect::new(DefectKind::LongRunningException)
            .of("EndScan")
            .times(1),
    );
    bench.try_send("EndScan").unwrap_err();
    bench
        .subarray
        .force_obs_state(ObsState::Scanning, bench.now);
    let failing = bench.send("EndScan");
    bench.elapse(DWELL);
    let working = bench.send("EndScan");
    bench.elapse(DWELL);
    let status = |id: &str| bench.subarray.command_status(id);
    assert_eq!(status(&failing.text), TaskStatus::Failed);
    assert_eq!(status(&working.text), TaskStatus::Completed);
}

#[test]
fn a_defect_can_be_taken_back_and_is_shown() {
    let mut bench = Bench::with_dwell(Duration::ZERO).in_state(ObsState::Idle);
    let id = bench
        .subarray
        .add_defect(Defect::new(DefectKind::StuckInObsState))
        .unwrap();
    bench.subarray.remove_defect(id);
    bench.subarray.remove_defect(id);
    let lines = bench.changes.take_lines();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with(r#"defective: {"enabled":true,"fault_type":5"#));
    assert_eq!(lines[1], r#"defective: {"enabled":false}"#);
    bench.send("Configure");
    assert_eq!(bench.obs_state(), ObsState::Ready);
}

#[test]
fn the_json_of_set_defective_must_name_a_command_of_the_device() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    let error = bench
        .subarray
        .set_defective(r#"{"enabled": true, "fault_type": 4, "command": "Cofigure"}"#)
        .unwrap_err();
    assert!(error.to_string().contains("known: AssignResources, "));
    assert_eq!(bench.changes.take(), []);
}
