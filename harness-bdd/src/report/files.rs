//! The files that a run leaves behind.

use std::{
    error::Error,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{RunReport, cucumber_json, junit, page::page};

/// Where to write which reports; nothing by default.
///
/// ```
/// use harness_bdd::report::{ReportFiles, RunReport};
///
/// # let folder = tempfile::tempdir()?;
/// let files = ReportFiles::new().with_junit(folder.path().join("build/report.xml"));
/// files.create()?;
/// files.write(&RunReport::default())?;
/// # assert!(folder.path().join("build/report.xml").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "nothing is written until a suite is run with it, or `write` is called"]
pub struct ReportFiles {
    report: Option<PathBuf>,
    junit: Option<PathBuf>,
    cucumber_json: Option<PathBuf>,
    page: Option<PathBuf>,
}

/// A report can't be written to its file.
#[derive(Debug, thiserror::Error)]
#[error("can't write the {report} to {}", path.display())]
pub struct ReportError {
    /// Which report.
    pub report: &'static str,
    /// Its file.
    pub path: PathBuf,
    /// Why not.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

impl ReportFiles {
    /// The name of the report in a folder of reports.
    pub const REPORT: &'static str = "report.json";
    /// The name of the JUnit file in a folder of reports.
    pub const JUNIT: &'static str = "report.xml";
    /// The name of the Cucumber JSON file in a folder of reports.
    pub const CUCUMBER_JSON: &'static str = "cucumber.json";
    /// The name of the page in a folder of reports.
    pub const PAGE: &'static str = "report.html";
    /// The name of the journal in a folder of reports.
    pub const JOURNAL: &'static str = "journal.jsonl";

    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// All forms that are made of a report alone, in one folder under their usual names.
    pub fn in_folder(folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        Self::new()
            .with_report(folder.join(Self::REPORT))
            .with_junit(folder.join(Self::JUNIT))
            .with_cucumber_json(folder.join(Self::CUCUMBER_JSON))
            .with_page(folder.join(Self::PAGE))
    }

    /// The report itself, as JSON: `docs/reports.md` describes it.
    pub fn with_report(mut self, path: impl Into<PathBuf>) -> Self {
        self.report = Some(path.into());
        self
    }

    /// JUnit XML, see [`junit`].
    pub fn with_junit(mut self, path: impl Into<PathBuf>) -> Self {
        self.junit = Some(path.into());
        self
    }

    /// Cucumber JSON, see [`cucumber_json`].
    pub fn with_cucumber_json(mut self, path: impl Into<PathBuf>) -> Self {
        self.cucumber_json = Some(path.into());
        self
    }

    /// The page, see [`page`](super::page::page).
    pub fn with_page(mut self, path: impl Into<PathBuf>) -> Self {
        self.page = Some(path.into());
        self
    }

    /// Whether a page is among them: then what the devices did is worth keeping.
    pub fn has_page(&self) -> bool {
        self.page.is_some()
    }

    /// Makes the files, empty, with the folders that are missing: so a wrong path is told before a
    /// run and not after it.
    ///
    /// # Errors
    /// [`ReportError`] for the first that can't be made, or that another one is written over.
    pub fn create(&self) -> Result<(), ReportError> {
        for (index, (report, path)) in self.paths().enumerate() {
            let mut before = self.paths().take(index);
            if let Some((other, _)) = before.find(|(_, other)| *other == path && !is_sink(path)) {
                let reason = format!("the {other} is written there; give each a file of its own");
                return Err(failed(report, path, reason));
            }
            make(path).map_err(|source| failed(report, path, source))?;
        }
        Ok(())
    }

    /// Writes every report.
    ///
    /// # Errors
    /// [`ReportError`] for the first that can't be written; the others were.
    pub fn write(&self, report: &RunReport) -> Result<(), ReportError> {
        let forms = self.paths().map(|(name, path)| {
            let text = match name {
                REPORT => serde_json::to_string_pretty(report).map_err(Into::into),
                JUNIT => junit(report).map_err(Into::into),
                CUCUMBER_JSON => cucumber_json(report).map_err(Into::into),
                _ => Ok(page(report)),
            };
            text.and_then(|text| Ok(make(path).and_then(|()| fs::write(path, text))?))
                .map_err(|source: Box<dyn Error + Send + Sync>| failed(name, path, source))
        });
        // All are tried before the first failure is told.
        forms.collect::<Vec<_>>().into_iter().collect()
    }

    fn paths(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        [
            (REPORT, self.report.as_ref()),
            (JUNIT, self.junit.as_ref()),
            (CUCUMBER_JSON, self.cucumber_json.as_ref()),
            (PAGE, self.page.as_ref()),
        ]
        .into_iter()
        .filter_map(|(name, path)| Some((name, path?.as_path())))
    }
}

const REPORT: &str = "JSON report";
const JUNIT: &str = "JUnit report";
const CUCUMBER_JSON: &str = "Cucumber JSON report";
const PAGE: &str = "HTML page";

/// Whether several may be written there, as to `/dev/null`.
fn is_sink(path: &Path) -> bool {
    path.starts_with("/dev")
}

/// An empty file, and the folders above it.
fn make(path: &Path) -> io::Result<()> {
    let folder = path.parent();
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, b"")
}

fn failed(
    report: &'static str,
    path: &Path,
    source: impl Into<Box<dyn Error + Send + Sync>>,
) -> ReportError {
    ReportError {
        report,
        path: path.to_owned(),
        source: source.into(),
    }
}

impl fmt::Debug for ReportFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.paths()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sample::*, *};

    #[test]
    fn a_report_is_read_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let report = run(vec![passed(), flaky()]);
        let files = ReportFiles::in_folder(folder.path().join("new"));
        files.write(&report).unwrap();
        let text = fs::read_to_string(folder.path().join("new/report.json")).unwrap();
        assert_eq!(serde_json::from_str::<RunReport>(&text).unwrap(), report);
    }

    #[test]
    fn two_reports_in_one_file_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        let files = ReportFiles::new().with_junit(&path).with_page(&path);
        let error = files.create().unwrap_err();
        assert_eq!(error.report, "HTML page");
        assert!(
            error
                .source
                .to_string()
                .starts_with("the JUnit report is written there")
        );
        let nowhere = ReportFiles::new()
            .with_junit("/dev/null")
            .with_page("/dev/null");
        nowhere.create().unwrap();
    }

    #[test]
    fn the_others_are_written_although_one_cannot_be() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("report.html");
        let files = ReportFiles::new()
            .with_junit(folder.path())
            .with_page(&page);
        let error = files.write(&run(vec![passed()])).unwrap_err();
        assert_eq!(error.report, "JUnit report");
        assert!(fs::read_to_string(page).unwrap().contains("2026"));
    }
}
