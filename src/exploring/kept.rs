//! What is written into files.

use std::{fs, path::Path};

use serde::Serialize;

use crate::{exit::Exit, problem::Problem};

/// Writes a report as JSON, if that is wanted.
pub(super) fn report(path: Option<&Path>, report: &impl Serialize) -> Result<(), Problem> {
    let Some(path) = path else {
        return Ok(());
    };
    let text =
        serde_json::to_string_pretty(report).map_err(|error| Problem::new(Exit::Failed, error))?;
    file(path, &text)
}

/// Writes a file.
pub(super) fn file(path: &Path, text: &str) -> Result<(), Problem> {
    fs::write(path, text).map_err(|error| {
        let words = format!("{} can't be written: {error}", path.display());
        Problem::new(Exit::Failed, words)
    })
}
