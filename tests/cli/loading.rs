//! `harness load`: files, exit codes, parts and what is left behind.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value as Json;

use crate::{
    called::{Called, command, harness, harness_in},
    graph_and_sim::{Sim, ask, interrupt},
};

/// Calls `harness load` with a file of this text in a folder.
fn load_in(folder: &Path, text: &str, arguments: &[&str]) -> Called {
    fs::write(folder.join("load.toml"), text).unwrap();
    harness_in(folder, &[&["load", "load.toml"], arguments].concat())
}

fn load(text: &str, arguments: &[&str]) -> Called {
    load_in(tempfile::tempdir().unwrap().path(), text, arguments)
}

fn report(path: &Path) -> Json {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A user that reads, on a simulated subarray.
const READING: &str = "name = 'reading'\nusers = 2\ncycles = 25\n\
    [[flow]]\nname = 'read'\nsteps = [{read = 'obsState'}]\n";

#[test]
fn help_tells_of_files_parts_and_codes() {
    let help = harness(&["load", "--help"]).ended_with(0).out;
    for word in [
        "FILE",
        "--shard",
        "--check",
        "merge",
        "Exit codes:",
        "  130  ",
    ] {
        assert!(help.contains(word), "`{word}` is not in:\n{help}");
    }
    let help = harness(&["load", "merge", "--help"]).ended_with(0).out;
    assert!(help.contains("--out"), "{help}");
    harness(&["load"]).ended_with(2).complains_of(&["<FILE>"]);
}

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
fn the_files_that_are_shown_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    let telescope = "name = 't'\n[roles]\nsubarray = 'low-tmc/subarray/{subarray:02}'\n";
    fs::write(folder.path().join("telescope.toml"), telescope).unwrap();
    fs::write(folder.path().join("users.jsonl"), "{\"beam\": \"A\"}\n").unwrap();
    let page = include_str!("../../docs/load.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    load_in(folder.path(), text, &["--check"]).ended_with(0);
    let manifest = include_str!("../../deploy/kubernetes/load-job.yaml");
    let (_, rest) = manifest.split_once("  load.toml: |\n").unwrap();
    let lines = rest
        .lines()
        .take_while(|it| it.is_empty() || it.starts_with("    "));
    let text: Vec<&str> = lines.map(|it| it.trim_start_matches("    ")).collect();
    load_in(folder.path(), &text.join("\n"), &["--check"]).ended_with(0);
}

#[test]
fn a_wrong_file_is_told_line_by_line_and_nothing_is_begun() {
    let text = "name = 'x'\nusers = 'many'\ncycles = 1\n[[flow]]\nname = 'f'\n\
        steps = [{command = 'Scan', until = 'REDY'}]\n[[fault]]\nwhat = 'network-dwn'\nat = '1s'\nlasting = '1s'\n";
    let folder = tempfile::tempdir().unwrap();
    load_in(folder.path(), text, &["--report", "r.json"])
        .ended_with(2)
        .complains_of(&[
            "error: load.toml:2:9: users: must be a whole number from 1 to 1000000, and is \"many\"",
            "\nload.toml:6:37: flow.steps.until: there is no obsState `REDY`; did you mean `READY`?",
            "\nload.toml:8:8: fault.what: there is no fault `network-dwn`; did you mean `network-down`?",
        ]);
    assert!(!folder.path().join("r.json").exists());
    harness(&["load", "absent.toml"])
        .ended_with(2)
        .complains_of(&["absent.toml:1:1: can't be read"]);
}

#[test]
fn what_can_not_be_used_is_bad_usage_before_anything_is_begun() {
    let device = "[telescope]\ndevices = ['tango://127.0.0.1:9/a/b/c#dbase=no']\n";
    let walk = "name = 'w'\nusers = 1\ncycles = 1\n[walk]\n";
    for (text, arguments, told) in [
        (
            READING,
            &["--report", "load.toml/r.json"][..],
            "load.toml/r.json can't be written",
        ),
        (
            READING,
            &["--baseline", "absent.json"],
            "can't read absent.json",
        ),
        (
            READING,
            &["--baseline", "load.toml"],
            "is no report of `harness load`",
        ),
        (READING, &["--noise", "10%"], "--noise is of --baseline"),
        (
            READING,
            &["--start-at", "2020-01-01T00:00:00Z"],
            "the start was to be at 2020-01-01",
        ),
        (READING, &["--start-at", "noon"], "2030-01-31T12:00:00Z"),
        (READING, &["--shard", "3/2"], "`3/2` is not a shard"),
        (
            READING,
            &["--stages", "many"],
            "`many`, is not TARGET, TIME",
        ),
        (
            &format!("{walk}{device}"),
            &[],
            "which commands may be sent",
        ),
        (
            &format!("{walk}commands = ['AssignResources']"),
            &[],
            "none of them on to EMPTY",
        ),
        (
            &format!("{READING}[telescope]\nfile = 't.toml'"),
            &[],
            "can not be read",
        ),
    ] {
        let called = load(text, arguments).ended_with(2);
        called.complains_of(&[told]);
    }
}

#[test]
fn a_check_says_what_would_be_done_and_connects_nothing() {
    let text = format!(
        "thresholds = ['p95<1s']\n{READING}[telescope]\ndevices = ['tango://127.0.0.1:9/a/b/c#dbase=no']\n\
         [[fault]]\nwhat = '3G'\nat = '1s'\nlasting = '2s'\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--check", "--users", "7", "--report", "r.json"];
    let out = load_in(folder.path(), &text, &arguments).ended_with(0).out;
    for word in [
        "closed, 7 users",
        "a/b/c",
        "flow read",
        "fault 3g: at 1s for 2s",
        "p95<1s",
    ] {
        assert!(out.contains(word), "`{word}` is not in:\n{out}");
    }
    assert!(!folder.path().join("r.json").exists());
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

/// A load that is begun, its output, and where its metrics are.
fn begun(
    folder: &Path,
    text: &str,
    arguments: &[&str],
) -> (Child, Lines<BufReader<ChildStdout>>, String) {
    fs::write(folder.join("load.toml"), text).unwrap();
    let mut process = command(
        folder,
        &[&["load", "load.toml", "--metrics", "0"], arguments].concat(),
    )
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let address = line.strip_prefix("METRICS=http://").unwrap();
    let address = address.strip_suffix("/metrics").unwrap().to_owned();
    (process, lines, address)
}

/// Waits until so many cycles are done.
fn await_cycles(address: &str, wanted: f64) {
    let begun = Instant::now();
    let done = |metrics: &str| {
        let family = "harness_load_cycles_total{result=\"done\"} ";
        let count = metrics.lines().find_map(|it| it.strip_prefix(family));
        count.is_some_and(|it| it.parse::<f64>().unwrap() >= wanted)
    };
    while !done(&ask(address, "GET", "/metrics", "")) {
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing is done");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn ctrl_c_ends_a_load_and_all_of_its_reports_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let text = READING.replace("cycles = 25", "lasting = '1h'\npause = '5ms'");
    let (process, lines, address) = begun(folder.path(), &text, &["--report-dir", "out"]);
    await_cycles(&address, 11.0);
    interrupt(&process);
    let told: Vec<String> = lines.map(Result::unwrap).collect();
    let called = Called::new(process.wait_with_output().unwrap()).ended_with(130);
    called.complains_of(&["Ctrl-C again ends at once"]);
    assert!(told.join("\n").contains("ended by Ctrl-C"), "{told:?}");
    let report = report(&folder.path().join("out/load.json"));
    assert!(report["counts"]["done"].as_u64().unwrap() > 10);
    assert_eq!(report["ended_early"], "ended by Ctrl-C or SIGTERM");
    assert!(
        folder
            .path()
            .join("out/load.html")
            .metadata()
            .unwrap()
            .len()
            > 1000
    );
}

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
fn a_load_that_never_begins_leaves_earlier_reports_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let gone = "tango://127.0.0.1:9/a/b/c#dbase=no";
    let text = format!("{READING}[telescope]\ndevices = ['{gone}']\n");
    fs::create_dir(folder.path().join("out")).unwrap();
    let old = folder.path().join("out/load.json");
    fs::write(&old, "what was measured before").unwrap();
    load_in(folder.path(), &text, &["--report-dir", "out"]).ended_with(4);
    assert_eq!(
        fs::read_to_string(&old).unwrap(),
        "what was measured before"
    );
    assert!(!folder.path().join("out/load.html").exists());
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

#[test]
fn ctrl_c_ends_the_wait_for_devices_at_the_end_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    // it ends in IDLE, from where nobody brings it home: that is waited for for ten seconds
    let text = "name = 'away'\nusers = 1\ncycles = 1\n[telescope]\nsimulated = {}\n\
         [[flow]]\nname = 'away'\nsteps = [{command = 'AssignResources', \
         argument = {resources = ['A']}, until = 'IDLE'}]\n";
    let (process, lines, address) = begun(folder.path(), text, &["--report", "r.json"]);
    await_cycles(&address, 1.0);
    interrupt(&process);
    let told: Vec<String> = lines.map(Result::unwrap).collect();
    Called::new(process.wait_with_output().unwrap()).ended_with(130);
    let told = told.join(" ");
    assert!(
        told.contains("note: it was not waited for devices"),
        "{told}"
    );
    let report = report(&folder.path().join("r.json"));
    assert_eq!(report["counts"]["done"], 1);
    assert_eq!(report["violations"], serde_json::json!([]));
}
