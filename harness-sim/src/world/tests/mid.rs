//! A whole observation on Mid, with its dishes.

use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode};
use serde_json::{Value as Json, json};

use super::bench::{Bench, DWELL, configure, scan};
use crate::attribute::Attribute;

const CENTRAL: &str = "mid-tmc/central-node/0";
const NODE: &str = "mid-tmc/subarray/01";
const DISH: &str = "mid-dish/dish-manager/SKA001";
const OTHER_DISH: &str = "mid-dish/dish-manager/SKA063";

#[tokio::test(start_paused = true)]
async fn a_configuration_brings_the_dishes_to_their_target() {
    let mut bench = Bench::mid();
    let dish = |bench: &Bench, name| {
        let mode = bench.value(name, Attribute::DishMode);
        (mode, bench.value(name, Attribute::PointingState))
    };
    let is = |mode: &str, pointing: &str| (mode.to_owned(), pointing.to_owned());
    assert_eq!(dish(&bench, DISH), is("STANDBY_LP", "READY"));
    bench.send(CENTRAL, "TelescopeOn", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.value(CENTRAL, Attribute::TelescopeState), "ON");
    assert_eq!(dish(&bench, DISH), is("STANDBY_FP", "READY"));

    let assign = bench.assign();
    bench.send(CENTRAL, "AssignResources", &assign);
    bench.elapse(DWELL);
    assert_eq!(
        bench.value(NODE, Attribute::AssignedResources),
        "SKA001, SKA036"
    );
    bench.story(&[]);
    bench.send(NODE, "Configure", &configure(2.0));
    bench.elapse(2 * DWELL);
    assert_eq!(bench.obs_state("mid-csp/subarray/01"), ObsState::Ready);
    assert_eq!(
        bench.obs_state(NODE),
        ObsState::Configuring,
        "waits for its dishes"
    );
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
    let story = bench.story(&[Attribute::DishMode, Attribute::PointingState]);
    let of_dish: Vec<_> = story
        .iter()
        .filter_map(|line| line.strip_prefix("mid-dish/dish-manager/SKA036: "))
        .collect();
    assert_eq!(
        of_dish,
        ["CONFIG", "STANDBY_FP", "OPERATE", "SLEW", "TRACK"]
    );
    assert_eq!(dish(&bench, DISH), is("OPERATE", "TRACK"));
    assert_eq!(dish(&bench, OTHER_DISH), is("STANDBY_FP", "READY"));
    assert_eq!(bench.value(DISH, Attribute::ConfiguredBand), "B2");

    bench.send(NODE, "Scan", &scan());
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Scanning);
    bench.elapse(Duration::from_secs(2) + DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);

    bench.send(NODE, "End", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(dish(&bench, DISH), is("OPERATE", "READY"));
    assert_eq!(bench.obs_state(NODE), ObsState::Idle);
    bench.send(NODE, "ReleaseAllResources", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Empty);
    bench.send(CENTRAL, "TelescopeOff", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.value(CENTRAL, Attribute::TelescopeState), "OFF");
}

#[tokio::test(start_paused = true)]
async fn a_partial_configuration_moves_the_dishes_only() {
    let mut bench = Bench::mid();
    let assign = bench.assign();
    bench.send(NODE, "AssignResources", &assign);
    bench.elapse(DWELL);
    bench.send(NODE, "Configure", &configure(2.0));
    bench.elapse(4 * DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
    bench
        .telescope
        .device("mid-csp/subarray/01")
        .unwrap()
        .clear_calls();
    let partial = json!({"pointing": {}, "tmc": {"partial_configuration": true}});
    bench.send(NODE, "Configure", &partial);
    assert_eq!(bench.obs_state(NODE), ObsState::Configuring);
    bench.elapse(4 * DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Ready);
    let calls = bench
        .telescope
        .device("mid-csp/subarray/01")
        .unwrap()
        .calls();
    assert_eq!(calls, []);
}

#[tokio::test(start_paused = true)]
async fn a_dish_that_is_stuck_holds_its_subarray_until_an_abort() {
    let mut bench = Bench::mid();
    let stuck = bench
        .telescope
        .device(DISH)
        .unwrap()
        .stick("Track")
        .unwrap();
    let assign = bench.assign();
    bench.send(NODE, "AssignResources", &assign);
    bench.elapse(DWELL);
    bench.send(NODE, "Configure", &configure(2.0));
    bench.elapse(Duration::from_secs(40));
    assert_eq!(bench.obs_state(NODE), ObsState::Configuring);
    drop(stuck);
    bench.send(NODE, "Abort", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Aborted);
    assert_eq!(bench.value(DISH, Attribute::PointingState), "READY");
    bench.send(NODE, "Restart", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Empty);
}

#[tokio::test(start_paused = true)]
async fn a_dish_that_does_not_exist_cannot_be_assigned() {
    let bench = Bench::mid();
    let json = json!({"dish": {"receptor_ids": ["SKA999"]}, "sdp": {}});
    let reply = bench.try_send(NODE, "AssignResources", &json).unwrap();
    assert_eq!(reply.code, ResultCode::Rejected);
    assert_eq!(reply.text, "Invalid receptor id: 'SKA999'");
}

#[tokio::test(start_paused = true)]
async fn a_dish_refuses_what_its_mode_does_not_allow() {
    let bench = Bench::mid();
    let refusal = bench.try_send(DISH, "Track", &Json::Null).unwrap_err();
    assert!(
        refusal
            .to_string()
            .ends_with("Track command not permitted in dish mode STANDBY_LP"),
        "{refusal}"
    );
}
