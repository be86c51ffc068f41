//! The files of a load: reports that are written, and those that are read.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use harness_explore::load::{LoadReport, Noise, page};

use super::arguments::{BaselineArguments, FileArguments};
use crate::{
    exit::Exit,
    problem::Problem,
    written_file::{can_be_written, write},
};

/// What reports are called in a folder.
pub(super) const REPORT: &str = "load.json";
const PAGE: &str = "load.html";

/// Where reports are written.
#[derive(Clone, Debug, Default)]
pub(super) struct LoadFiles {
    reports: Vec<PathBuf>,
    pages: Vec<PathBuf>,
}

impl LoadFiles {
    pub(super) fn of(arguments: &FileArguments) -> LoadFiles {
        let mut files = match &arguments.report_dir {
            Some(folder) => LoadFiles::in_folder(folder),
            None => LoadFiles::default(),
        };
        files.reports.extend(arguments.report.clone());
        files.pages.extend(arguments.html.clone());
        files
    }

    /// All forms, in this folder.
    pub(super) fn in_folder(folder: &Path) -> LoadFiles {
        LoadFiles {
            reports: vec![folder.join(REPORT)],
            pages: vec![folder.join(PAGE)],
        }
    }

    fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.reports.iter().chain(&self.pages)
    }

    /// Whether all files can be written, so that nothing is missing only when the load is over. What is there
    /// already stays until then: a load that never begins takes nothing away.
    pub(super) fn can_be_written(&self) -> Result<(), Problem> {
        can_be_written(self.paths().map(PathBuf::as_path))
    }

    /// Writes all files, and tells the first that can't be written.
    pub(super) fn write(&self, report: &LoadReport) -> Result<(), Problem> {
        let mut done = Ok(());
        if !self.reports.is_empty() {
            let text = serde_json::to_string(report);
            let text = text.map_err(|error| Problem::new(Exit::Failed, error))?;
            for path in &self.reports {
                done = done.and(write(path, &text));
            }
        }
        if !self.pages.is_empty() {
            let text = page(report);
            for path in &self.pages {
                done = done.and(write(path, &text));
            }
        }
        done
    }
}

/// A report can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error("can't read {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{} is no report of `harness load`, or that load was cut off", path.display())]
    NoReport {
        path: PathBuf,
        #[source]
        source: serde_json::Error,
    },
}

/// Reads a report.
pub(super) fn read(path: &Path) -> Result<LoadReport, ReadError> {
    let text = fs::read_to_string(path).map_err(|source| ReadError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_str(&text).map_err(|source| ReadError::NoReport {
        path: path.to_owned(),
        source,
    })
}

/// The earlier report that a load is held against, and the noise.
pub(super) fn baseline(
    arguments: &BaselineArguments,
    of_file: Option<&harness_explore::load::Baseline>,
) -> Result<Option<(LoadReport, Noise)>, Problem> {
    let path = arguments.baseline.as_deref();
    let Some(path) = path.or(of_file.map(|it| it.file.as_path())) else {
        return match arguments.noise {
            Some(_) => Err(Problem::usage(
                "--noise is of --baseline, and there is none",
            )),
            None => Ok(None),
        };
    };
    let noise = arguments.noise.or(of_file.map(|it| it.noise));
    let report = read(path).map_err(|error| {
        Problem::usage(error).advise("a baseline is what `harness load --report` wrote")
    })?;
    Ok(Some((report, noise.unwrap_or_default())))
}
