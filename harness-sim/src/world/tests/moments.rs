//! Commands, defects and settings that come at an awkward moment.

use std::time::Duration;

use harness_tango::control_model::ObsState;
use serde_json::{Value as Json, json};

use super::bench::{Bench, DWELL, configure, scan};
use crate::attribute::Attribute;
use crate::defect::{Defect, DefectKind};
use crate::model::Progression;
use crate::preset::Preset;
use crate::transition::{Scope, Transition};

const NODE: &str = "low-tmc/subarray/01";
const CONTROLLER: &str = "low-csp/control/0";

fn ready(bench: &mut Bench) {
    let assign = bench.assign();
    for (command, argument) in [("AssignResources", assign), ("Configure", configure(10.0))] {
        bench.send(NODE, command, &argument);
        bench.elapse(DWELL);
    }
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_scan_whose_time_is_over_while_it_is_being_ended_is_not_ended_again() {
    let mut bench = Bench::low();
    ready(&mut bench);
    bench.send(NODE, "Scan", &scan());
    bench.elapse(DWELL + Duration::from_millis(9500));
    bench.send(NODE, "EndScan", &Json::Null);
    bench.elapse(2 * DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
    assert_eq!(bench.result(NODE), r#"EndScan [0, "Command Completed"]"#);
    let finished = bench.value(NODE, Attribute::LrcFinished);
    assert_eq!(finished.matches(r#""name": "EndScan""#).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_abort_that_is_rejected_later_leaves_the_command_alone_that_it_came_upon() {
    let mut bench = Bench::low();
    ready(&mut bench);
    let node = bench.telescope.device(NODE).unwrap();
    bench.send(NODE, "Scan", &scan());
    {
        let defect = Defect::new(DefectKind::NotAllowedAfterQueuing).of("Abort");
        let _guard = node.switch_on(defect).unwrap();
        bench.send(NODE, "Abort", &Json::Null);
    }
    assert_eq!(bench.result(NODE), r#"Abort [6, "Command is not allowed"]"#);
    bench.elapse(DWELL);
    assert_eq!(bench.result(NODE), r#"Scan [0, "Command Completed"]"#);
    assert_eq!(bench.obs_state(NODE), ObsState::Scanning);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_is_lifted_before_it_comes_has_the_parts_do_their_work() {
    let mut bench = Bench::low();
    let transitions = bench.telescope.transitions().clone();
    let scope = Scope::instance(NODE).command("AssignResources");
    transitions
        .set(&scope, Transition::after(DWELL).failing("no"))
        .unwrap();
    let assign = bench.assign();
    bench.send(NODE, "AssignResources", &assign);
    transitions.set(&scope, Transition::after(DWELL)).unwrap();
    bench.elapse(3 * DWELL);
    assert_eq!(
        bench.result(NODE),
        r#"AssignResources [0, "Command Completed"]"#
    );
    for device in [NODE, "low-csp/subarray/01", "low-sdp/subarray/01"] {
        assert_eq!(bench.obs_state(device), ObsState::Idle, "{device}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_controller_that_got_stuck_takes_the_next_command() {
    let bench = Bench::low();
    let controller = bench.telescope.device(CONTROLLER).unwrap();
    let stuck = {
        let _guard = controller.stick("On").unwrap();
        bench.send(CONTROLLER, "On", &Json::Null)
    };
    bench.elapse(100 * DWELL);
    assert_eq!(bench.value(CONTROLLER, Attribute::State), "OFF");
    bench.send(CONTROLLER, "On", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.value(CONTROLLER, Attribute::State), "ON");
    assert_eq!(
        bench.result(CONTROLLER),
        r#"On [0, "On command completed OK"]"#
    );
    let statuses = bench.value(CONTROLLER, Attribute::LongRunningCommandStatus);
    assert!(
        statuses.contains(&format!("{stuck}, ABORTED")),
        "{statuses}"
    );
}

#[tokio::test(start_paused = true)]
async fn reads_of_its_state_bring_a_controller_on() {
    use crate::attribute::AttributeValue;
    use harness_tango::control_model::DevState;

    let bench = Bench::low();
    let controller = bench.telescope.device(CONTROLLER).unwrap();
    controller
        .set_delay("On", Progression::AfterReads(2))
        .unwrap();
    bench.send(CONTROLLER, "On", &Json::Null);
    for expected in [DevState::Off, DevState::Off, DevState::On] {
        assert_eq!(
            controller.read(Attribute::State),
            AttributeValue::State(expected)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn time_without_end_passes_without_a_panic() {
    let mut bench = Bench::low();
    let assign = bench.assign();
    bench.send(NODE, "AssignResources", &assign);
    bench.elapse(Duration::MAX);
    assert_eq!(bench.obs_state(NODE), ObsState::Idle);
    bench.elapse(Duration::MAX);
    bench.send(NODE, "Configure", &configure(1.0));
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_dish_that_was_released_is_left_alone_by_the_next_configuration() {
    const NODE: &str = "mid-tmc/subarray/01";
    let assign = |bench: &mut Bench, dishes: Json| {
        let mut assign = bench.assign();
        assign["dish"]["receptor_ids"] = dishes.clone();
        // so that all parts hold what is released
        assign["sdp"]["resources"] = json!({ "receptors": dishes });
        bench.send(NODE, "AssignResources", &assign);
        bench.elapse(DWELL);
        assert_eq!(bench.obs_state(NODE), ObsState::Idle);
    };
    let release = |bench: &mut Bench, release: &Json, expected: ObsState| {
        bench.send(NODE, "ReleaseResources", release);
        bench.elapse(DWELL);
        assert_eq!(bench.obs_state(NODE), expected);
    };
    let configure = |bench: &mut Bench, expected: [bool; 2]| {
        let commands = ["SKA001", "SKA036"].map(|dish| {
            let leaf = format!("mid-tmc/leaf-node-dish/{dish}");
            bench.telescope.device(&leaf).unwrap()
        });
        commands.iter().for_each(|leaf| leaf.clear_calls());
        bench.send(NODE, "Configure", &configure(1.0));
        bench.elapse(5 * DWELL);
        assert_eq!(bench.obs_state(NODE), ObsState::Ready);
        let configured = commands.each_ref().map(|leaf| !leaf.calls().is_empty());
        assert_eq!(configured, expected);
        bench.send(NODE, "End", &Json::Null);
        bench.elapse(DWELL);
    };

    let mut bench = Bench::mid();
    assign(&mut bench, json!(["SKA001", "SKA036"]));
    let one = json!({"receptor_ids": ["SKA001"], "release_all": false});
    release(&mut bench, &one, ObsState::Idle);
    configure(&mut bench, [false, true]);
    let all = json!({"receptor_ids": [], "release_all": true});
    release(&mut bench, &all, ObsState::Empty);
    assign(&mut bench, json!(["SKA001"]));
    configure(&mut bench, [true, false]);
}

#[tokio::test(start_paused = true)]
async fn a_part_that_restarts_alone_does_not_cost_the_node_its_resources() {
    const CSP: &str = "low-csp/subarray/01";
    let mut bench = Bench::low();
    let assign = bench.assign();
    bench.send(NODE, "AssignResources", &assign);
    bench.elapse(DWELL);
    let resources = bench.value(NODE, Attribute::AssignedResources);
    assert_ne!(resources, "");
    for command in ["Abort", "Restart"] {
        bench.send(CSP, command, &Json::Null);
        bench.elapse(DWELL);
    }
    assert_eq!(bench.obs_state(CSP), ObsState::Empty);
    assert_eq!(bench.obs_state(NODE), ObsState::Idle);
    assert_eq!(bench.value(NODE, Attribute::AssignedResources), resources);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_subarrays_observe_at_once() {
    let mut bench = Bench::of(&Preset::low().with_subarrays(100));
    let nodes: Vec<_> = (1..=100)
        .map(|number| format!("low-tmc/subarray/{number:02}"))
        .collect();
    for (command, expected) in [
        ("AssignResources", ObsState::Idle),
        ("Configure", ObsState::Ready),
        ("Scan", ObsState::Scanning),
        ("Abort", ObsState::Aborted),
        ("Restart", ObsState::Empty),
    ] {
        for node in &nodes {
            let argument = match command {
                "AssignResources" => bench.assign(),
                "Configure" => configure(10.0),
                "Scan" => scan(),
                _ => Json::Null,
            };
            bench.send(node, command, &argument);
        }
        bench.elapse(DWELL);
        for node in &nodes {
            assert_eq!(bench.obs_state(node), expected, "{node}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_scan_that_ended_otherwise_has_no_scan_id_left() {
    let mut bench = Bench::low();
    ready(&mut bench);
    bench.send(NODE, "Scan", &scan());
    bench.elapse(DWELL);
    assert_eq!(bench.value(NODE, Attribute::ScanId), "7");
    for part in [
        "low-csp/subarray/01",
        "low-sdp/subarray/01",
        "low-mccs/subarray/01",
    ] {
        let part = bench.telescope.device(part).unwrap();
        part.set_direct_obs_state(ObsState::Ready);
    }
    for device in [NODE, "low-csp/subarray/01"] {
        assert_eq!(bench.obs_state(device), ObsState::Ready, "{device}");
        assert_eq!(bench.value(device, Attribute::ScanId), "0", "{device}");
    }
    bench.elapse(20 * DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
}
