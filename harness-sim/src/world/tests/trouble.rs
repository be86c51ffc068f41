//! Everything that a tester can do to a telescope, at any moment: afterwards nothing is left of it.

use std::collections::HashMap;
use std::time::Duration;

use harness_tango::control_model::{AdminMode, ObsState};
use serde_json::Value as Json;

use super::at_random::{COMMANDS, Numbers, argument, empty};
use super::bench::{Bench, DWELL};
use crate::attribute::{Attribute, AttributeValue};
use crate::preset::Preset;
use crate::transition::{Scope, Transition};

const TIMES: &[u64] = &[0, 1, 333, 1000, 1500, 4000, 60_000];
const ALL: &[ObsState] = ObsState::ALL;

/// The last event of each attribute of each device.
#[derive(Default)]
struct Told(HashMap<(String, &'static str), AttributeValue>);

impl Told {
    fn hear(&mut self, bench: &mut Bench) {
        while let Ok(change) = bench.changes.try_recv() {
            let key = (change.device.to_string(), change.attribute.name());
            self.0.insert(key, change.value);
        }
    }

    /// What was told last is so.
    fn check(&self, bench: &Bench, story: &[String]) {
        for ((device, attribute), value) in &self.0 {
            let attribute = Attribute::from_name(attribute).unwrap();
            // as with the base class, the end of a command is no event of its progress
            if let Attribute::LrcEvent | Attribute::LongRunningCommandProgress = attribute {
                continue;
            }
            let is = bench.telescope.device(device).unwrap().value(attribute);
            assert_eq!(is, *value, "{device} {attribute:?} after {story:#?}");
        }
    }
}

fn act(bench: &mut Bench, devices: &[String], numbers: &mut Numbers) -> String {
    let name = &devices[numbers.below(devices.len())];
    let device = bench.telescope.device(name).unwrap();
    let transitions = bench.telescope.transitions().clone();
    let scope = Scope::instance(name.as_str());
    match numbers.below(12) {
        0 => {
            let mode = numbers.one_of(&[AdminMode::Offline, AdminMode::Online, AdminMode::Online]);
            device.set_admin_mode(mode);
            format!("{name} is {mode:?}")
        }
        1 => {
            let kind = numbers.below(14);
            let state = numbers.below(11);
            let defect = format!(
                r#"{{"enabled": true, "fault_type": {kind}, "error_message": "no", "result": 3,
                "intermediate_state": {state}}}"#
            );
            let set = device.set_defective(&defect);
            format!("{name} has defect {kind} {state}: {set:?}")
        }
        2 => {
            device.set_defective(r#"{"enabled": false}"#).unwrap();
            format!("{name} has no defect")
        }
        3 => {
            let state = numbers.one_of(ALL);
            device.set_direct_obs_state(state);
            format!("{name} is forced to {state}")
        }
        4 => {
            let setting = match numbers.below(7) {
                0 => Transition::held(),
                1 => Transition::never(),
                2 => Transition::after(Duration::from_secs(100)),
                3 => Transition::immediate().sticking(),
                4 => Transition::after(DWELL).faulting("smoke"),
                5 => Transition::after_reads(3),
                _ => Transition::after(DWELL).rejecting("no"),
            };
            let words = format!("{name}: {setting:?}");
            transitions.set(&scope, setting).unwrap();
            words
        }
        5 => {
            transitions.unset(&scope).unwrap();
            format!("{name} goes as usual")
        }
        6 => {
            let script = r#"[["CONFIGURING", 0.5], ["FAULT", 0], ["READY", 2], ["IDLE", 1]]"#;
            let set = device.set_script(script);
            format!("{name} has a script: {set:?}")
        }
        7 => {
            device.reset_script();
            format!("{name} has no script")
        }
        _ => {
            let command = match numbers.below(4) {
                0 => numbers.one_of(&["TelescopeOn", "TelescopeOff", "On", "Off", "Standby"]),
                _ => numbers.one_of(COMMANDS),
            };
            let argument = argument(command, bench);
            let reply = bench.try_send(name, command, &argument);
            let reply = reply.map(|reply| reply.code).map_err(|it| it.to_string());
            format!("{name} {command}: {reply:?}")
        }
    }
}

/// What a careful tester does after a test.
fn clean_up(bench: &Bench, devices: &[String]) {
    let transitions = bench.telescope.transitions();
    for name in devices {
        let device = bench.telescope.device(name).unwrap();
        transitions.unset(&Scope::instance(name.as_str())).unwrap();
        device.set_defective(r#"{"enabled": false}"#).unwrap();
        device.reset_script();
        device.set_admin_mode(AdminMode::Online);
    }
    bench.elapse(100 * DWELL);
    // twice: what waited behind a command that was stuck may have met its defect long ago
    for _ in 0..2 {
        for name in devices {
            let device = bench.telescope.device(name).unwrap();
            if bench.telescope.status(name).unwrap().obs_state.is_some() {
                // nothing but a tester's hand leads out of an abort or a restart that is stuck
                device.set_direct_obs_state(ObsState::Empty);
            } else {
                // the way out of leaf nodes and dishes; others have none
                bench.try_send(name, "Abort", &Json::Null).ok();
            }
        }
        bench.elapse(100 * DWELL);
    }
}

fn run(preset: &Preset, central: &str, node: &str, seed: u64) {
    let mut bench = Bench::of(preset);
    let mut numbers = Numbers(seed);
    let mut told = Told::default();
    let mut story = Vec::new();
    let devices = bench.telescope.devices();
    let devices: Vec<_> = devices
        .iter()
        .map(|device| device.name.to_string())
        .collect();
    for _ in 0..80 {
        let done = act(&mut bench, &devices, &mut numbers);
        let time = Duration::from_millis(numbers.one_of(TIMES));
        story.push(format!("{done}; then {time:?}"));
        told.hear(&mut bench);
        told.check(&bench, &story);
        bench.elapse(time);
        told.hear(&mut bench);
        told.check(&bench, &story);
    }
    clean_up(&bench, &devices);
    empty(&mut bench, node, &story);
    for command in ["TelescopeOff", "TelescopeOn"] {
        bench.send(central, command, &Json::Null);
        bench.elapse(5 * DWELL);
        let completed = format!(r#"{command} [0, "Command Completed"]"#);
        assert_eq!(bench.result(central), completed, "{story:#?}");
    }
    let assign = bench.assign();
    bench.send(node, "AssignResources", &assign);
    bench.elapse(DWELL);
    let all: Vec<_> = devices
        .iter()
        .map(|name| {
            let statuses = bench.value(name, Attribute::LongRunningCommandStatus);
            let result = bench.value(name, Attribute::LongRunningCommandResult);
            let state = bench.telescope.status(name).unwrap().obs_state;
            format!("{name} {state:?}: {statuses}; {result}")
        })
        .collect();
    assert_eq!(bench.obs_state(node), ObsState::Idle, "{story:#?} {all:#?}");
    bench.elapse(11 * DWELL);
    for name in &devices {
        let statuses = bench.value(name, Attribute::LongRunningCommandStatus);
        assert_eq!(statuses, "", "{name} after {story:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_any_trouble_on_low() {
    for seed in 1..20 {
        let seed = seed * 0x9e37_79b9;
        run(
            &Preset::low(),
            "low-tmc/central-node/0",
            "low-tmc/subarray/01",
            seed,
        );
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_any_trouble_on_mid() {
    for seed in 1..20 {
        let seed = seed * 0x9e37_79b9;
        run(
            &Preset::mid(),
            "mid-tmc/central-node/0",
            "mid-tmc/subarray/01",
            seed,
        );
    }
}
