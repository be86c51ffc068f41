//! A whole observation on Low.

use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode};
use serde_json::{Value as Json, json};

use super::bench::{Bench, DWELL, configure, scan};
use crate::attribute::Attribute;
use crate::preset::Preset;
use crate::transition::{Scope, Transition};

const CENTRAL: &str = "low-tmc/central-node/0";
const NODE: &str = "low-tmc/subarray/01";
const PARTS: [&str; 3] = [
    "low-csp/subarray/01",
    "low-sdp/subarray/01",
    "low-mccs/subarray/01",
];

#[tokio::test(start_paused = true)]
async fn a_whole_observation_takes_the_subsystems_along() {
    let mut bench = Bench::low();
    let assign = bench.assign();
    let story = |bench: &mut Bench| bench.story(&[Attribute::ObsState]);
    let all = |state: &str| {
        let parts = PARTS.iter().chain([&NODE]);
        parts
            .map(|part| format!("{part}: {state}"))
            .collect::<Vec<_>>()
    };
    let node_first = |state: &str| {
        let mut all = all(state);
        all.rotate_right(1);
        all
    };

    bench.send(CENTRAL, "AssignResources", &assign);
    assert_eq!(story(&mut bench), node_first("RESOURCING"));
    bench.elapse(DWELL);
    assert_eq!(story(&mut bench), all("IDLE"));
    for device in [CENTRAL, NODE, "low-tmc/subarray-leaf-node-sdp/01"] {
        assert_eq!(
            bench.result(device),
            r#"AssignResources [0, "Command Completed"]"#
        );
    }
    let resources = |device| bench.value(device, Attribute::AssignedResources);
    assert_eq!(resources(PARTS[0]), "1");
    assert_eq!(resources(PARTS[2]), "AP001.01, 1");

    bench.send(NODE, "Configure", &configure(10.0));
    assert_eq!(story(&mut bench), node_first("CONFIGURING"));
    bench.elapse(DWELL);
    assert_eq!(story(&mut bench), all("READY"));

    bench.send(NODE, "Scan", &scan());
    bench.elapse(DWELL);
    assert_eq!(story(&mut bench), all("SCANNING"));
    assert_eq!(bench.value(NODE, Attribute::ScanId), "7");
    // it ends by itself
    bench.elapse(Duration::from_secs(10));
    assert_eq!(
        bench.obs_state(NODE),
        ObsState::Scanning,
        "ending takes a while"
    );
    bench.elapse(DWELL);
    assert_eq!(story(&mut bench), all("READY"));
    assert_eq!(bench.result(NODE), r#"EndScan [0, "Command Completed"]"#);
    assert_eq!(bench.value(NODE, Attribute::ScanId), "0");

    bench.send(NODE, "End", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(story(&mut bench), all("IDLE"));
    let release = json!({"subarray_id": 1, "release_all": true});
    bench.send(CENTRAL, "ReleaseResources", &release);
    bench.elapse(DWELL);
    story(&mut bench);
    for device in PARTS.iter().chain([&NODE]) {
        assert_eq!(bench.obs_state(device), ObsState::Empty, "{device}");
        assert_eq!(bench.value(device, Attribute::AssignedResources), "");
    }
}

#[tokio::test(start_paused = true)]
async fn a_scan_that_is_ended_before_its_time_does_not_end_twice() {
    let mut bench = Bench::low();
    let assign = bench.assign();
    for (command, argument) in [
        ("AssignResources", assign),
        ("Configure", configure(10.0)),
        ("Scan", scan()),
        ("EndScan", Json::Null),
        ("Scan", scan()),
    ] {
        bench.send(NODE, command, &argument);
        bench.elapse(DWELL);
    }
    bench.elapse(Duration::from_secs(9));
    assert_eq!(bench.obs_state(NODE), ObsState::Scanning);
    bench.elapse(Duration::from_secs(1) + DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
}

#[tokio::test(start_paused = true)]
async fn the_telescope_is_switched_as_a_whole() {
    let mut bench = Bench::low();
    let states = |bench: &mut Bench| bench.story(&[Attribute::TelescopeState]);
    let state = |bench: &Bench| bench.value(CENTRAL, Attribute::TelescopeState);
    assert_eq!(state(&bench), "OFF");
    for (command, expected) in [
        ("TelescopeOn", "ON"),
        ("TelescopeStandby", "STANDBY"),
        ("TelescopeOn", "ON"),
        ("TelescopeOff", "OFF"),
    ] {
        bench.send(CENTRAL, command, &Json::Null);
        bench.elapse(DWELL);
        assert_eq!(state(&bench), expected);
        let last = states(&mut bench).pop();
        assert_eq!(last, Some(format!("{CENTRAL}: {expected}")));
        assert_eq!(
            bench.result(CENTRAL),
            format!(r#"{command} [0, "Command Completed"]"#)
        );
        let subarray = bench.telescope.status(PARTS[2]).unwrap();
        assert_eq!(subarray.state.label(), expected, "follows its controller");
    }
    // what is so already is no failure
    bench.send(CENTRAL, "TelescopeOff", &Json::Null);
    assert_eq!(
        bench.result(CENTRAL),
        r#"TelescopeOff [0, "Command Completed"]"#
    );
}

#[tokio::test(start_paused = true)]
async fn the_health_of_the_telescope_is_that_of_its_worst_part() {
    use harness_tango::control_model::HealthState::{Degraded, Failed, Ok};

    let bench = Bench::low();
    let health = || bench.value(CENTRAL, Attribute::TelescopeHealthState);
    assert_eq!(health(), "OK");
    for (device, state, expected) in [
        ("low-csp/control/0", Degraded, "DEGRADED"),
        ("low-sdp/subarray/02", Failed, "FAILED"),
        ("low-sdp/subarray/02", Ok, "DEGRADED"),
        ("low-csp/control/0", Ok, "OK"),
    ] {
        bench
            .telescope
            .device(device)
            .unwrap()
            .set_health_state(state);
        assert_eq!(health(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_offline_refuses_commands() {
    use harness_tango::control_model::AdminMode;

    let bench = Bench::low();
    let controller = bench.telescope.device("low-csp/control/0").unwrap();
    controller.set_admin_mode(AdminMode::Offline);
    assert_eq!(controller.state().label(), "DISABLE");
    let refusal = bench
        .try_send("low-csp/control/0", "On", &Json::Null)
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "Command On not allowed when the device is in DISABLE state"
    );
    let available = bench.value(CENTRAL, Attribute::TelescopeAvailability);
    assert!(
        available.contains(r#""low-tmc/leaf-node-csp/0":false"#),
        "{available}"
    );
    controller.set_admin_mode(AdminMode::Online);
    assert_eq!(controller.state().label(), "OFF");
    bench.send("low-csp/control/0", "On", &Json::Null);
}

#[tokio::test(start_paused = true)]
async fn ten_minutes_pass_in_no_time() {
    let mut bench = Bench::low();
    let ten_minutes = Duration::from_secs(600);
    let scope = Scope::model("csp::subarray").command("AssignResources");
    let transitions = bench.telescope.transitions().clone();
    transitions
        .set(&scope, Transition::after(ten_minutes))
        .unwrap();
    // its nodes wait 50 s, 70 s and 80 s, and no longer
    let assign = bench.assign();
    bench.send("low-csp/subarray/01", "AssignResources", &assign);
    bench.elapse(ten_minutes - Duration::from_secs(1));
    assert_eq!(bench.obs_state("low-csp/subarray/01"), ObsState::Resourcing);
    assert_eq!(
        bench.obs_state(NODE),
        ObsState::Resourcing,
        "as long as a part is"
    );
    bench.elapse(Duration::from_secs(1));
    assert_eq!(bench.obs_state("low-csp/subarray/01"), ObsState::Idle);
    assert_eq!(bench.obs_state(NODE), ObsState::Empty);
    let hops = transitions.history("low-csp/subarray/01").unwrap();
    let hops: Vec<_> = hops.iter().map(ToString::to_string).collect();
    assert_eq!(
        hops,
        [
            "1: EMPTY -> RESOURCING (command AssignResources)",
            "2: RESOURCING -> IDLE (600s passed)"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_commands_give_the_same_events_in_the_same_order() {
    let story = || {
        let mut bench = Bench::of(&Preset::low().with_subarrays(3));
        let assign = bench.assign();
        for subarray in ["low-tmc/subarray/03", "low-tmc/subarray/01"] {
            bench.send(subarray, "AssignResources", &assign);
        }
        bench.elapse(DWELL);
        bench.send("low-tmc/subarray/03", "Configure", &configure(1.0));
        bench.send("low-tmc/subarray/01", "Abort", &Json::Null);
        bench.elapse(10 * DWELL);
        bench.story(&[
            Attribute::ObsState,
            Attribute::CspSubarrayObsState,
            Attribute::AssignedResources,
            Attribute::LongRunningCommandInProgress,
        ])
    };
    let first = story();
    assert!(first.len() > 50, "{first:#?}");
    assert_eq!(first, story());
}

#[tokio::test(start_paused = true)]
async fn what_the_telescope_manager_does_not_take_it_rejects_in_its_reply() {
    let mut bench = Bench::low();
    let rejected = |bench: &Bench, device, command, argument: &Json| {
        let reply = bench.try_send(device, command, argument).unwrap();
        assert_eq!(reply.code, ResultCode::Rejected);
        reply.text
    };
    let mut assign = bench.assign();
    assign.as_object_mut().unwrap().remove("csp");
    assert_eq!(
        rejected(&bench, NODE, "AssignResources", &assign),
        "Validation 'Low TMC assignresources' Missing key: 'csp'"
    );
    let reply = bench
        .telescope
        .device(NODE)
        .unwrap()
        .submit("AssignResources", "")
        .unwrap();
    assert!(
        reply.text.starts_with("Malformed input JSON: "),
        "{reply:?}"
    );
    let reply = rejected(
        &bench,
        CENTRAL,
        "AssignResources",
        &json!({"subarray_id": 9}),
    );
    assert_eq!(reply, "Invalid subarray_id: 9; known: 1, 2");
    assert_eq!(bench.obs_state(NODE), ObsState::Empty);
    // a subsystem raises an exception
    let refusal = bench
        .try_send("low-sdp/subarray/01", "AssignResources", &json!({}))
        .unwrap_err();
    assert_eq!(refusal.to_string(), "ValueError: Missing key: 'eb_id'");
}
