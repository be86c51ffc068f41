//! The earlier run that a load is held against.

use std::path::{Path, PathBuf};

use super::table::Table;
use crate::load::baseline::Noise;

/// The earlier run that a load is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Its report.
    pub file: PathBuf,
    /// By how much figures differ without meaning it.
    pub noise: Noise,
}

impl Baseline {
    /// A report, with the usual noise.
    pub fn of(file: impl Into<PathBuf>) -> Baseline {
        Baseline {
            file: file.into(),
            noise: Noise::default(),
        }
    }

    pub(super) fn read(table: &Table<'_>, folder: &Path) -> Option<Baseline> {
        let file = table.need("file", "which report of an earlier run");
        let file = file.and_then(|it| it.text().map(|text| folder.join(text)));
        let noise = table.get("noise").map(|it| it.parsed());
        table.end();
        Some(Baseline {
            file: file?,
            noise: noise.unwrap_or_else(|| Some(Noise::default()))?,
        })
    }
}
