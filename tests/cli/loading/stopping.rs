//! Loads that are stopped, or never begin, and their reports.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use super::call::{READING, load_in, report};
use crate::called::{Called, command};
use crate::graph_and_sim::{ask, interrupt};

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
    assert_eq!(report["ended_early"], "ended by Ctrl-C or SIGTERM");
    assert_eq!(report["violations"], serde_json::json!([]));
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
