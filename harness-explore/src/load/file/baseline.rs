//! The earlier run that a load is held against.

use std::path::{Path, PathBuf};

use super::table::Table;

/// The earlier run that a load is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Its report.
    pub file: PathBuf,
    /// By which share figures differ without meaning it, 0 to 1.
    pub noise: f64,
}

/// Unless it is said.
const NOISE: f64 = 0.1;

impl Baseline {
    /// A report, with the usual noise: 10 %.
    pub fn of(file: impl Into<PathBuf>) -> Baseline {
        Baseline {
            file: file.into(),
            noise: NOISE,
        }
    }

    pub(super) fn read(table: &Table<'_>, folder: &Path) -> Option<Baseline> {
        let file = table.need("file", "which report of an earlier run");
        let file = file.and_then(|it| it.text().map(|text| folder.join(text)));
        let noise = match table.get("noise") {
            None => Some(NOISE),
            Some(entry) if entry.is_text() => {
                let text = entry.text()?;
                let read = Baseline::read_noise(text);
                if read.is_none() {
                    entry.wrong(format!("`{text}` is not a share: write \"10%\" or 0.1"));
                }
                read
            }
            Some(entry) => entry.number().filter(|it| {
                let is_share = (0.0..1.0).contains(it);
                if !is_share {
                    entry.wrong("must be a share from 0 to 1, as 0.1 or \"10%\"");
                }
                is_share
            }),
        };
        table.end();
        let (file, noise) = (file?, noise?);
        Some(Baseline { file, noise })
    }

    /// Reads a share: `10%` or `0.1`.
    #[must_use]
    pub fn read_noise(text: &str) -> Option<f64> {
        let text = text.trim();
        let share = match text.strip_suffix('%') {
            Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
            None => text.parse().ok()?,
        };
        (0.0..1.0).contains(&share).then_some(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_a_share_below_one() {
        assert_eq!(Baseline::read_noise("10%"), Some(0.1));
        assert_eq!(Baseline::read_noise("0.05"), Some(0.05));
        for text in ["10", "100%", "-1%", "NaN", "", "%"] {
            assert_eq!(Baseline::read_noise(text), None, "{text}");
        }
    }
}
