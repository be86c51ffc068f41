//! Which telescope users command.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::names::KnownNames;
use super::table::Table;

/// Which telescope users command, and what is expected of its devices.
#[derive(Clone, Debug, PartialEq)]
pub struct FileTelescope {
    /// Which one.
    pub choice: TelescopeChoice,
    /// The attribute that is the state of a device.
    pub state: String,
    /// By which rules devices take commands, by name; none if they are held to no rules.
    pub rules: Option<String>,
    /// Whether nobody else commands the devices.
    pub alone: bool,
    /// Whether a reply that a command was queued says that the state allowed it.
    pub believes_queued: bool,
    /// Whether devices must be back where they began, and hold nothing, when the load has ended.
    pub goes_home: bool,
}

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

    fn read(table: &Table<'_>, names: &KnownNames, folder: &Path) -> Option<TelescopeChoice> {
        let (simulated, file) = (table.get("simulated"), table.get("file"));
        let devices = table.get("devices");
        let given = [&simulated, &file, &devices];
        if let [_, second, ..] = *given.into_iter().flatten().collect::<Vec<_>>() {
            second.wrong("one telescope is enough: `simulated`, `file` or `devices`");
        }
        if let Some(file) = &file {
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
        }
    }
}

impl Default for TelescopeChoice {
    fn default() -> TelescopeChoice {
        TelescopeChoice::Simulated(Simulated::default())
    }
}

/// The attribute that is the state of a device, unless it is said.
const STATE: &str = "obsState";

/// No rules.
const NO_RULES: &str = "none";

/// The rules of a telescope, unless it is said.
const RULES_OF_SIMULATED: &str = "ska-tango-base";
const RULES_OF_OTHERS: &str = "tmc";

impl FileTelescope {
    /// Reads it; what is simulated where there is no table.
    pub(super) fn read(
        table: Option<Table<'_>>,
        names: &KnownNames,
        folder: &Path,
    ) -> Option<FileTelescope> {
        let Some(table) = table else {
            return Some(FileTelescope::of(TelescopeChoice::default(), STATE, None));
        };
        let choice = TelescopeChoice::read(&table, names, folder);
        let state = table.get("state").map(|it| it.text());
        let mut rules: Vec<&str> = names.rules.iter().map(|(name, _)| name.as_str()).collect();
        rules.push(NO_RULES);
        let rules = table.get("rules").map(|it| it.one_of("rules", &rules));
        let alone = table.get("alone").map(|it| it.flag());
        let believes_queued = table.get("believes-queued").map(|it| it.flag());
        let goes_home = table.get("goes-home").map(|it| it.flag());
        table.end();
        let state = state.unwrap_or(Some(STATE))?;
        let rules = rules.map_or(Some(None), |it| it.map(Some))?;
        let choice = choice?;
        Some(FileTelescope {
            believes_queued: believes_queued.unwrap_or(Some(choice.is_simulated()))?,
            alone: alone.unwrap_or(Some(true))?,
            goes_home: goes_home.unwrap_or(Some(true))?,
            ..FileTelescope::of(choice, state, rules)
        })
    }

    /// Whether nothing is said of a state: then devices that push no events of one will do, too.
    #[must_use]
    pub fn may_lack_state(&self) -> bool {
        self.rules.is_none() && self.state == STATE
    }

    fn of(choice: TelescopeChoice, state: &str, rules: Option<&str>) -> FileTelescope {
        let rules = match rules {
            Some(NO_RULES) => None,
            Some(rules) => Some(rules),
            // rules are about the states of subarrays
            None if state != STATE => None,
            None if choice.is_simulated() => Some(RULES_OF_SIMULATED),
            None => Some(RULES_OF_OTHERS),
        };
        FileTelescope {
            believes_queued: choice.is_simulated(),
            choice,
            state: state.to_owned(),
            rules: rules.map(str::to_owned),
            alone: true,
            goes_home: true,
        }
    }
}

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
