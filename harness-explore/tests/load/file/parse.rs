//! Files as these tests have them: what they may name, and what is made of them.

use std::path::Path;

use harness_explore::load::{FaultName, KnownNames, LoadFile};

pub(super) fn names() -> KnownNames {
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let fault = |name: &str, simulated_only| FaultName {
        name: name.to_owned(),
        simulated_only,
    };
    KnownNames {
        faults: vec![fault("network-down", false), fault("silence", true)],
        bugs: words(&["double-accept", "leak"]),
        presets: words(&["low", "mid"]),
        rules: ["tmc", "ska-tango-base"]
            .map(|it| (it.to_owned(), words(&["AssignResources", "Abort"])))
            .to_vec(),
        states: words(&["EMPTY", "IDLE", "READY"]),
    }
}

pub(super) fn read(text: &str) -> LoadFile {
    LoadFile::parse(Path::new("load.toml"), text, &names()).unwrap()
}

/// All that is wrong, a line each, without the name of the file.
pub(super) fn wrong(text: &str) -> Vec<String> {
    let error = LoadFile::parse(Path::new("load.toml"), text, &names()).unwrap_err();
    let told = error.to_string();
    let lines = told.lines();
    lines
        .map(|it| it.strip_prefix("load.toml:").unwrap().to_owned())
        .collect()
}

/// Something that users do, where it is something else that matters.
pub(super) const FLOW: &str = "[[flow]]\nname = 'f'\nsteps = [{read = 'obsState'}]\n";
