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
    make_folder(path)?;
    // whole or not at all: one that is there already may be what the next load is compared with
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    // a pipe, or what a link leads to, must stay what it is
    if !path.symlink_metadata().is_ok_and(|it| !it.is_file()) {
        fs::write(&part, text)?;
        return fs::rename(&part, path).inspect_err(|_| _ = fs::remove_file(&part));
    }
    fs::write(path, text)
}

fn make_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|it| !it.as_os_str().is_empty()) {
        Some(folder) => fs::create_dir_all(folder),
        None => Ok(()),
    }
}

/// Opens a file to write without changing what is in it; one that was not there is not there after it.
fn try_out(path: &Path) -> io::Result<()> {
    make_folder(path)?;
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
