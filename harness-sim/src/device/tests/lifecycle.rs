//! Whole cycles, and the order of all events of each command.

use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode, TaskStatus};

use super::bench::{Bench, MILLISECOND};
use crate::attribute::{Attribute, AttributeValue};

const CYCLE: [(&str, &[ObsState]); 7] = {
    use ObsState::{Configuring, Empty, Idle, Ready, Resourcing, Scanning};
    [
        ("AssignResources", &[Resourcing, Idle]),
        ("Configure", &[Configuring, Ready]),
        ("Scan", &[Scanning]),
        ("EndScan", &[Ready]),
        ("Configure", &[Configuring, Ready]),
        ("End", &[Idle]),
        ("ReleaseAllResources", &[Resourcing, Empty]),
    ]
};

#[test]
fn a_cycle_without_dwell_needs_no_time() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    for _ in 0..3 {
        for (command, states) in CYCLE {
            let reply = bench.send(command);
            assert_eq!(reply.code, ResultCode::Queued, "{command}");
            assert!(reply.text.ends_with(&format!("_{command}")));
            assert_eq!(bench.obs_states(), states, "{command}");
            assert_eq!(
                bench.subarray.command_status(&reply.text),
                TaskStatus::Completed
            );
        }
    }
}

#[test]
fn a_cycle_with_dwell_shows_the_transient_states_that_long() {
    let dwell = Duration::from_millis(50);
    let mut bench = Bench::with_dwell(dwell);
    for (command, states) in CYCLE {
        bench.send(command);
        let (last, transient) = states.split_last().unwrap();
        assert_eq!(bench.obs_states(), transient, "{command}");
        bench.elapse(dwell - MILLISECOND);
        assert_eq!(bench.obs_states(), [], "{command}");
        bench.elapse(MILLISECOND);
        assert_eq!(bench.obs_states(), [*last], "{command}");
    }
}

#[test]
fn the_result_comes_before_the_end_of_a_transient_state() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    bench.send("AssignResources");
    assert_eq!(
        bench.changes.take_lines(),
        [
            r#"commandCallInfo: AssignResources({"resources": ["BEAM1"]})"#,
            "obsState: RESOURCING",
            "longRunningCommandsInQueue: AssignResources",
            "longRunningCommandIDsInQueue: AssignResources#1",
            "longRunningCommandStatus: AssignResources#1 STAGING",
            "longRunningCommandStatus: AssignResources#1 QUEUED",
            "longRunningCommandStatus: AssignResources#1 IN_PROGRESS",
            "longRunningCommandInProgress: AssignResources",
            "commandedObsState: IDLE",
            "longRunningCommandProgress: AssignResources#1 33",
            "longRunningCommandProgress: AssignResources#1 66",
            "assignedResources: BEAM1",
            r#"longRunningCommandResult: AssignResources#1 [0, "AssignResources completed OK"]"#,
            "longRunningCommandStatus: AssignResources#1 COMPLETED",
            "longRunningCommandInProgress: ",
            "obsState: IDLE",
        ]
    );
}

#[test]
fn the_order_of_obs_state_and_result_depends_on_the_command() {
    use ObsState::{Aborted, Empty, Fault, Idle, Ready, Scanning};

    let of = |command: &str, from| {
        let mut bench = Bench::with_dwell(Duration::ZERO).in_state(from);
        bench.send(command);
        bench
            .story()
            .into_iter()
            .map(|line| match line.split_once(": ").unwrap() {
                ("obsState", state) => state.to_owned(),
                (_, result) => result.split_once(' ').unwrap().1.to_owned(),
            })
            .collect::<Vec<_>>()
    };
    for (command, from, transient, last) in [
        ("AssignResources", Empty, "RESOURCING", "IDLE"),
        ("AssignResources", Idle, "RESOURCING", "IDLE"),
        ("ReleaseResources", Idle, "RESOURCING", "EMPTY"),
        ("ReleaseAllResources", Idle, "RESOURCING", "EMPTY"),
        ("ReleaseAllResources", Empty, "RESOURCING", "EMPTY"),
        ("Configure", Idle, "CONFIGURING", "READY"),
        ("Configure", Ready, "CONFIGURING", "READY"),
        ("Abort", Scanning, "ABORTING", "ABORTED"),
        ("ObsReset", Fault, "RESETTING", "EMPTY"),
        ("Restart", Aborted, "RESTARTING", "EMPTY"),
    ] {
        let result = format!(r#"[0, "{command} completed OK"]"#);
        assert_eq!(of(command, from), [transient, &result, last], "{command}");
    }
    for (command, from, last) in [
        ("Scan", Ready, "SCANNING"),
        ("EndScan", Scanning, "READY"),
        ("End", Ready, "IDLE"),
    ] {
        let result = format!(r#"[0, "{command} completed OK"]"#);
        assert_eq!(of(command, from), [last, &result], "{command}");
    }
    assert_eq!(of("End", Idle), [r#"[0, "End completed OK"]"#]);
}

#[test]
fn a_scan_lasts_until_it_is_ended() {
    let mut bench = Bench::with_dwell(MILLISECOND).in_state(ObsState::Ready);
    bench.send("Scan");
    bench.elapse(Duration::from_secs(86_400));
    assert_eq!(bench.obs_state(), ObsState::Scanning);
    bench.send("EndScan");
    bench.elapse(MILLISECOND);
    assert_eq!(bench.obs_state(), ObsState::Ready);
}

#[test]
fn resources_are_released_one_by_one() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    let now = bench.now;
    let mut send = |command, argument| {
        bench.subarray.submit(command, argument, now).unwrap();
        let resources = bench.subarray.value(Attribute::AssignedResources);
        (bench.obs_state(), resources)
    };
    let texts = |names: &[&str]| AttributeValue::texts(names.iter().copied());
    assert_eq!(
        send("AssignResources", r#"{"resources": []}"#),
        (ObsState::Empty, texts(&[]))
    );
    assert_eq!(
        send("AssignResources", r#"{"resources": ["B1", "B2"]}"#),
        (ObsState::Idle, texts(&["B1", "B2"]))
    );
    assert_eq!(
        send("ReleaseResources", r#"{"resources": ["B1"]}"#),
        (ObsState::Idle, texts(&["B2"]))
    );
    assert_eq!(
        send("ReleaseResources", r#"{"resources": ["B2"]}"#),
        (ObsState::Empty, texts(&[]))
    );
}

#[test]
fn finished_commands_are_shown_for_ten_seconds() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    let reply = bench.send("AssignResources");
    assert_eq!(
        bench.subarray.next_due(),
        Some(bench.now + Duration::from_secs(10))
    );
    bench.elapse(Duration::from_secs(10) - MILLISECOND);
    assert_eq!(
        bench.subarray.command_status(&reply.text),
        TaskStatus::Completed
    );
    bench.elapse(MILLISECOND);
    assert_eq!(
        bench.subarray.command_status(&reply.text),
        TaskStatus::NotFound
    );
    assert_eq!(bench.subarray.next_due(), None);
    assert_eq!(
        bench.subarray.value(Attribute::LongRunningCommandStatus),
        AttributeValue::Texts(vec![])
    );
}

#[test]
fn received_commands_are_remembered_until_they_are_cleared() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    bench.send("AssignResources");
    bench.send("End");
    bench.try_send("EndScan").unwrap_err();
    let calls = bench.subarray.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1], ["End".into(), "".into()]);
    for _ in 0..200 {
        bench.send("End");
    }
    assert_eq!(bench.subarray.calls().len(), 100);
    bench.changes.take();
    bench.subarray.clear_calls();
    assert_eq!(bench.changes.take_lines(), ["commandCallInfo: "]);
}

#[test]
fn the_commanded_state_is_told_when_it_changes() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    let mut told = |command| {
        bench.send(command);
        let lines = bench.changes.take_lines();
        lines
            .into_iter()
            .find(|line| line.starts_with("commandedObsState"))
    };
    let ready = Some("commandedObsState: READY".to_owned());
    assert!(told("AssignResources").is_some());
    assert_eq!(told("Configure"), ready);
    assert_eq!(told("Scan"), None);
    let aborted = Some("commandedObsState: ABORTED".to_owned());
    assert_eq!(told("Abort"), aborted);
    let idle = Some("commandedObsState: IDLE".to_owned());
    assert_eq!(told("ObsReset"), idle);
}
