//! A science data processor that is alone, by its own rules.

use harness_tango::control_model::{DevState, ObsState};
use serde_json::{Value as Json, json};

use super::bench::{Bench, DWELL};
use crate::attribute::Attribute;
use crate::device::Refusal;
use crate::preset::Preset;

const CONTROLLER: &str = "low-sdp/control/0";
const SUBARRAY: &str = "low-sdp/subarray/01";

/// What each command takes, where it is allowed (`x`, a column per state from EMPTY to RESTARTING),
/// and where it leads.
const COMMANDS: [(&str, &str, ObsState); 9] = [
    ("AssignResources", "x..........", ObsState::Idle),
    ("ReleaseResources", "..x........", ObsState::Empty),
    ("Configure", "..x.x......", ObsState::Ready),
    ("End", "....x......", ObsState::Idle),
    ("Scan", "....x......", ObsState::Scanning),
    ("EndScan", ".....x.....", ObsState::Ready),
    ("Abort", "..xxxx..x..", ObsState::Aborted),
    ("ObsReset", ".......x.x.", ObsState::Idle),
    ("Restart", ".......x.x.", ObsState::Empty),
];

fn bench() -> Bench {
    Bench::of(&Preset::sdp())
}

fn argument(command: &str) -> Json {
    match command {
        "AssignResources" => json!({"execution_block": {"eb_id": "eb-test-1"}}),
        "Configure" => json!({"scan_type": "science"}),
        "Scan" => json!({"scan_id": 1}),
        _ => Json::Null,
    }
}

/// On, and in that obsState.
fn in_state(obs_state: ObsState) -> Bench {
    let bench = bench();
    bench.send(SUBARRAY, "On", &Json::Null);
    bench.elapse(DWELL);
    let subarray = bench.telescope.device(SUBARRAY).unwrap();
    subarray.set_direct_obs_state(obs_state);
    bench
}

fn state(bench: &Bench, device: &str) -> DevState {
    bench.telescope.status(device).unwrap().state
}

#[tokio::test(start_paused = true)]
async fn every_command_is_taken_where_it_is_allowed_and_raises_an_exception_elsewhere() {
    for (command, row, target) in COMMANDS {
        for (obs_state, mark) in ObsState::ALL.iter().zip(row.chars()) {
            let bench = in_state(*obs_state);
            let taken = bench.try_send(SUBARRAY, command, &argument(command));
            if mark == 'x' {
                assert!(taken.is_ok(), "{command} in {obs_state}: {taken:?}");
                bench.elapse(DWELL);
                assert_eq!(
                    bench.obs_state(SUBARRAY),
                    target,
                    "{command} in {obs_state}"
                );
            } else {
                let refused = matches!(taken, Err(Refusal::NotPermitted { .. }));
                assert!(refused, "{command} in {obs_state}: {taken:?}");
                assert_eq!(bench.obs_state(SUBARRAY), *obs_state, "{command}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_but_on_is_taken_while_it_is_off() {
    let bench = bench();
    assert_eq!(state(&bench, SUBARRAY), DevState::Off);
    for command in COMMANDS.iter().map(|(command, ..)| *command).chain(["Off"]) {
        let refused = bench.try_send(SUBARRAY, command, &argument(command));
        assert!(
            matches!(refused, Err(Refusal::NotAllowed { .. })),
            "{command}: {refused:?}"
        );
    }
    bench.send(SUBARRAY, "On", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(state(&bench, SUBARRAY), DevState::On);
    bench.try_send(SUBARRAY, "On", &Json::Null).unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn off_is_taken_in_every_obs_state_and_empties_it() {
    for obs_state in ObsState::ALL {
        let bench = in_state(*obs_state);
        bench.send(SUBARRAY, "Off", &Json::Null);
        bench.elapse(DWELL);
        assert_eq!(state(&bench, SUBARRAY), DevState::Off, "{obs_state}");
        assert_eq!(bench.obs_state(SUBARRAY), ObsState::Empty, "{obs_state}");
        let held = bench.value(SUBARRAY, Attribute::AssignedResources);
        assert_eq!(held, "", "{obs_state}");
    }
    // what is under way does not hold it up
    let bench = in_state(ObsState::Empty);
    bench.send(SUBARRAY, "AssignResources", &argument("AssignResources"));
    bench.elapse(DWELL / 2);
    bench.send(SUBARRAY, "Off", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(SUBARRAY), ObsState::Empty);
    bench.elapse(DWELL);
    assert_eq!(state(&bench, SUBARRAY), DevState::Off);
}

#[tokio::test(start_paused = true)]
async fn the_controller_is_switched_by_itself_and_refuses_what_it_is_already() {
    let bench = bench();
    assert_eq!(state(&bench, CONTROLLER), DevState::Standby);
    for (command, expected) in [
        ("On", DevState::On),
        ("Disable", DevState::Disable),
        ("Off", DevState::Off),
        ("Standby", DevState::Standby),
        ("Disable", DevState::Disable),
        ("On", DevState::On),
    ] {
        bench.send(CONTROLLER, command, &Json::Null);
        bench.elapse(DWELL);
        assert_eq!(state(&bench, CONTROLLER), expected);
        let again = bench.try_send(CONTROLLER, command, &Json::Null);
        assert!(
            matches!(again, Err(Refusal::NotAllowed { .. })),
            "{command}: {again:?}"
        );
        assert_eq!(state(&bench, SUBARRAY), DevState::Off);
    }
}

#[tokio::test(start_paused = true)]
async fn init_puts_everything_back() {
    let bench = in_state(ObsState::Empty);
    bench.send(SUBARRAY, "AssignResources", &argument("AssignResources"));
    bench.elapse(DWELL);
    bench.send(SUBARRAY, "Configure", &argument("Configure"));
    let subarray = bench.telescope.device(SUBARRAY).unwrap();
    subarray.init();
    bench.elapse(DWELL * 2);
    assert_eq!(bench.obs_state(SUBARRAY), ObsState::Empty);
    assert_eq!(state(&bench, SUBARRAY), DevState::Off);
    assert_eq!(bench.value(SUBARRAY, Attribute::AssignedResources), "");
    bench.send(SUBARRAY, "On", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(state(&bench, SUBARRAY), DevState::On);
}

#[tokio::test(start_paused = true)]
async fn inputs_of_all_ages_are_taken_and_those_without_an_id_are_not() {
    for block in [
        json!({"execution_block": {"eb_id": "eb-1"}}),
        json!({"eb_id": "eb-1"}),
        json!({"id": "sbi-1"}),
    ] {
        let bench = in_state(ObsState::Empty);
        bench.send(SUBARRAY, "AssignResources", &block);
    }
    for (obs_state, command) in [
        (ObsState::Empty, "AssignResources"),
        (ObsState::Idle, "Configure"),
        (ObsState::Ready, "Scan"),
    ] {
        let bench = in_state(obs_state);
        let refused = bench.try_send(SUBARRAY, command, &json!({}));
        let bad = matches!(refused, Err(Refusal::BadInput { .. }));
        assert!(bad, "{command}: {refused:?}");
    }
}
