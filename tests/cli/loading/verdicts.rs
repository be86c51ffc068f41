//! What a load ends with: its code, and what it tells.

use std::fs;

use serde_json::Value as Json;

use super::call::{READING, load, load_in, report};
use crate::called::harness;
use crate::graph_and_sim::Sim;

#[test]
fn the_missions_loop_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let called = harness(&[
        "load",
        "examples/load.toml",
        "--report-dir",
        out.to_str().unwrap(),
    ]);
    let called = called.ended_with(0);
    assert!(called.out.contains("PASSED"), "{}", called.out);
    let report = report(&out.join("load.json"));
    assert_eq!(report["counts"]["done"], 40);
    assert_eq!(report["counts"]["failed"], 0);
    assert_eq!(report["violations"].as_array().unwrap().len(), 0);
    let states = &report["gauges"][0]["gauges"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()["states"];
    assert_eq!(states["EMPTY"], 8, "{states}");
    let page = fs::read_to_string(out.join("load.html")).unwrap();
    assert!(page.contains("create, start, stop, delete"));
}

#[test]
fn faults_of_an_open_load_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("open.json");
    let path_text = path.to_str().unwrap();
    let called = harness(&[
        "load",
        "examples/load_with_faults.toml",
        "--report",
        path_text,
    ]);
    called.ended_with(0);
    let report = report(&path);
    let faults = report["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 2, "{faults:?}");
    let inside = |it: &&Json| !it["fault"].is_null();
    let measurements = report["measurements"].as_array().unwrap();
    assert!(
        measurements.iter().any(|it| inside(&it)),
        "{measurements:?}"
    );
}

#[test]
fn kinds_of_networks_are_rows_that_compare() {
    let kinds = ["lan", "site-wan", "trans-oceanic", "3g"];
    let mut text = "name = 'kinds'\nmodel = 'open'\nusers = 20\nrate = 20\nlasting = '5s'\n\
        [[flow]]\nname = 'read'\nsteps = [{read = 'obsState'}]\n"
        .to_owned();
    for (number, kind) in kinds.iter().enumerate() {
        let at = number * 1200 + 100;
        text += &format!("[[fault]]\nwhat = '{kind}'\nat = '{at}ms'\nlasting = '700ms'\n");
    }
    let folder = tempfile::tempdir().unwrap();
    load_in(folder.path(), &text, &["--report", "r.json"]).ended_with(0);
    let report = report(&folder.path().join("r.json"));
    // from when each began: more than two slow ways apart
    let mean = |kind: &str| {
        let measurements = report["measurements"].as_array().unwrap().iter();
        let named = |it: &&Json| it["fault"].as_str().is_some_and(|it| it.contains(kind));
        let mut of_kind = measurements.filter(named).filter(|it| it["class"] == "ok");
        let service = &of_kind.next().expect(kind)["service"];
        let buckets = service["buckets"].as_array().unwrap().iter();
        let count: u64 = buckets.map(|it| it[1].as_u64().unwrap()).sum();
        service["sum"].as_u64().unwrap() / count
    };
    let means = kinds.map(mean);
    assert!(means.is_sorted(), "{means:?}");
}

#[test]
fn thresholds_and_a_baseline_decide() {
    load(&format!("thresholds = ['p95<1us']\n{READING}"), &[]).ended_with(1);
    let folder = tempfile::tempdir().unwrap();
    let text = |dwell: &str| {
        format!(
            "name = 'there and back'\nusers = 2\ncycles = 15\n\
             [telescope]\nsimulated = {{subarrays = 2, dwell = '{dwell}'}}\n\
             [[flow]]\nname = 'f'\nsteps = [{{command = 'AssignResources', until = 'IDLE', argument = {{resources = ['A']}}}}, \
             {{command = 'ReleaseAllResources', until = 'EMPTY'}}]\n"
        )
    };
    load_in(folder.path(), &text("2ms"), &["--report", "quick.json"]).ended_with(0);
    let slow = ["--baseline", "quick.json", "--noise", "50%"];
    let called = load_in(folder.path(), &text("60ms"), &slow).ended_with(1);
    assert!(called.out.contains("regressed"), "{}", called.out);
}

#[test]
fn a_load_that_measures_nothing_is_not_green() {
    let text = "name = 'n'\nusers = 1\nlasting = '1s'\nwarm-up = '900ms'\ngrace = '10ms'\n\
        [[flow]]\nname = 'f'\nsteps = [{read = 'obsState'}, '10s']\n";
    load(text, &[])
        .ended_with(3)
        .complains_of(&["nothing was measured"]);
}

#[test]
fn a_device_that_is_not_there_has_a_code_of_its_own() {
    let text = format!("{READING}[telescope]\ndevices = ['tango://127.0.0.1:9/a/b/c#dbase=no']\n");
    load(&text, &[])
        .ended_with(4)
        .complains_of(&["a/b/c", "next: "]);
}

/// Two users that do the same to one simulated subarray at the same time.
fn hammering(bug: &str) -> String {
    format!(
        "name = 'hammer'\nusers = 2\ncycles = 3\n\
         [telescope]\nsimulated = {{subarrays = 1, dwell = '300ms'{bug}}}\ngoes-home = false\n\
         [[flow]]\nname = 'both'\nsteps = [{{command = 'AssignResources', argument = {{resources = ['A']}}, \
         may-be-rejected = true}}, '1s', {{command = 'ReleaseAllResources', may-be-rejected = true}}, '1s']\n"
    )
}

#[test]
fn two_commands_that_are_both_accepted_are_found() {
    let called = load(&hammering(", bug = 'double-accept'"), &[]).ended_with(1);
    assert!(called.out.contains("accepted both"), "{}", called.out);
    let called = load(&hammering(""), &[]).ended_with(0);
    assert!(!called.out.contains("accepted both"), "{}", called.out);
}

#[test]
fn whole_telescopes_are_walked_over_with_ids_that_never_come_twice() {
    let walk = |preset: &str, walk: &str| {
        format!(
            "name = 'walks'\nusers = 1\ncycles = 6\n[telescope]\n\
             simulated = {{preset = '{preset}'}}\n[walk]\n{walk}"
        )
    };
    for preset in ["mid", "low"] {
        load(&walk(preset, ""), &[]).ended_with(0);
    }
    // the science data processor has another name for it
    load(&walk("sdp", ""), &[])
        .ended_with(2)
        .complains_of(&["has no command `ReleaseAllResources`, which the rules know"]);
}

#[test]
fn any_device_will_do_where_no_state_is_waited_for() {
    // the first one is the central node, which has no obsState
    let sim = Sim::with_devices(&["--preset", "mid"], 1);
    let text = format!(
        "{READING}[telescope]\ndevices = ['{}']\nrules = 'none'\n",
        sim.device(0)
    )
    .replace("obsState", "State");
    let called = load(&text, &[]).ended_with(0);
    assert!(
        called.out.contains("its states are not told"),
        "{}",
        called.out
    );
    let waits = text.replace("{read = 'State'}", "{wait = 'IDLE'}");
    let called = load(&waits, &[]).ended_with(1);
    assert!(called.out.contains("obsState"), "{}", called.out);
    let states = text.replace("rules = 'none'", "");
    load(&states, &[])
        .ended_with(4)
        .complains_of(&["rules = \"none\""]);
    sim.interrupt().ended_with(130);
}
