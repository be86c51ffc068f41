//! `harness load merge`: one report of those of all parts.

use std::path::Path;

use harness_explore::load::{LoadFile, LoadReport};

use super::{
    arguments::MergeArguments,
    files::{LoadFiles, baseline, read, reports_in},
    verdict,
};
use crate::{exit::Exit, output, problem::Problem};

/// Merges reports, judges the thresholds of all, and writes what came of it.
pub(super) fn merge(arguments: &MergeArguments) -> Result<Exit, Problem> {
    let mut reports = Vec::new();
    for path in &arguments.reports {
        for file in reports_in(path, &arguments.out).map_err(Problem::usage)? {
            reports.push(read(&file).map_err(Problem::usage)?);
        }
    }
    let baseline = baseline(&arguments.baseline, None)?;
    let count = reports.len();
    let mut merged = LoadReport::merge(reports).map_err(|error| {
        Problem::usage(error).advise("give what all parts of one load wrote, each once")
    })?;
    if !merged.plan.is_empty() {
        let plan = LoadFile::plan_of(Path::new("the plan of the reports"), &merged.plan);
        plan.map_err(Problem::usage)?.judge(&mut merged, None);
    }
    if let Some((baseline, noise)) = &baseline {
        merged.compare(baseline, *noise);
    }
    let files = LoadFiles::in_folder(&arguments.out);
    files.create()?;
    files.write(&merged)?;
    output::complain(format_args!("merged {count} reports"));
    Ok(verdict::tell(&merged))
}
