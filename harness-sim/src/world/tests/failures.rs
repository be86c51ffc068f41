//! What the telescope manager makes of parts that fail, are stuck or have a fault.

use std::time::Duration;

use harness_tango::control_model::ObsState;
use serde_json::Value as Json;

use super::bench::{Bench, DWELL, configure};
use crate::attribute::Attribute;
use crate::defect::{Defect, DefectKind};
use crate::transition::{Scope, Transition};

const CENTRAL: &str = "low-tmc/central-node/0";
const NODE: &str = "low-tmc/subarray/01";
const CSP: &str = "low-csp/subarray/01";
const SDP: &str = "low-sdp/subarray/01";

/// A telescope whose first subarray is IDLE.
fn idle() -> Bench {
    let mut bench = Bench::low();
    let assign = bench.assign();
    bench.send(NODE, "AssignResources", &assign);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Idle);
    bench
}

fn restart(bench: &Bench) {
    for command in ["Abort", "Restart"] {
        bench.send(NODE, command, &Json::Null);
        bench.elapse(DWELL);
    }
    for device in [NODE, CSP, SDP, "low-mccs/subarray/01"] {
        assert_eq!(bench.obs_state(device), ObsState::Empty, "{device}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_a_part_is_told_up_to_the_central_node_and_the_subarray_stays() {
    let mut bench = Bench::low();
    let csp = bench.telescope.device(CSP).unwrap();
    csp.fail_next("AssignResources", "no beam")
        .unwrap()
        .forget();
    let assign = bench.assign();
    bench.send(CENTRAL, "AssignResources", &assign);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Resourcing);
    assert_eq!(bench.obs_state(SDP), ObsState::Idle);
    assert_eq!(
        bench.result(CENTRAL),
        "AssignResources [3, \"Exception occurred on the following devices: \
         low-tmc/subarray/01: Exception occurred on the following devices: \
         low-tmc/subarray-leaf-node-csp/01: Exception occurred on device: \
         low-csp/subarray/01: no beam\"]"
    );
    restart(&bench);
}

#[tokio::test(start_paused = true)]
async fn a_part_that_is_stuck_makes_the_command_time_out() {
    let bench = idle();
    let csp = bench.telescope.device(CSP).unwrap();
    csp.stick("Configure").unwrap().forget();
    bench.send(NODE, "Configure", &configure(1.0));
    bench.elapse(Duration::from_secs(49));
    assert_eq!(
        bench.result(NODE),
        r#"AssignResources [0, "Command Completed"]"#
    );
    bench.elapse(Duration::from_secs(30));
    assert_eq!(bench.obs_state(NODE), ObsState::Configuring);
    assert_eq!(
        bench.result(NODE),
        "Configure [3, \"Exception occurred on the following devices: \
         low-tmc/subarray-leaf-node-csp/01: Timeout has occurred, command failed\"]"
    );
    csp.set_state(harness_tango::control_model::DevState::On);
    restart(&bench);
}

#[tokio::test(start_paused = true)]
async fn an_execution_block_that_was_used_leaves_the_subarray_in_resourcing() {
    let bench = idle();
    let mut again = Bench::low().assign();
    again["sdp"]["execution_block"]["eb_id"] = "eb-test-1".into();
    bench.send(NODE, "AssignResources", &again);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(SDP), ObsState::Idle);
    assert_eq!(bench.obs_state(CSP), ObsState::Idle);
    assert_eq!(bench.obs_state(NODE), ObsState::Resourcing);
    let result = bench.result(NODE);
    assert!(
        result.contains("Execution block eb-test-1 already exists"),
        "{result}"
    );
    restart(&bench);
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_a_part_is_a_fault_of_the_subarray_until_a_restart() {
    let bench = idle();
    let scope = Scope::instance(SDP).command("Configure");
    let transitions = bench.telescope.transitions();
    transitions
        .set(
            &scope,
            Transition::after(DWELL).faulting("no memory").next(1),
        )
        .unwrap();
    bench.send(NODE, "Configure", &configure(1.0));
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(SDP), ObsState::Fault);
    assert_eq!(bench.obs_state(NODE), ObsState::Fault);
    bench.send(NODE, "Restart", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(SDP), ObsState::Empty);
    assert_eq!(bench.obs_state(NODE), ObsState::Empty);
}

#[tokio::test(start_paused = true)]
async fn a_subarray_that_follows_its_parts_goes_back_when_they_do() {
    let bench = idle();
    let force = |state| {
        let csp = bench.telescope.device(CSP).unwrap();
        crate::live::SubarrayHandle::new(csp)
            .set_obs_state(state)
            .forget();
    };
    for (forced, shown) in [
        (ObsState::Configuring, ObsState::Configuring),
        (ObsState::Ready, ObsState::Idle),
        (ObsState::Fault, ObsState::Fault),
        (ObsState::Idle, ObsState::Idle),
    ] {
        force(forced);
        assert_eq!(bench.obs_state(NODE), shown, "CSP in {forced}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_leaf_node_can_fail_by_itself() {
    let bench = idle();
    let leaf = bench.telescope.device("low-tmc/subarray-leaf-node-csp/01");
    let defect = Defect::new(DefectKind::NotAllowedBeforeQueuing).saying("not today");
    let guard = leaf.unwrap().switch_on(defect).unwrap();
    bench.send(NODE, "Configure", &configure(1.0));
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(CSP), ObsState::Idle, "was never asked");
    let result = bench.result(NODE);
    assert!(
        result.contains(
            "low-tmc/subarray-leaf-node-csp/01: ska_tmc_common.exceptions.CommandNotAllowed: \
             not today"
        ),
        "{result}"
    );
    drop(guard);
    restart(&bench);
}

#[tokio::test(start_paused = true)]
async fn what_is_held_goes_on_when_it_is_released() {
    let bench = idle();
    let transitions = bench.telescope.transitions();
    let scope = Scope::model("mccs::subarray");
    transitions.set(&scope, Transition::held()).unwrap();
    bench.send(NODE, "Configure", &configure(1.0));
    bench.elapse(Duration::from_secs(20));
    assert_eq!(bench.obs_state(CSP), ObsState::Ready);
    assert_eq!(bench.obs_state(NODE), ObsState::Configuring);
    transitions.release("mccs::subarray").unwrap();
    // the driver hears of it
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
    assert_eq!(bench.value(NODE, Attribute::CommandedObsState), "READY");
}

#[tokio::test(start_paused = true)]
async fn an_abort_that_failed_is_over_when_the_last_part_arrives_late() {
    let bench = idle();
    let csp = bench.telescope.device(CSP).unwrap();
    csp.stick("Abort").unwrap().forget();
    bench.send(NODE, "Abort", &Json::Null);
    bench.elapse(Duration::from_secs(75));
    assert_eq!(bench.obs_state(NODE), ObsState::Aborting);
    let result = bench.result(NODE);
    assert!(result.contains("Timeout has occurred"), "{result}");
    let csp = crate::live::SubarrayHandle::new(csp);
    csp.set_obs_state(ObsState::Aborted).forget();
    assert_eq!(bench.obs_state(NODE), ObsState::Aborted);
    bench.send(NODE, "Restart", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Empty);
}

#[tokio::test(start_paused = true)]
async fn the_subarray_is_where_its_parts_are_after_a_part_refused_to_end_what_it_had_ended() {
    let bench = idle();
    bench.send(NODE, "Configure", &configure(600.0));
    bench.elapse(DWELL);
    bench.send(NODE, "Scan", &serde_json::json!({"scan_id": 1}));
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Scanning);
    // past the telescope manager
    bench.send(CSP, "EndScan", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Scanning);
    bench.send(NODE, "EndScan", &Json::Null);
    bench.elapse(DWELL);
    assert!(
        bench.result(NODE).starts_with("EndScan [3"),
        "{}",
        bench.result(NODE)
    );
    assert_eq!(bench.obs_state(SDP), ObsState::Ready);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_restart_leads_out_of_a_fault_of_several_parts() {
    let bench = idle();
    for part in [CSP, SDP] {
        let part = bench.telescope.device(part).unwrap().subarray().unwrap();
        part.set_obs_state(ObsState::Fault).forget();
    }
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Fault);
    bench.send(NODE, "Restart", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(
        bench.result(NODE),
        r#"Restart [0, "Command Completed"]"#,
        "{}",
        bench.obs_state(NODE)
    );
    for device in [NODE, CSP, SDP] {
        assert_eq!(bench.obs_state(device), ObsState::Empty, "{device}");
    }
}
