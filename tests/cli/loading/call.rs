//! Calls of `harness load`, and what they leave.

use std::fs;
use std::path::Path;

use crate::called::{Called, harness_in};
use serde_json::Value as Json;

/// Calls `harness load` with a file of this text in a folder.
pub(super) fn load_in(folder: &Path, text: &str, arguments: &[&str]) -> Called {
    fs::write(folder.join("load.toml"), text).unwrap();
    harness_in(folder, &[&["load", "load.toml"], arguments].concat())
}

pub(super) fn load(text: &str, arguments: &[&str]) -> Called {
    load_in(tempfile::tempdir().unwrap().path(), text, arguments)
}

pub(super) fn report(path: &Path) -> Json {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A user that reads, on a simulated subarray.
pub(super) const READING: &str = "name = 'reading'\nusers = 2\ncycles = 25\n\
    [[flow]]\nname = 'read'\nsteps = [{read = 'obsState'}]\n";
