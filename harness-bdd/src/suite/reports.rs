//! The writer that cucumber is given: our record, and on request its own report files.

use std::{
    cell::RefCell,
    fmt::Debug,
    fs,
    io::{self, Write},
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    rc::Rc,
};

use cucumber::{
    Event, World, Writer, cli,
    event::Cucumber,
    parser,
    writer::{JUnit, Json, Normalize, Normalized, Verbosity, junit},
};
use futures_util::FutureExt as _;

use super::{SuiteError, recorder::Recorder};

/// A report in memory. Cucumber's writers panic when a disk is full; memory doesn't refuse, and the
/// file is written once, with a proper error, when the run is over.
#[derive(Clone, Debug, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A report that was asked for, with the file it goes to.
#[derive(Debug)]
struct Report<T> {
    name: &'static str,
    path: PathBuf,
    buffer: Buffer,
    /// Cucumber's writer; none after it panicked.
    writer: Option<T>,
}

impl<T> Report<T> {
    /// Makes the file at once, so that a wrong path is told before the run and not after it.
    fn create(
        name: &'static str,
        path: &Path,
        writer: impl FnOnce(Buffer) -> T,
    ) -> Result<Self, SuiteError> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        folder
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(path, b""))
            .map_err(|source| SuiteError::Report {
                report: name,
                path: path.to_owned(),
                source: source.into(),
            })?;
        let buffer = Buffer::default();
        let writer = Some(writer(buffer.clone()));
        Ok(Self {
            name,
            path: path.to_owned(),
            buffer,
            writer,
        })
    }

    async fn write<W>(&mut self, event: parser::Result<Event<Cucumber<W>>>, options: &T::Cli)
    where
        T: Writer<W>,
    {
        // The wall clock set back during a run is enough to make the JUnit writer panic.
        if let Some(writer) = &mut self.writer {
            let written = AssertUnwindSafe(writer.handle_event(event, options)).catch_unwind();
            if written.await.is_err() {
                self.writer = None;
            }
        }
    }

    fn save(&self) -> Result<(), SuiteError> {
        let error = |source| SuiteError::Report {
            report: self.name,
            path: self.path.clone(),
            source,
        };
        if self.writer.is_none() {
            return Err(error("it could not be put together from this run".into()));
        }
        fs::write(&self.path, &*self.buffer.0.borrow()).map_err(|source| error(source.into()))
    }
}

/// Everything that is written about a run.
pub(super) struct Reports<W> {
    pub(super) recorder: Recorder,
    junit: Option<Report<Normalize<W, JUnit<W, Buffer>>>>,
    json: Option<Report<Normalize<W, Json<Buffer>>>>,
}

impl<W: World + Debug> Reports<W> {
    pub(super) fn new(
        recorder: Recorder,
        junit: Option<&Path>,
        json: Option<&Path>,
    ) -> Result<Self, SuiteError> {
        let junit = junit.map(|path| {
            Report::create("JUnit", path, |buffer| {
                JUnit::new(buffer, Verbosity::Default)
            })
        });
        let json =
            json.map(|path| Report::create("cucumber JSON", path, |buffer| Json::new(buffer)));
        Ok(Self {
            recorder,
            junit: junit.transpose()?,
            json: json.transpose()?,
        })
    }

    pub(super) fn save(&self) -> Result<(), SuiteError> {
        self.junit.as_ref().map_or(Ok(()), Report::save)?;
        self.json.as_ref().map_or(Ok(()), Report::save)
    }
}

impl<W: World + Debug> Writer<W> for Reports<W> {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<Cucumber<W>>>, _: &cli::Empty) {
        self.recorder.record(&event);
        if let Some(report) = &mut self.junit {
            report.write(event.clone(), &junit::Cli::default()).await;
        }
        if let Some(report) = &mut self.json {
            report.write(event, &cli::Empty).await;
        }
    }
}

// One scenario at a time, so the events come in order.
impl<W> Normalized for Reports<W> {}
