//! `--via`, of `harness run` and `harness reach`.

use crate::called::harness;

#[test]
fn the_usual_way_can_be_named() {
    let called = harness(&["reach", "IDLE", "--via", "wire"]).ended_with(0);
    assert!(called.out.contains("IDLE"), "{}", called.out);
    assert!(!called.err.contains("cppTango"), "{}", called.err);
}

#[cfg(not(feature = "tango-rs"))]
#[test]
fn a_way_that_the_command_was_built_without_is_told_with_how_to_build_it() {
    for arguments in [
        &["run", "--via", "tango-rs"][..],
        &["run", "--via", "tango-rs", "--list"],
        &["reach", "IDLE", "--via", "tango-rs"],
    ] {
        let called = harness(arguments).ended_with(2);
        called.complains_of(&[
            "error: --via tango-rs: this harness was built without tango-rs",
            "cargo build --release --features tango-rs",
            "libtango-dev, g++ and pkg-config",
        ]);
        assert_eq!(called.out, "");
    }
}

#[cfg(feature = "tango-rs")]
mod tango_rs {
    use std::fs;

    use crate::called::{harness, harness_in};

    #[test]
    fn the_way_is_told_on_the_terminal_and_in_the_journal() {
        let folder = tempfile::tempdir().unwrap();
        let text = "Feature: f\n  Scenario: s\n    Given subarray 1 is in obsState IDLE\n";
        fs::write(folder.path().join("f.feature"), text).unwrap();
        let arguments = [
            "run",
            "f.feature",
            "--via",
            "tango-rs",
            "--journal",
            "j.jsonl",
        ];
        let called = harness_in(folder.path(), &arguments).ended_with(0);
        called.complains_of(&["calls go through tango-rs (cppTango)", "docs/backends.md"]);
        let journal = fs::read_to_string(folder.path().join("j.jsonl")).unwrap();
        assert!(
            journal.contains("calls go through tango-rs (cppTango)"),
            "{journal}"
        );
    }

    #[test]
    fn a_state_is_reached() {
        let called = harness(&["reach", "READY", "--via", "tango-rs"]).ended_with(0);
        assert!(called.out.contains("READY"), "{}", called.out);
    }

    #[test]
    fn lines_about_the_network_are_left_out_by_their_tag_and_refused_without_it() {
        let folder = tempfile::tempdir().unwrap();
        let scenario = "Scenario: s\n    When all connections to subarray 1 are reset\n";
        for (tag, code) in [("@network", 3), ("@other", 2)] {
            let text = format!("Feature: f\n  {tag}\n  {scenario}");
            fs::write(folder.path().join("f.feature"), text).unwrap();
            let arguments = ["run", "f.feature", "--via", "tango-rs"];
            let called = harness_in(folder.path(), &arguments).ended_with(code);
            assert!(
                called.out.contains("cppTango goes past gates") == (code == 3),
                "{}",
                called.out
            );
            if code == 2 {
                called.complains_of(&["goes past gates", "@network"]);
            }
        }
    }
}
