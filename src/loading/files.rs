//! The files of a load: reports that are written, and those that are read.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use harness_explore::load::{LoadReport, Noise, page};

use super::arguments::{BaselineArguments, FileArguments};
use crate::{exit::Exit, problem::Problem};

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
        for path in self.paths() {
            try_out(path).map_err(|error| unwritten(Exit::Usage, path, &error))?;
        }
        Ok(())
    }

    /// Writes all files, and tells the first that can't be written.
    pub(super) fn write(&self, report: &LoadReport) -> Result<(), Problem> {
        let mut done = Ok(());
        if !self.reports.is_empty() {
            let text = serde_json::to_string(report);
            let text = text.map_err(|error| Problem::new(Exit::Failed, error))?;
            for path in &self.reports {
                let written = write(path, &text);
                done = done.and(written.map_err(|error| unwritten(Exit::Failed, path, &error)));
            }
        }
        if !self.pages.is_empty() {
            let text = page(report);
            for path in &self.pages {
                let written = write(path, &text);
                done = done.and(written.map_err(|error| unwritten(Exit::Failed, path, &error)));
            }
        }
        done
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Opens a file to write without changing what is in it; one that was not there is not there after it.
fn try_out(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let is_there = path.exists();
    fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)?;
    match is_there {
        true => Ok(()),
        false => fs::remove_file(path),
    }
}

fn unwritten(exit: Exit, path: &Path, error: &io::Error) -> Problem {
    Problem::new(
        exit,
        format!("{} can't be written: {error}", path.display()),
    )
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
    #[error("there is no {REPORT} in {}", path.display())]
    NoneFound { path: PathBuf },
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

/// The file, or all reports in the folder and those below it, but for what was merged before.
pub(super) fn reports_in(path: &Path, out: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let unreadable = |source| ReadError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if !path.metadata().map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let out = out.canonicalize().ok();
    let mut found = Vec::new();
    find(path, out.as_deref(), &mut found).map_err(unreadable)?;
    if found.is_empty() {
        return Err(ReadError::NoneFound {
            path: path.to_owned(),
        });
    }
    found.sort();
    Ok(found)
}

fn find(folder: &Path, out: Option<&Path>, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if folder.canonicalize().ok().as_deref() == out && out.is_some() {
        return Ok(());
    }
    for entry in folder.read_dir()? {
        let entry = entry?;
        // no links: they can lead round in a circle
        if entry.file_type()?.is_dir() {
            find(&entry.path(), out, found)?;
        } else if entry.file_name() == REPORT {
            found.push(entry.path());
        }
    }
    Ok(())
}
