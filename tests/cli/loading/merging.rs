//! Parts of a load, and `harness load merge`.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;

use serde_json::Value as Json;

use super::call::{READING, load_in, report};
use crate::called::{Called, command, harness_in};
use crate::graph_and_sim::Sim;

/// How often each thing was done, and its latencies: by action and class, all phases and states together.
fn counted(reports: &[Json]) -> BTreeMap<String, BTreeMap<u64, u64>> {
    let mut all: BTreeMap<String, BTreeMap<u64, u64>> = BTreeMap::new();
    for measurement in reports
        .iter()
        .flat_map(|it| it["measurements"].as_array().unwrap())
    {
        let key = format!("{} {}", measurement["action"], measurement["class"]);
        let cell = all.entry(key).or_default();
        for bucket in measurement["latency"]["buckets"].as_array().unwrap() {
            *cell.entry(bucket[0].as_u64().unwrap()).or_default() += bucket[1].as_u64().unwrap();
        }
    }
    all
}

fn totals(report: &Json) -> BTreeMap<String, u64> {
    let all = counted(std::slice::from_ref(report)).into_iter();
    all.map(|(key, cell)| (key, cell.values().sum())).collect()
}

#[test]
fn the_parts_of_a_load_in_processes_of_their_own_merge_to_the_whole() {
    let sim = Sim::start(&["--subarrays", "6", "--dwell", "0.005"]);
    let devices: Vec<String> = (0..6).map(|it| format!("'{}'", sim.device(it))).collect();
    let text = format!(
        "name = 'parts'\nusers = 6\ncycles = 5\npause = '1ms'\nthresholds = ['count>=150', 'violations<=0']\n\
         [telescope]\ndevices = [{}]\nrules = 'ska-tango-base'\n\
         [[flow]]\nname = 'loop'\nsteps = [{{read = 'obsState', expect = 'EMPTY'}}, \
         {{command = 'AssignResources', argument = {{resources = ['A']}}, until = 'IDLE'}}, \
         {{command = 'ReleaseAllResources', until = 'EMPTY'}}]\n",
        devices.join(", ")
    );
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("load.toml"), &text).unwrap();
    let started: Vec<_> = (1..=3)
        .map(|number| {
            let (shard, out) = (format!("{number}/3"), format!("parts/{number}"));
            let arguments = ["load", "load.toml", "--shard", &shard, "--report-dir", &out];
            let mut part = command(folder.path(), &arguments);
            part.stdout(Stdio::piped()).stderr(Stdio::piped());
            part.spawn().unwrap()
        })
        .collect();
    for part in started {
        Called::new(part.wait_with_output().unwrap()).ended_with(0);
    }
    let merging = ["load", "merge", "parts", "--out", "parts/all"];
    let called = harness_in(folder.path(), &merging).ended_with(0);
    assert!(called.out.contains("count>=150"), "{}", called.out);
    let whole = load_in(folder.path(), &text, &["--report", "whole.json"]);
    whole.ended_with(0);

    let part = |number: u32| report(&folder.path().join(format!("parts/{number}/load.json")));
    let parts = [1, 2, 3].map(part);
    let merged = report(&folder.path().join("parts/all/load.json"));
    let whole = report(&folder.path().join("whole.json"));
    for counts in [&merged["counts"], &whole["counts"]] {
        let of = |key: &str| counts[key].as_u64().unwrap();
        assert_eq!(
            (of("started"), of("done"), of("failed")),
            (30, 30, 0),
            "{counts}"
        );
        // of four in each cycle, each heard by one part only
        assert_eq!(of("transitions"), 120, "{counts}");
    }
    assert_eq!(merged["shards"], serde_json::json!(["1/3", "2/3", "3/3"]));
    // the same was done as by one process, and every latency of each part is in the whole
    assert_eq!(totals(&merged), totals(&whole));
    assert_eq!(totals(&merged).values().sum::<u64>(), 150);
    assert_eq!(counted(&[merged]), counted(&parts));
    // merged again, folders and all, what was merged before is left out
    harness_in(folder.path(), &merging).ended_with(0);
    sim.interrupt().ended_with(130);
}

#[test]
fn what_can_not_be_merged_is_told() {
    let folder = tempfile::tempdir().unwrap();
    load_in(
        folder.path(),
        READING,
        &["--shard", "1/2", "--report", "one.json"],
    )
    .ended_with(0);
    load_in(
        folder.path(),
        READING,
        &["--shard", "2/2", "--seed", "9", "--report", "other.json"],
    )
    .ended_with(0);
    fs::write(folder.path().join("cut.json"), "").unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    for (reports, told) in [
        (&["one.json"][..], "of 2 parts 2 is missing"),
        (&["one.json", "one.json"], "part 1/2 is there twice"),
        (&["one.json", "other.json"], "of different loads"),
        (
            &["cut.json"],
            "cut.json is no report of `harness load`, or that load was cut off",
        ),
        (&["empty"], "there is no load.json in empty"),
        (&["absent.json"], "can't read absent.json"),
    ] {
        let arguments = [&["load", "merge"], reports, &["--out", "out"]].concat();
        harness_in(folder.path(), &arguments)
            .ended_with(2)
            .complains_of(&[told]);
    }
}

#[test]
fn merging_does_not_write_over_one_of_the_reports() {
    let folder = tempfile::tempdir().unwrap();
    load_in(folder.path(), READING, &["--report-dir", "out"]).ended_with(0);
    let before = fs::read(folder.path().join("out/load.json")).unwrap();
    harness_in(
        folder.path(),
        &["load", "merge", "out/load.json", "--out", "out"],
    )
    .ended_with(2)
    .complains_of(&["would be written over"]);
    assert_eq!(
        fs::read(folder.path().join("out/load.json")).unwrap(),
        before
    );
    let left: Vec<_> = fs::read_dir(folder.path().join("out")).unwrap().collect();
    assert_eq!(left.len(), 2, "nothing half written is left: {left:?}");
}
