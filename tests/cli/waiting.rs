//! What a wait for a silent device looks like.

use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

use crate::called::{Called, harness};

/// A device that takes connections and never says a word.
struct Silent(TcpListener);

impl Silent {
    fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    fn name(&self) -> String {
        let port = self.0.local_addr().unwrap().port();
        format!("tango://127.0.0.1:{port}/low-tmc/subarray/01#dbase=no")
    }
}

#[test]
fn a_silent_device_is_told_after_a_second_also_where_there_is_no_terminal() {
    let silent = Silent::new();
    let called = harness(&["reach", "READY", "--device", &silent.name()]).ended_with(4);
    called.complains_of(&["seconds left for ", "low-tmc/subarray/01", "to answer\n"]);
    // after its first second and every ten, not every second
    assert_eq!(called.err.matches("left for").count(), 1, "{}", called.err);
}

#[test]
#[cfg(target_os = "linux")]
fn the_status_line_counts_down_what_a_silent_device_has_left() {
    let silent = Silent::new();
    let command = format!(
        "exec '{}' reach READY --device '{}'",
        env!("CARGO_BIN_EXE_harness"),
        silent.name()
    );
    // util-linux's `script` gives it a pseudo-terminal
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env_remove("TANGO_HOST")
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let called = Called::new(output).ended_with(4);
    let drawn = called.out.replace('\u{1b}', "");
    for told in [
        "connecting the telescope | 9 seconds left for tango://127.0.0.1:",
        "connecting the telescope | 8 seconds left for tango://127.0.0.1:",
    ] {
        assert!(drawn.contains(told), "no {told:?} in\n{drawn}");
    }
}
