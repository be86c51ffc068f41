//! Abort and Restart at every point of a command.

use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode, TaskStatus};

use super::bench::{Bench, MILLISECOND};

const DWELL: Duration = Duration::from_millis(30);

#[test]
fn the_victim_gets_its_result_before_the_abort_gets_its_own() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Idle);
    bench.send("Configure");
    bench.changes.take();
    let reply = bench.send("Abort");
    assert_eq!(reply.code, ResultCode::Started);
    assert_eq!(
        bench.changes.take_lines(),
        [
            r#"commandCallInfo: Configure({"resources": ["BEAM1"]}) Abort()"#,
            "obsState: ABORTING",
            "longRunningCommandsInQueue: Configure Abort",
            "longRunningCommandIDsInQueue: Configure#1 Abort#2",
            "longRunningCommandStatus: Configure#1 IN_PROGRESS Abort#2 STAGING",
            "longRunningCommandStatus: Configure#1 IN_PROGRESS Abort#2 IN_PROGRESS",
            "longRunningCommandInProgress: Configure Abort",
            "commandedObsState: ABORTED",
            r#"longRunningCommandResult: Configure#1 [7, "Command has been aborted"]"#,
            "longRunningCommandStatus: Configure#1 ABORTED Abort#2 IN_PROGRESS",
            "longRunningCommandInProgress: Abort",
        ]
    );
    bench.elapse(DWELL);
    assert_eq!(
        bench.changes.take_lines(),
        [
            "longRunningCommandProgress: Abort#2 33",
            "longRunningCommandProgress: Abort#2 66",
            r#"longRunningCommandResult: Abort#2 [0, "Abort completed OK"]"#,
            "longRunningCommandStatus: Configure#1 ABORTED Abort#2 COMPLETED",
            "longRunningCommandInProgress: ",
            "obsState: ABORTED",
        ]
    );
}

#[test]
fn a_command_can_be_aborted_at_every_point_of_its_way() {
    for (command, from) in [
        ("AssignResources", ObsState::Empty),
        ("ReleaseAllResources", ObsState::Idle),
        ("Configure", ObsState::Idle),
        ("Scan", ObsState::Ready),
        ("EndScan", ObsState::Scanning),
        ("End", ObsState::Ready),
    ] {
        for elapsed in (0..30).map(Duration::from_millis) {
            let mut bench = Bench::with_dwell(DWELL).in_state(from);
            let victim = bench.send(command);
            bench.elapse(elapsed);
            bench.send("Abort");
            assert_eq!(
                bench.subarray.command_status(&victim.text),
                TaskStatus::Aborted,
                "{command} after {elapsed:?}"
            );
            bench.elapse(DWELL);
            assert_eq!(bench.obs_state(), ObsState::Aborted);
            let victims = bench
                .story()
                .iter()
                .filter(|line| line.contains(&format!("{command}#1")))
                .count();
            assert_eq!(victims, 1, "one result only");
        }
    }
}

#[test]
fn a_command_that_ended_at_the_same_moment_is_not_aborted() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Idle);
    let configure = bench.send("Configure");
    bench.now += DWELL;
    bench.send("Abort");
    assert_eq!(
        bench.subarray.command_status(&configure.text),
        TaskStatus::Completed
    );
    assert_eq!(
        bench.obs_states(),
        [ObsState::Configuring, ObsState::Ready, ObsState::Aborting]
    );
}

#[test]
fn waiting_commands_are_aborted_too() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Ready);
    let running = bench.send("Scan");
    let waiting = bench.send("Off");
    bench.send("Abort");
    for reply in [running, waiting] {
        assert_eq!(
            bench.subarray.command_status(&reply.text),
            TaskStatus::Aborted
        );
    }
}

#[test]
fn while_aborting_the_queue_is_closed() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Ready);
    bench.send("Abort");
    let reply = bench.send("Off");
    assert_eq!(reply.code, ResultCode::Rejected);
    assert_eq!(reply.text, "Queue is being aborted");
    bench.elapse(DWELL);
    assert_eq!(bench.send("Off").code, ResultCode::Queued);
}

#[test]
fn a_reset_leads_back_to_where_resources_are_held() {
    let mut bench = Bench::with_dwell(DWELL);
    bench.send("AssignResources");
    bench.elapse(MILLISECOND);
    for command in ["Abort", "ObsReset"] {
        bench.send(command);
        bench.elapse(DWELL);
    }
    assert_eq!(
        bench.obs_state(),
        ObsState::Empty,
        "nothing was assigned yet"
    );

    for command in ["AssignResources", "Configure", "Abort", "ObsReset"] {
        bench.send(command);
        bench.elapse(DWELL);
    }
    assert_eq!(bench.obs_state(), ObsState::Idle);
}

#[test]
fn an_interrupted_reset_can_be_restarted() {
    let mut bench = Bench::with_dwell(DWELL).in_state(ObsState::Fault);
    bench.send("ObsReset");
    bench.elapse(MILLISECOND);
    for command in ["Abort", "Restart"] {
        bench.send(command);
        bench.elapse(DWELL);
    }
    assert_eq!(
        bench.obs_states(),
        [
            ObsState::Resetting,
            ObsState::Aborting,
            ObsState::Aborted,
            ObsState::Restarting,
            ObsState::Empty
        ]
    );
}

#[test]
fn a_restart_gives_all_resources_up() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    for command in ["AssignResources", "Abort", "Restart"] {
        bench.send(command);
    }
    assert!(
        bench
            .changes
            .take_lines()
            .contains(&"assignedResources: ".to_owned())
    );
    assert_eq!(bench.obs_state(), ObsState::Empty);
}
