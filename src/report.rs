//! `harness report`: works with the reports of runs.

use std::{fs, io, path::PathBuf};

use harness_bdd::{
    ErrorChain,
    report::{REPORT_SCHEMA, ReportFiles, RunReport, RunVerdict, ScenarioClass, merge},
};

use crate::{
    arguments::{MergeArguments, ReportVerb},
    exit::Exit,
    output,
    problem::Problem,
    report_folder::reports_in,
};

/// A report can't be read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error("can't read {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(
        "{} is no report of `harness run`, or that run was cut off",
        path.display()
    )]
    NoReport {
        path: PathBuf,
        #[source]
        source: serde_json::Error,
    },
    #[error(
        "{} has schema {found}, and this harness knows {REPORT_SCHEMA}; use a newer one",
        path.display()
    )]
    Newer { path: PathBuf, found: u64 },
}

/// Does with reports what the command line says.
pub(crate) fn report(verb: ReportVerb) -> Result<Exit, Problem> {
    match verb {
        ReportVerb::Merge(arguments) => merge_reports(&arguments),
    }
}

fn merge_reports(arguments: &MergeArguments) -> Result<Exit, Problem> {
    let (mut reports, mut broken) = (Vec::new(), Vec::new());
    for path in &arguments.reports {
        let files = reports_in(path, ReportFiles::REPORT, &arguments.out);
        for file in files.map_err(Problem::usage)? {
            match read(file) {
                Ok(report) => reports.push(report),
                // Of a run that was killed; the others are worth looking at.
                Err(error @ ReadError::NoReport { .. }) => broken.push(error),
                Err(error) => return Err(Problem::usage(error)),
            }
        }
    }
    if reports.is_empty() && !broken.is_empty() {
        return Err(Problem::usage(broken.remove(0)));
    }
    let count = reports.len();
    let (mut whole, problems) = merge(reports).map_err(Problem::usage)?;
    if !broken.is_empty() {
        whole.verdict = whole.verdict.worse(RunVerdict::Failed);
        whole
            .warnings
            .extend(broken.iter().map(ToString::to_string));
    }
    let files = ReportFiles::in_folder(&arguments.out);
    files
        .write(&whole)
        .map_err(|error| Problem::new(Exit::Failed, error))?;
    output::say(summary(&whole, count));
    for problem in &problems {
        output::complain(format_args!("error: {problem}"));
    }
    for error in &broken {
        output::complain(format_args!("error: {}", ErrorChain(error)));
    }
    Ok(whole.verdict.into())
}

/// `4 reports, 12 scenarios: 11 passed, 1 flaky; flaky`
fn summary(whole: &RunReport, reports: usize) -> String {
    let classes = [
        (ScenarioClass::Passed, "passed"),
        (ScenarioClass::Flaky, "flaky"),
        (ScenarioClass::Failed, "failed"),
        (ScenarioClass::Undefined, "undefined"),
        (ScenarioClass::Stopped, "stopped"),
    ];
    let parts = classes.iter().filter_map(|(class, word)| {
        let of_class = whole.scenarios.iter().filter(|one| one.verdict == *class);
        let count = of_class.count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let parts: Vec<String> = parts.collect();
    format!(
        "{reports} reports, {} scenarios: {}; in all: {}",
        whole.scenarios.len(),
        parts.join(", "),
        whole.verdict
    )
}

fn read(path: PathBuf) -> Result<RunReport, ReadError> {
    let text = fs::read(&path);
    let text = text.map_err(|source| ReadError::Unreadable {
        path: path.clone(),
        source,
    })?;
    serde_json::from_slice(&text).map_err(|source| {
        // What a newer one says can be of another form.
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
        match value.get("schema").and_then(serde_json::Value::as_u64) {
            Some(found) if found > REPORT_SCHEMA.into() => ReadError::Newer { path, found },
            _ => ReadError::NoReport { path, source },
        }
    })
}
