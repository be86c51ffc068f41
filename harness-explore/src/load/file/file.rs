//! A load as a TOML file.

use std::fs;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::baseline::Baseline;
use super::data;
use super::error::{FileProblem, LoadFileError, Place};
use super::faults::FileFault;
use super::flows::{self, Flows};
use super::mentions::{self, Mention, Offer};
use super::names::KnownNames;
use super::notes::Notes;
use super::overrides::Overrides;
use super::plan;
use super::table::Table;
use super::telescope::FileTelescope;
use super::walk::FileWalk;
use crate::load::flow::{Flow, Program, Schedule, UserData};
use crate::load::plan::Plan;

/// A load as a TOML file: the plan, what users do, and with which telescope.
///
/// ```
/// use std::path::Path;
/// use harness_explore::load::{KnownNames, LoadFile};
///
/// let text = r#"
///     name = "scans"
///     users = 10
///     cycles = 5
///
///     [[flow]]
///     name = "scan"
///     steps = [{command = "Scan", until = "READY", withn = "5s"}]
/// "#;
/// let error = LoadFile::parse(Path::new("scans.toml"), text, &KnownNames::default()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "scans.toml:8:50: flow.steps.withn: there is no such key; did you mean `within`? here can be \
///      `argument`, `attribute`, `command`, `may-be-rejected`, `pause`, `read`, `until`, `wait`, `within` and `write`",
/// );
/// ```
#[derive(Clone, Debug)]
pub struct LoadFile {
    /// The plan, with the text that repeats it.
    pub plan: Plan,
    /// Which telescope.
    pub telescope: FileTelescope,
    /// What users do.
    pub what: What,
    /// What differs from user to user: the first row for the first user, and so on.
    pub data: Vec<UserData>,
    /// What is made to go wrong.
    pub faults: Vec<FileFault>,
    /// The earlier run that it is held against.
    pub baseline: Option<Baseline>,
    mentions: Vec<Mention>,
    path: PathBuf,
}

/// What users do.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Steps, one after the other.
    Flows {
        /// The flows.
        flows: Vec<Flow>,
        /// Which of them a user takes next.
        schedule: Schedule,
    },
    /// A walk over the state graph.
    Walk(FileWalk),
}

impl LoadFile {
    /// Reads a file, with these values in place of its own.
    ///
    /// # Errors
    /// When it can't be read or used: everything that is wrong with it.
    pub fn read(
        path: &Path,
        overrides: &Overrides,
        names: &KnownNames,
    ) -> Result<LoadFile, LoadFileError> {
        let text = fs::read_to_string(path).map_err(|error| LoadFileError {
            path: path.to_owned(),
            problems: vec![FileProblem {
                place: Place { line: 1, column: 1 },
                key: String::new(),
                words: format!("can't be read: {error}"),
            }],
        })?;
        // by itself first: then places are those of the file
        let file = LoadFile::parse(path, &text, names)?;
        if overrides.is_empty() {
            return Ok(file);
        }
        let text = overrides.applied_to(&text);
        LoadFile::parse(path, &text, names).map_err(|mut error| {
            for problem in &mut error.problems {
                problem.words += " (with what the command line says in place of the file)";
            }
            error
        })
    }

    /// Reads the text of a file. What it names is looked for beside `path`, which need not exist itself.
    ///
    /// # Errors
    /// When it can't be used: everything that is wrong with it.
    pub fn parse(path: &Path, text: &str, names: &KnownNames) -> Result<LoadFile, LoadFileError> {
        let notes = Notes::of(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            notes.wrong(&span, "", error.message());
        }
        let mut read = None;
        if notes.is_clean() {
            let root = Table::of(&notes, "", 0..0, table.get_ref());
            read = LoadFile::whole(&root, path, text, names);
        }
        let is_clean = notes.is_clean();
        notes.end(path)?;
        match read {
            Some(file) if is_clean => Ok(file),
            // every value that is missing was told: this can't be
            _ => Err(LoadFileError {
                path: path.to_owned(),
                problems: Vec::new(),
            }),
        }
    }

    /// Only the plan of a text that a report has kept; what it names need not be here.
    ///
    /// # Errors
    /// When it has none that can be used.
    pub fn plan_of(path: &Path, text: &str) -> Result<Plan, LoadFileError> {
        let notes = Notes::of(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            notes.wrong(&span, "", error.message());
        }
        let root = Table::of(&notes, "", 0..0, table.get_ref());
        let read = plan::read(&root);
        drop(root);
        notes.end(path)?;
        read.ok_or_else(|| LoadFileError {
            path: path.to_owned(),
            problems: Vec::new(),
        })
        .map(|plan| plan.with_text(text))
    }

    /// Something that only shows with what the file names: an error at its place.
    #[must_use]
    pub fn wrong(&self, place: Place, key: &str, words: impl Into<String>) -> LoadFileError {
        LoadFileError {
            path: self.path.clone(),
            problems: vec![FileProblem {
                place,
                key: key.to_owned(),
                words: words.into(),
            }],
        }
    }

    /// The attributes that users read, write and wait for, each once; not those whose names differ from
    /// user to user, nor the state.
    #[must_use]
    pub fn attributes(&self) -> Vec<&str> {
        mentions::attributes(&self.mentions)
    }

    /// Holds what users do against what the devices have.
    ///
    /// # Errors
    /// When a device lacks a command or an attribute: each of them, at its place.
    pub fn check_offers(&self, offers: &[Offer]) -> Result<(), LoadFileError> {
        let problems = mentions::missing(&self.mentions, offers);
        match problems.is_empty() {
            true => Ok(()),
            false => Err(LoadFileError {
                path: self.path.clone(),
                problems,
            }),
        }
    }

    fn whole(root: &Table<'_>, path: &Path, text: &str, names: &KnownNames) -> Option<LoadFile> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let plan = plan::read(root);
        let telescope = match root.get("telescope").map(|it| it.table()) {
            Some(table) => FileTelescope::read(Some(table?), names, folder),
            None => FileTelescope::read(None, names, folder),
        };
        let data = match root.get("data").map(|it| it.table()) {
            Some(table) => data::read(&table?, folder),
            None => Some(Vec::new()),
        };
        let what = what(root, names, telescope.as_ref(), data.as_deref());
        if root.notes.is_clean()
            && let (Some(What::Flows { flows, schedule }), Some(data)) = (&what, &data)
        {
            match Program::of(flows, *schedule, data) {
                Ok(program) => {
                    let actions = program.actions();
                    plan::check_thresholds(root, &actions, |it| actions.contains(&it));
                }
                // each text was checked at its place: what is left is of all of them together
                Err(error) => root.refuse("flow", &error.to_string()),
            }
        }
        if let Some(What::Walk(walk)) = &what {
            let sent: Vec<&str> = walk.sent.iter().map(String::as_str).collect();
            // where a command leads only the rules know
            plan::check_thresholds(root, &sent, |action| {
                let mut parts = action.split(" until ");
                parts.next().is_some_and(|command| sent.contains(&command))
            });
        }
        let length = plan.as_ref().and_then(Plan::length);
        let faults = root.get("fault").map_or(Some(Vec::new()), |it| {
            it.list_of(|it| FileFault::read(&it.table()?, names, telescope.as_ref(), length))
        });
        let baseline = root.get("baseline").map(|it| match it.is_text() {
            true => it.text().map(|file| Baseline::of(folder.join(file))),
            false => Baseline::read(&it.table()?, folder),
        });
        root.end();
        Some(LoadFile {
            plan: plan?.with_text(text),
            telescope: telescope?,
            what: what?,
            data: data?,
            faults: faults?,
            baseline: baseline.map_or(Some(None), |it| it.map(Some))?,
            mentions: root.notes.mentions(),
            path: path.to_owned(),
        })
    }
}

fn what(
    root: &Table<'_>,
    names: &KnownNames,
    telescope: Option<&FileTelescope>,
    data: Option<&[UserData]>,
) -> Option<What> {
    let flows = Flows {
        data,
        states: &names.states,
        state: telescope.map(|it| it.state.clone()).unwrap_or_default(),
    };
    let schedule = root.get("schedule").map(|it| flows::schedule(&it));
    match (root.get("flow"), root.get("walk")) {
        (Some(_), Some(walk)) => {
            walk.wrong("there is `flow` too: users do one of them");
            None
        }
        (Some(entry), None) => {
            let flows = entry.list_of(|it| flows.read(&it.table()?))?;
            if flows.is_empty() {
                entry.wrong("must not be empty");
            }
            Some(What::Flows {
                flows,
                schedule: schedule.unwrap_or(Some(Schedule::default()))?,
            })
        }
        (None, Some(walk)) => {
            root.refuse("schedule", "is for `flow`, and here is a `walk`");
            FileWalk::read(&walk.table()?, names, telescope).map(What::Walk)
        }
        (None, None) => {
            root.wrong(
                "it is not said what users do: `[[flow]]` with steps, or `[walk]` over the state graph",
            );
            None
        }
    }
}
