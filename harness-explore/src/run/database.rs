//! The programs that failed, kept as files to be replayed first.
//!
//! A file holds steps, not random numbers: it survives new rules, other strategies and versions.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::violation::Violation;
use crate::program::{Program, function_name};

/// A program that failed, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub violation: Violation,
    pub one_minimal: bool,
    /// How often it failed, and of how many times.
    pub reproduced: (u32, u32),
    #[serde(flatten)]
    pub program: Program,
}

/// A folder of programs that failed, one folder in it for each machine.
#[derive(Clone, Debug)]
pub(super) struct Database {
    folder: PathBuf,
}

impl Database {
    pub(super) fn of(folder: &Path, machine: &str) -> Database {
        Database {
            folder: folder.join(function_name(machine)),
        }
    }

    /// What is kept, in the order of file names, and what is there but can not be read.
    pub(super) fn load(&self) -> (Vec<(PathBuf, Kept)>, Vec<String>) {
        let (mut kept, mut unreadable) = (Vec::new(), Vec::new());
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (kept, unreadable),
            Err(error) => return (kept, vec![format!("{}: {error}", self.folder.display())]),
        };
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .collect();
        paths.sort();
        for path in paths {
            let read = fs::read_to_string(&path)
                .map_err(|error| error.to_string())
                .and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
            match read {
                Ok(program) => kept.push((path, program)),
                Err(error) => unreadable.push(format!("{}: {error}", path.display())),
            }
        }
        (kept, unreadable)
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps a program; the same one again is the same file.
    pub(super) fn save(&self, kept: &Kept) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        let mut hasher = DefaultHasher::new();
        kept.program.hash(&mut hasher);
        let path = self.folder.join(format!("{:016x}.json", hasher.finish()));
        let mut text = serde_json::to_string_pretty(kept)?;
        text.push('\n');
        fs::write(&path, text)?;
        Ok(path)
    }

    /// Forgets a program that does not fail any more.
    pub(super) fn forget(path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}
