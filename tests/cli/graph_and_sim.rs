//! `harness graph` and `harness sim`.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::called::{Called, command, harness};

#[test]
fn the_graph_is_drawn_in_both_languages() {
    let dot = harness(&["graph", "--format", "dot"]).ended_with(0).out;
    assert!(dot.starts_with("digraph"), "{dot}");
    assert!(dot.contains("AssignResources"), "{dot}");
    let mermaid = harness(&["graph", "--format", "mermaid"]).ended_with(0).out;
    assert!(
        mermaid.starts_with("stateDiagram") || mermaid.starts_with("flowchart"),
        "{mermaid}"
    );
    assert!(mermaid.contains("Configure"), "{mermaid}");
}

#[test]
fn a_reader_that_has_enough_does_no_harm() {
    let mut child = command(Path::new("."), &["graph"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_telescope_is_served_to_another_process_until_ctrl_c() {
    let sim = Sim::start(&["--subarrays", "2", "--dwell", "0.02"]);
    assert_eq!(sim.devices, ["low-tmc/subarray/01", "low-tmc/subarray/02"]);
    let reached = harness(&["reach", "READY", "--device", &sim.device(1)])
        .ended_with(0)
        .out;
    assert!(reached.contains("READY"), "{reached}");
    let called = sim.interrupt().ended_with(130);
    called.complains_of(&["until Ctrl-C"]);
}

#[test]
fn a_bug_can_be_planted_by_its_name_and_an_unknown_one_is_told_with_those_there_are() {
    let sim = Sim::start(&[
        "--subarrays",
        "2",
        "--dwell",
        "0.02",
        "--bug",
        "stuck-transient",
    ]);
    let device = sim.device(1);
    // the third Configure since EMPTY gets stuck
    for _ in 0..2 {
        harness(&["reach", "READY", "--device", &device]).ended_with(0);
        harness(&["reach", "IDLE", "--device", &device]).ended_with(0);
    }
    harness(&["reach", "READY", "--device", &device, "--timeout", "1"])
        .ended_with(1)
        .complains_of(&["CONFIGURING"]);
    sim.interrupt()
        .ended_with(130)
        .complains_of(&["all subarrays have bugs: stuck-transient"]);
    harness(&["sim", "--bug", "stuck"])
        .ended_with(2)
        .complains_of(&["there is no bug", "stuck-transient"]);
}

#[test]
fn a_whole_telescope_is_served_and_can_be_reached() {
    let sim = Sim::with_devices(&["--preset", "low", "--dwell", "0.02"], 21);
    assert_eq!(sim.devices[0], "low-tmc/central-node/0");
    assert_eq!(sim.devices[1], "low-tmc/subarray/01");
    let reached = harness(&["reach", "READY", "--device", &sim.device(1)])
        .ended_with(0)
        .out;
    assert!(reached.contains("READY"), "{reached}");
    sim.interrupt().ended_with(130);
}

#[test]
fn a_telescope_of_a_file_is_served_with_its_own_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let text = "name = \"mine\"\ntelescope = \"low\"\ndwell = 0.01\n[roles]\n\
                subarray = \"mine/node/{subarray}\"\ncsp_subarray = \"mine/csp/{subarray}\"\n\
                [commands]\ncsp_subarray = \"cbf\"\n";
    fs::write(&path, text).unwrap();
    let sim = Sim::with_devices(&["--preset", path.to_str().unwrap()], 2);
    assert_eq!(sim.devices, ["mine/node/1", "mine/csp/1"]);
    harness(&["reach", "READY", "--device", &sim.device(0)]).ended_with(0);
    sim.interrupt().ended_with(130);
}

#[test]
fn a_preset_that_is_none_is_a_usage_error_that_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, "name = \"x\"\ntelescope = \"hihg\"\n[roles]\n").unwrap();
    harness(&["sim", "--preset", path.to_str().unwrap()])
        .ended_with(2)
        .complains_of(&["mine.toml", "line 2", "known: low, mid"]);
    harness(&["sim", "--preset", "hihg"])
        .ended_with(2)
        .complains_of(&["hihg", "cannot be read", "low, mid"]);
}

#[test]
fn a_telescope_is_controlled_over_http_until_ctrl_c() {
    let arguments = ["--subarrays", "1", "--http", "0", "--manual-clock"];
    let sim = Sim::with_devices(&arguments, 2);
    let url = sim.devices[0].strip_prefix("HTTP=http://").unwrap();
    let address = url.strip_suffix('/').unwrap();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    assert_eq!(sim.devices[1], "low-tmc/subarray/01");
    let answer = ask(address, "GET", "/devices", "");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("low-tmc/subarray/01"), "{answer}");
    let body = r#"{"seconds": 600}"#;
    let answer = ask(address, "POST", "/state-manager/advance", body);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    sim.interrupt().ended_with(130);
}

#[test]
fn a_token_that_is_made_is_printed_and_one_that_is_given_is_not() {
    let everywhere = ["--subarrays", "1", "--http", "0", "--http-bind", "0.0.0.0"];
    let sim = Sim::with_devices(&everywhere, 2);
    let made = sim.devices[1]
        .strip_prefix("HARNESS_HTTP_TOKEN=")
        .unwrap()
        .to_owned();
    let port = sim.devices[0]
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .unwrap();
    let answer = ask(&format!("127.0.0.1:{port}"), "GET", "/devices", "");
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let page = format!("/#{made}");
    sim.interrupt().ended_with(130).complains_of(&[&page]);

    let given = [&everywhere[..], &["--http-token", "beam-42"]].concat();
    let sim = Sim::with_devices(&given, 2);
    assert_eq!(sim.devices[1], "low-tmc/subarray/01");
    let called = sim.interrupt().ended_with(130);
    assert!(!called.err.contains("beam-42"), "{}", called.err);
}

#[test]
fn options_of_http_that_cannot_be_used_are_told() {
    harness(&["sim", "--manual-clock"])
        .ended_with(2)
        .complains_of(&["--http"]);
    harness(&["sim", "--http-token", "x"])
        .ended_with(2)
        .complains_of(&["--http"]);
    harness(&["sim", "--http", "0", "--http-token", "two words"])
        .ended_with(2)
        .complains_of(&["error: ", "the token cannot be used"]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    harness(&["sim", "--http", &port])
        .ended_with(1)
        .complains_of(&["error: ", &port, "next: ", "--http 0"]);
}

#[test]
fn too_little_time_is_a_failure_that_explains_itself() {
    let sim = Sim::start(&["--subarrays", "1", "--dwell", "60"]);
    harness(&[
        "reach",
        "READY",
        "--device",
        &sim.device(0),
        "--timeout",
        "0.5",
    ])
    .ended_with(1)
    .complains_of(&["error: ", "RESOURCING", "next: ", "--timeout"]);
    sim.interrupt().ended_with(130);
}

#[test]
fn a_run_that_is_interrupted_puts_the_telescope_back() {
    puts_the_telescope_back_at("-INT");
}

#[test]
fn a_run_that_is_terminated_puts_the_telescope_back() {
    puts_the_telescope_back_at("-TERM");
}

fn puts_the_telescope_back_at(sent: &str) {
    let sim = Sim::start(&["--subarrays", "1", "--dwell", "1"]);
    let folder = tempfile::tempdir().unwrap();
    let telescope = format!(
        "name = \"t\"\ntango_host = \"{}\"\n[roles]\nsubarray = \"{}\"\n",
        sim.host, sim.devices[0]
    );
    fs::write(folder.path().join("t.toml"), telescope).unwrap();
    let feature = "Feature: f\n  Scenario: s\n    Given subarray 1 is in obsState SCANNING\n";
    fs::write(folder.path().join("f.feature"), feature).unwrap();
    let arguments = [
        "run",
        "f.feature",
        "--telescope",
        "t.toml",
        "--journal",
        "run.jsonl",
    ];
    let mut run = command(folder.path(), &arguments);
    let run = run
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();

    // In the middle of the way: the first command is under way, which takes a second.
    let journal = folder.path().join("run.jsonl");
    wait_for(|| fs::read_to_string(&journal).is_ok_and(|text| text.contains("RESOURCING")));
    signal(&run, sent);
    let called = Called::new(run.wait_with_output().unwrap()).ended_with(130);
    called.complains_of(&["putting the telescope back"]);
    assert!(
        called.out.contains("1 scenario: 1 stopped;"),
        "{}",
        called.out
    );

    let plan = harness(&["reach", "EMPTY", "--device", &sim.device(0), "--dry-run"]).ended_with(0);
    assert!(
        plan.out.contains("EMPTY") && !plan.out.contains("->"),
        "{}",
        plan.out
    );
    sim.interrupt().ended_with(130);
}

#[test]
fn a_way_that_is_interrupted_tells_where_it_stopped() {
    let sim = Sim::start(&["--subarrays", "1", "--dwell", "60"]);
    let device = sim.device(0);
    let mut reach = command(Path::new("."), &["reach", "READY", "--device", &device]);
    let reach = reach
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // In the middle of the way: RESOURCING lasts a minute here.
    wait_for(|| {
        harness(&["reach", "EMPTY", "--device", &device, "--dry-run"])
            .out
            .contains("RESOURCING")
    });
    interrupt(&reach);
    let called = Called::new(reach.wait_with_output().unwrap()).ended_with(130);
    called.complains_of(&[
        "subarray 1: cancelled on the way from EMPTY to READY",
        "during AssignResources (EMPTY -> IDLE)",
        "AssignResources to ",
        "was sent",
        "the state is RESOURCING now",
    ]);
    sim.interrupt().ended_with(130);
}

/// `harness sim` in a process of its own.
pub(crate) struct Sim {
    process: Child,
    host: String,
    devices: Vec<String>,
}

impl Sim {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let count = arguments[1].parse().unwrap();
        Self::with_devices(arguments, count)
    }

    pub(crate) fn with_devices(arguments: &[&str], count: usize) -> Self {
        let mut process = command(Path::new("."), &["sim"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        let host = lines
            .next()
            .unwrap()
            .strip_prefix("TANGO_HOST=")
            .unwrap()
            .to_owned();
        let devices = lines.by_ref().take(count).collect();
        Self {
            process,
            host,
            devices,
        }
    }

    /// The full name of a device.
    pub(crate) fn device(&self, index: usize) -> String {
        format!("tango://{}/{}", self.host, self.devices[index])
    }

    pub(crate) fn interrupt(self) -> Called {
        interrupt(&self.process);
        Called::new(self.process.wait_with_output().unwrap())
    }
}

/// Asks once over HTTP.
pub(crate) fn ask(address: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Ctrl-C, as the terminal would send it.
pub(crate) fn interrupt(process: &Child) {
    signal(process, "-INT");
}

fn signal(process: &Child, signal: &str) {
    let id = process.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &id])
            .status()
            .unwrap()
            .success()
    );
}

/// Polls, as the condition is in another process; gives up after 20 s.
fn wait_for(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "it did not happen within 20 s");
        std::thread::sleep(Duration::from_millis(10));
    }
}
