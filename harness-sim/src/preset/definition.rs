//! Which devices a simulated telescope has, and how they begin.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use harness_tango::control_model::{AdminMode, DevState};

use super::file::File;
use super::role::Each;
use super::{DeviceRole, NameTemplate, PresetError};
use crate::model::CommandTable;
use crate::tmc::Telescope;

/// Which devices a simulated telescope has, and how they begin.
///
/// ```
/// use harness_sim::preset::Preset;
///
/// let error = Preset::from_toml("name = 'mine'\ntelescope = 'low'\n[roles]\nsubaray = 'a/b/c'")
///     .unwrap_err();
/// let place = std::error::Error::source(&error).expect("it says where").to_string();
/// assert!(place.contains("line 4") && place.contains("unknown role `subaray`"), "{place}");
/// ```
#[derive(Clone, Debug)]
pub struct Preset {
    pub(crate) name: String,
    pub(crate) telescope: Telescope,
    pub(crate) subarrays: u32,
    pub(crate) dishes: Vec<String>,
    pub(crate) state: DevState,
    states: BTreeMap<DeviceRole, DevState>,
    pub(crate) admin_mode: AdminMode,
    pub(crate) roles: BTreeMap<DeviceRole, NameTemplate>,
    old_roles: BTreeMap<DeviceRole, NameTemplate>,
    commands: BTreeMap<DeviceRole, CommandTable>,
    pub(crate) timeouts: CommandTimeouts,
    pub(crate) dwell: Option<Duration>,
    pub(crate) absent_stations: Vec<u64>,
    pub(crate) delay_model_period: Option<Duration>,
}

/// How many subarrays a file can ask for: a slip of the finger must not eat all memory.
const MOST_SUBARRAYS: u32 = 10_000;

/// How long nodes wait for what they have others do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandTimeouts {
    /// The central node: 80 s unless set.
    pub central_node: Duration,
    /// The subarray nodes: 70 s unless set.
    pub subarray: Duration,
    /// The leaf nodes: 50 s unless set.
    pub leaf_node: Duration,
}

impl Default for CommandTimeouts {
    fn default() -> CommandTimeouts {
        CommandTimeouts {
            central_node: Duration::from_secs(80),
            subarray: Duration::from_secs(70),
            leaf_node: Duration::from_secs(50),
        }
    }
}

impl Preset {
    /// Two subarrays of Low, each of which is alone: no subsystems, no telescope manager.
    #[expect(
        clippy::expect_used,
        reason = "the text is part of this crate, and a test reads it"
    )]
    pub(crate) fn subarrays_only() -> Preset {
        Preset::from_toml(include_str!("subarrays.toml")).expect("the preset is correct")
    }

    /// SKA Low.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the text is part of this crate, and a test reads it"
    )]
    pub fn low() -> Preset {
        Preset::from_toml(include_str!("low.toml")).expect("the preset is correct")
    }

    /// SKA Mid.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the text is part of this crate, and a test reads it"
    )]
    pub fn mid() -> Preset {
        Preset::from_toml(include_str!("mid.toml")).expect("the preset is correct")
    }

    /// The controller and the subarrays of a science data processor, and nobody else: as `sdp-lmc`
    /// has them in its own tests.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the text is part of this crate, and a test reads it"
    )]
    pub fn sdp() -> Preset {
        Preset::from_toml(include_str!("sdp.toml")).expect("the preset is correct")
    }

    /// Reads a TOML file, with the keys of `low.toml`, `mid.toml` and `sdp.toml` of this crate.
    ///
    /// # Errors
    ///
    /// [`PresetError`] that says what is wrong, and where.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Preset, PresetError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| PresetError::Read {
            path: path.to_owned(),
            source,
        })?;
        Preset::from_toml(&text).map_err(|error| match error {
            PresetError::Parse { source, .. } => PresetError::Parse {
                path: Some(path.to_owned()),
                source,
            },
            other => other,
        })
    }

    /// Reads the text of such a file.
    ///
    /// # Errors
    ///
    /// [`PresetError`] that says what is wrong, and where.
    pub fn from_toml(text: &str) -> Result<Preset, PresetError> {
        let file: File = toml::from_str(text).map_err(|source| PresetError::Parse {
            path: None,
            source: Box::new(source),
        })?;
        if file.subarrays > MOST_SUBARRAYS {
            return Err(PresetError::TooManySubarrays {
                count: file.subarrays,
                most: MOST_SUBARRAYS,
            });
        }
        let usual = CommandTimeouts::default();
        let timeouts = CommandTimeouts {
            central_node: seconds("timeouts.central_node", file.timeouts.central_node)?
                .unwrap_or(usual.central_node),
            subarray: seconds("timeouts.subarray", file.timeouts.subarray)?
                .unwrap_or(usual.subarray),
            leaf_node: seconds("timeouts.leaf_node", file.timeouts.leaf_node)?
                .unwrap_or(usual.leaf_node),
        };
        let mut commands = BTreeMap::new();
        for (role, table) in file.commands {
            if !role.has_choice_of_commands() {
                return Err(PresetError::NoChoice { role });
            }
            commands.insert(role, table.0);
        }
        let preset = Preset {
            name: file.name,
            telescope: file.telescope.0,
            subarrays: file.subarrays,
            dishes: file.dishes,
            state: file.state.map_or(DevState::On, |word| word.0),
            states: file
                .states
                .into_iter()
                .map(|(role, word)| (role, word.0))
                .collect(),
            admin_mode: file.admin_mode.map_or(AdminMode::Online, |word| word.0),
            roles: file.roles,
            old_roles: file.old_roles,
            commands,
            timeouts,
            dwell: seconds("dwell", file.dwell)?,
            absent_stations: file.absent_stations,
            delay_model_period: seconds("delay_model_period", file.delay_model_period)?,
        };
        preset.check()?;
        preset.clone().with_old_names().check()?;
        Ok(preset)
    }

    /// Has the names from before ADR-9, as far as the preset knows them.
    #[must_use]
    pub fn with_old_names(mut self) -> Preset {
        for (role, name) in std::mem::take(&mut self.old_roles) {
            self.roles.insert(role, name);
        }
        self
    }

    /// Has this many subarrays, numbered from 1.
    #[must_use]
    pub const fn with_subarrays(mut self, count: u32) -> Preset {
        self.subarrays = count;
        self
    }

    /// The table of a role, if the preset chooses one.
    pub(crate) fn commands(&self, role: DeviceRole) -> Option<CommandTable> {
        self.commands.get(&role).copied()
    }

    /// The state in which the devices of a role begin.
    pub(crate) fn state_of(&self, role: DeviceRole) -> DevState {
        self.states.get(&role).copied().unwrap_or(self.state)
    }

    /// The role of the subarrays that tests talk to: those of the telescope manager, or where there
    /// are none those of the first subsystem that has some.
    pub(crate) fn role_of_subarrays(&self) -> Option<DeviceRole> {
        let roles = [
            DeviceRole::Subarray,
            DeviceRole::CspSubarray,
            DeviceRole::SdpSubarray,
            DeviceRole::MccsSubarray,
        ];
        roles.into_iter().find(|role| self.roles.contains_key(role))
    }

    /// The names of all devices in a role.
    pub(crate) fn names(&self, role: DeviceRole) -> Vec<String> {
        let Some(template) = self.roles.get(&role) else {
            return Vec::new();
        };
        match role.each() {
            Each::Telescope => vec![template.fill(0, "")],
            Each::Subarray => (1..=self.subarrays)
                .map(|number| template.fill(number, ""))
                .collect(),
            Each::Dish => self
                .dishes
                .iter()
                .map(|dish| template.fill(0, dish))
                .collect(),
        }
    }

    fn check(&self) -> Result<(), PresetError> {
        if self.role_of_subarrays().is_none() {
            return Err(PresetError::NoSubarray);
        }
        let mut known: BTreeMap<String, DeviceRole> = BTreeMap::new();
        for (role, template) in &self.roles {
            let role = *role;
            if let Some(needed) = role
                .needs()
                .filter(|needed| !self.roles.contains_key(needed))
            {
                return Err(PresetError::Needs { role, needed });
            }
            let placeholder = match role.each() {
                Each::Subarray if !template.has_subarray() => Some("{subarray}"),
                Each::Dish if !template.has_dish() => Some("{dish}"),
                _ => None,
            };
            if let Some(placeholder) = placeholder {
                let name = template.to_string();
                return Err(PresetError::NameNotUnique {
                    role,
                    name,
                    placeholder,
                });
            }
            for name in self.names(role) {
                if !is_device_name(&name) {
                    return Err(PresetError::NotAName { role, name });
                }
                if let Some(other) = known.insert(name.to_ascii_lowercase(), role) {
                    return Err(PresetError::NamedTwice { role, other, name });
                }
            }
        }
        Ok(())
    }
}

fn is_device_name(name: &str) -> bool {
    let parts: Vec<_> = name.split('/').collect();
    parts.len() == 3
        && parts.iter().all(|part| {
            let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.+".contains(letter);
            !part.is_empty() && part.chars().all(fits)
        })
}

fn seconds(key: &'static str, given: Option<f64>) -> Result<Option<Duration>, PresetError> {
    given
        .map(|seconds| {
            Duration::try_from_secs_f64(seconds)
                .ok()
                .filter(|time| time.as_secs() < 1_000_000_000)
                .ok_or(PresetError::NotSeconds { key, seconds })
        })
        .transpose()
}

#[cfg(test)]
mod tests;
