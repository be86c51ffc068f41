//! `harness load merge`: one report of those of all parts.

use std::path::Path;

use harness_explore::load::{LoadFile, LoadReport};

use super::{
    arguments::MergeArguments,
    files::{LoadFiles, REPORT, baseline, read},
    verdict,
};
use crate::{exit::Exit, output, problem::Problem, report_folder::reports_in};

/// Merges reports, judges the thresholds of all, and writes what came of it.
pub(super) fn merge(arguments: &MergeArguments) -> Result<Exit, Problem> {
    let mut reports = Vec::new();
    let written = arguments.out.join(REPORT).canonicalize().ok();
    for path in &arguments.reports {
        for file in reports_in(path, REPORT, &arguments.out).map_err(Problem::usage)? {
            if written.is_some() && file.canonicalize().ok() == written {
                let words = format!(
                    "{} is one of the reports, and would be written over",
                    file.display()
                );
                return Err(Problem::usage(words).advise("give another folder with --out"));
            }
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
    files.can_be_written()?;
    files.write(&merged)?;
    output::complain(format_args!("merged {count} reports"));
    Ok(verdict::tell(&merged))
}
