//! What is written into files.

use std::path::Path;

use serde::Serialize;

use crate::{
    exit::Exit,
    problem::Problem,
    written_file::{can_be_written, write},
};

/// Whether those of these files that are wanted can be written.
pub(super) fn can_be_kept<'a>(
    paths: impl IntoIterator<Item = Option<&'a Path>>,
) -> Result<(), Problem> {
    can_be_written(paths.into_iter().flatten())
}

/// Writes a report as JSON, if that is wanted.
pub(super) fn report(path: Option<&Path>, report: &impl Serialize) -> Result<(), Problem> {
    let Some(path) = path else {
        return Ok(());
    };
    let text =
        serde_json::to_string_pretty(report).map_err(|error| Problem::new(Exit::Failed, error))?;
    write(path, &text)
}
