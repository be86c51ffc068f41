//! `harness gate`.

use std::{
    fs,
    io::{BufRead as _, BufReader, Lines, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::called::{Called, command, harness};

#[test]
fn a_gate_passes_on_and_is_controlled_until_ctrl_c() {
    let upstream = echo();
    let mut gate = RunningGate::start(&["--upstream", &upstream, "--seed", "7", "--control", "0"]);
    let address = gate.told("GATE=");
    assert_eq!(gate.told("SEED="), "7");
    let control = gate.told("CONTROL=http://");
    assert!(control.starts_with("127.0.0.1:"), "{control}");
    let mut client = TcpStream::connect(&address).unwrap();
    assert!(time(&mut client) < Duration::from_millis(300));
    let toxic = r#"{"type": "latency", "attributes": {"latency": 300}}"#;
    let answer = ask(&control, "POST", "/proxies/gate/toxics", toxic);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(time(&mut client) >= Duration::from_millis(300));
    let answer = ask(&control, "POST", "/reset", "");
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    assert!(time(&mut client) < Duration::from_millis(300));
    let called = gate.interrupt().ended_with(130);
    let leads = format!("gate: {address} leads to {upstream}");
    called.complains_of(&[&leads, "until Ctrl-C"]);
    assert!(TcpStream::connect(&address).is_err());
}

#[test]
fn gates_of_a_file_are_opened_with_their_toxics() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gates.json");
    let upstream = echo();
    let toxic = r#"{"type": "limit_data", "attributes": {"bytes": 2}}"#;
    let list = format!(
        r#"[{{"name": "one", "upstream": "{upstream}"}},
            {{"name": "two", "upstream": "{upstream}", "toxics": [{toxic}]}}]"#
    );
    fs::write(&file, list).unwrap();
    let mut gate = RunningGate::start(&["--config", file.to_str().unwrap()]);
    let (one, two) = (gate.told("GATE="), gate.told("GATE="));
    time(&mut TcpStream::connect(one).unwrap());
    let mut client = TcpStream::connect(two).unwrap();
    client.write_all(b"1234").unwrap();
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"12");
    // another seed each time, which is told
    assert!(gate.told("SEED=").parse::<u64>().is_ok());
    gate.interrupt().ended_with(130);
}

#[test]
fn a_token_is_made_beyond_this_machine_and_printed() {
    let everywhere = ["--control", "0", "--control-bind", "0.0.0.0"];
    let mut gate = RunningGate::start(&everywhere);
    gate.told("SEED=");
    let control = gate.told("CONTROL=http://");
    let token = gate.told("HARNESS_HTTP_TOKEN=");
    assert!(token.len() >= 32, "{token}");
    let port = control.rsplit(':').next().unwrap();
    let answer = ask(&format!("127.0.0.1:{port}"), "GET", "/proxies", "");
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    gate.interrupt().ended_with(130);
}

#[test]
fn a_port_that_is_taken_is_a_failure_that_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let (listen, port) = (address.to_string(), address.port().to_string());
    harness(&["gate", "--listen", &listen, "--upstream", "127.0.0.1:1"])
        .ended_with(1)
        .complains_of(&["error: ", &listen, "in use", "next: "]);
    harness(&["gate", "--upstream", "127.0.0.1:1", "--control", &port])
        .ended_with(1)
        .complains_of(&["error: ", &port, "in use", "next: "]);
}

#[test]
fn what_cannot_be_understood_is_a_usage_error() {
    harness(&["gate"])
        .ended_with(2)
        .complains_of(&["--upstream"]);
    harness(&["gate", "--listen", "127.0.0.1:0", "--control", "0"])
        .ended_with(2)
        .complains_of(&["--upstream"]);
    harness(&["gate", "--upstream", "127.0.0.1:1", "--control-token", "x"])
        .ended_with(2)
        .complains_of(&["--control"]);
    harness(&["gate", "--upstream", "nowhere"])
        .ended_with(2)
        .complains_of(&["error: ", "nowhere is no address to connect to"]);
    harness(&["gate", "--upstream", "127.0.0.1:1", "--listen", "x"])
        .ended_with(2)
        .complains_of(&["error: ", "x is no address to listen on"]);
    harness(&["gate", "--control", "0", "--control-token", "two words"])
        .ended_with(2)
        .complains_of(&["error: ", "the token cannot be used"]);
    harness(&["gate", "--config", "/nowhere/gates.json"])
        .ended_with(2)
        .complains_of(&["error: ", "/nowhere/gates.json cannot be read"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gates.json");
    for (list, words) in [
        ("{", "bad request body"),
        (
            "[{\"name\": \"x\"}]",
            "missing required field: upstream at proxy 1",
        ),
    ] {
        fs::write(&file, list).unwrap();
        harness(&["gate", "--config", file.to_str().unwrap()])
            .ended_with(2)
            .complains_of(&["error: ", "gates.json", words]);
    }
}

/// `harness gate` in a process of its own.
struct RunningGate {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl RunningGate {
    fn start(arguments: &[&str]) -> Self {
        let mut process = command(Path::new("."), &["gate"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    /// What the next line tells behind these words.
    fn told(&mut self, words: &str) -> String {
        let line = self.lines.next().unwrap().unwrap();
        let told = line.strip_prefix(words);
        told.unwrap_or_else(|| panic!("{line}")).to_owned()
    }

    fn interrupt(self) -> Called {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.unwrap().success());
        Called::new(self.process.wait_with_output().unwrap())
    }
}

/// A server that sends back what comes.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut writes = stream.try_clone().unwrap();
                std::io::copy(&mut stream, &mut writes)
            });
        }
    });
    address.to_string()
}

/// How long an echo takes.
fn time(client: &mut TcpStream) -> Duration {
    let start = Instant::now();
    client.write_all(b"echo").unwrap();
    let mut octets = [0; 4];
    client.read_exact(&mut octets).unwrap();
    assert_eq!(&octets, b"echo");
    start.elapsed()
}

/// Asks once over HTTP.
fn ask(address: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
