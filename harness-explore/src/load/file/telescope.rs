//! Which telescope users command.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::names::KnownNames;
use super::table::Table;

/// Which telescope users command.
#[derive(Clone, Debug, PartialEq)]
pub enum TelescopeChoice {
    /// One that is simulated in this process.
    Simulated(Simulated),
    /// That of a telescope's file: its subarray devices.
    File {
        /// The file.
        path: PathBuf,
        /// Which of its subarrays; all, if empty.
        subarrays: Vec<u32>,
    },
    /// These devices, by their full names.
    Devices(Vec<String>),
}

/// A telescope that is simulated in this process.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// Which one, by name; subarrays that are alone without it.
    pub preset: Option<String>,
    /// How many subarrays it has.
    pub subarrays: u32,
    /// How long each of their transient states lasts.
    pub dwell: Duration,
    /// Bugs that are planted in all of them.
    pub bugs: Vec<String>,
}

impl Default for Simulated {
    fn default() -> Simulated {
        Simulated {
            preset: None,
            subarrays: 1,
            dwell: Duration::from_millis(20),
            bugs: Vec::new(),
        }
    }
}

impl TelescopeChoice {
    /// Whether it is simulated in this process.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        matches!(self, TelescopeChoice::Simulated(_))
    }

    /// Reads it, with the name of the attribute that is the devices' state.
    pub(super) fn read(
        table: &Table<'_>,
        names: &KnownNames,
        folder: &Path,
    ) -> (Option<TelescopeChoice>, String) {
        let (simulated, file) = (table.get("simulated"), table.get("file"));
        let devices = table.get("devices");
        let state = table.get("state").and_then(|it| it.text());
        let state = state.unwrap_or(STATE).to_owned();
        let given = [&simulated, &file, &devices];
        if let [_, second, ..] = *given.into_iter().flatten().collect::<Vec<_>>() {
            second.wrong("one telescope is enough: `simulated`, `file` or `devices`");
        }
        let choice = if let Some(file) = &file {
            let path = file.text().map(|text| folder.join(text));
            let subarrays = table.get("subarrays").map_or(Some(Vec::new()), |it| {
                it.list_of(|number| number.whole(1..=9999).map(|it| it as u32))
            });
            path.zip(subarrays)
                .map(|(path, subarrays)| TelescopeChoice::File { path, subarrays })
        } else {
            table.refuse(
                "subarrays",
                "is for the subarrays of a telescope's `file`; a simulated one has as many as \
                 `simulated = {subarrays = 4}` says",
            );
            match (&devices, &simulated) {
                (Some(devices), _) => {
                    let names = devices.list_of(|it| it.text().map(str::to_owned));
                    if names.as_ref().is_some_and(Vec::is_empty) {
                        devices.wrong("must not be empty");
                    }
                    names.map(TelescopeChoice::Devices)
                }
                (None, Some(simulated)) if simulated.is_flag() => simulated
                    .flag()
                    .filter(|it| *it)
                    .map(|_| TelescopeChoice::Simulated(Simulated::default())),
                (None, Some(simulated)) => simulated
                    .table()
                    .and_then(|table| Simulated::read(&table, names))
                    .map(TelescopeChoice::Simulated),
                (None, None) => Some(TelescopeChoice::Simulated(Simulated::default())),
            }
        };
        table.end();
        (choice, state)
    }
}

/// The attribute that is the state of a device, unless it is said.
pub(super) const STATE: &str = "obsState";

impl Simulated {
    fn read(table: &Table<'_>, names: &KnownNames) -> Option<Simulated> {
        let default = Simulated::default();
        let presets: Vec<&str> = names.presets.iter().map(String::as_str).collect();
        let bugs: Vec<&str> = names.bugs.iter().map(String::as_str).collect();
        let preset = table.get("preset").map(|it| it.one_of("preset", &presets));
        let subarrays = table.get("subarrays").map(|it| it.whole(1..=10_000));
        let dwell = table.get("dwell").map(|it| it.time());
        let planted = table.get("bug").map(|it| match it.is_list() {
            true => it.list_of(|it| it.one_of("bug", &bugs)),
            false => it.one_of("bug", &bugs).map(|it| vec![it]),
        });
        table.end();
        Some(Simulated {
            preset: preset.map_or(Some(None), |it| it.map(|it| Some(it.to_owned())))?,
            subarrays: subarrays.map_or(Some(default.subarrays), |it| it.map(|it| it as u32))?,
            dwell: dwell.unwrap_or(Some(default.dwell))?,
            bugs: planted
                .unwrap_or(Some(Vec::new()))?
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
    }
}
