//! The configuration file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use harness_core::Timeout;
use serde::Deserialize;

use super::config::{TelescopeConfig, Timeouts};
use super::error::ConfigError;
use super::kind::TelescopeKind;
use super::named::key;
use super::role::Role;
use super::switch::TelescopeState;
use crate::inputs::{InputError, InputLibrary, Inputs};

/// What a configuration file may contain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    tango_host: Option<String>,
    subarrays: Option<Vec<u32>>,
    #[serde(default)]
    dishes: Vec<String>,
    kind: Option<TelescopeKind>,
    preamble: Option<TelescopeState>,
    #[serde(default)]
    optional: Vec<String>,
    roles: BTreeMap<Role, String>,
    #[serde(default)]
    devices: BTreeMap<String, OneOrMore>,
    #[serde(default)]
    timeouts: TimeoutsTable,
    #[serde(default)]
    inputs: InputsTable,
}

/// A device name, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a device name or a list of device names"
)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// In seconds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeoutsTable {
    command: Option<f64>,
    reach: Option<f64>,
    recovery: Option<f64>,
}

/// Folders of JSON files, relative to the configuration file, and which of the files are given to
/// which command: paths, or stems of files in those folders.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct InputsTable {
    folder: Option<PathBuf>,
    #[serde(default)]
    folders: Vec<PathBuf>,
    assign_resources: Option<String>,
    configure: Option<String>,
    scan: Option<String>,
    release_resources: Option<String>,
}

impl TelescopeConfig {
    /// Reads a configuration file. Paths in it are relative to the file.
    ///
    /// # Errors
    /// When the file, or one that it names, can not be read or understood. Unknown keys and roles
    /// are errors that list the known ones.
    pub fn from_file(path: impl AsRef<Path>) -> Result<TelescopeConfig, ConfigError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        TelescopeConfig::from_toml(&text, folder).map_err(|error| match error {
            ConfigError::Parse { source, .. } => ConfigError::Parse {
                path: Some(path.to_owned()),
                source,
            },
            other => other,
        })
    }

    /// Reads a configuration from text. Paths in it are relative to the folder.
    ///
    /// # Errors
    /// Those of [`from_file`](Self::from_file).
    pub fn from_toml(text: &str, folder: &Path) -> Result<TelescopeConfig, ConfigError> {
        let file: File = toml::from_str(text).map_err(|source| ConfigError::Parse {
            path: None,
            source: Box::new(source),
        })?;
        let inputs = file.inputs.read(folder, kind_of(&file))?;
        let config = TelescopeConfig::new(file.name)
            .with_subarrays(file.subarrays.unwrap_or_else(|| vec![1]))
            .with_dishes(file.dishes)
            .with_optional(file.optional)
            .with_timeouts(file.timeouts.read()?)
            .with_inputs(inputs);
        let config = match file.tango_host {
            Some(host) => config.with_tango_host(host),
            None => config,
        };
        let config = match file.kind {
            Some(kind) => config.with_kind(kind),
            None => config,
        };
        let config = match file.preamble {
            Some(preamble) => config.with_preamble(preamble),
            None => config,
        };
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let mut config = config;
        for (called, names) in file.devices {
            if let Some(other) = seen.insert(key(&called), called.clone()) {
                return Err(ConfigError::Device {
                    called,
                    what: format!("it is the same as {other}"),
                });
            }
            config = match names {
                OneOrMore::One(name) => config.with_devices(called, [name]),
                OneOrMore::More(names) => config.with_devices(called, names),
            };
        }
        let config = file
            .roles
            .into_iter()
            .fold(config, |config, (role, name)| config.with_role(role, name));
        config.validate()?;
        Ok(config)
    }
}

/// Reads a configuration from text. Paths in it are relative to the working directory.
impl FromStr for TelescopeConfig {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<TelescopeConfig, ConfigError> {
        TelescopeConfig::from_toml(text, Path::new(""))
    }
}

impl TimeoutsTable {
    fn read(&self) -> Result<Timeouts, ConfigError> {
        let usual = Timeouts::default();
        Ok(Timeouts {
            command: seconds("command", self.command, usual.command)?,
            reach: seconds("reach", self.reach, usual.reach)?,
            recovery: seconds("recovery", self.recovery, usual.recovery)?,
        })
    }
}

fn seconds(
    key: &'static str,
    given: Option<f64>,
    usual: Duration,
) -> Result<Duration, ConfigError> {
    match given {
        None => Ok(usual),
        Some(seconds) => Timeout::try_seconds(seconds)
            .map(|timeout| timeout.initial())
            .map_err(|source| ConfigError::Timeout { key, source }),
    }
}

impl InputsTable {
    fn read(&self, folder: &Path, kind: TelescopeKind) -> Result<Inputs, InputError> {
        let mut library = InputLibrary::embedded(kind);
        for below in self.folder.iter().chain(&self.folders) {
            library = library.with_folder(folder.join(below))?;
        }
        let mut inputs = Inputs::for_telescope(kind).with_library(library);
        if let Some(name) = &self.assign_resources {
            inputs = inputs.with_assign_resources_named(name, folder)?;
        }
        if let Some(name) = &self.configure {
            inputs = inputs.with_configure_named(name, folder)?;
        }
        if let Some(name) = &self.scan {
            inputs = inputs.with_scan_named(name, folder)?;
        }
        if let Some(name) = &self.release_resources {
            inputs = inputs.with_release_resources_named(name, folder)?;
        }
        Ok(inputs)
    }
}

/// What the file says; else a telescope with dishes and without stations is Mid, and of others the names
/// tell.
fn kind_of(file: &File) -> TelescopeKind {
    let has = |role| file.roles.contains_key(&role);
    let stations = has(Role::MccsController) || has(Role::MccsSubarray);
    let dishes = has(Role::Dish) || !file.dishes.is_empty();
    let by_roles = (dishes && !stations).then_some(TelescopeKind::Mid);
    let names = file.roles.values().map(String::as_str);
    file.kind
        .or(by_roles)
        .or_else(|| TelescopeKind::guess(names))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Role, TelescopeConfig, TelescopeKind};

    const LOW: &str = r#"
        name = "Low"
        tango_host = "databaseds:10000"
        subarrays = [1, 2]

        [roles]
        central_node = "low-tmc/central-node/0"
        subarray = "low-tmc/subarray/{subarray:02}"

        [timeouts]
        reach = 90
        recovery = 200.5
    "#;

    /// The whole chain of an error in one text.
    fn told(text: &str) -> String {
        let error = text.parse::<TelescopeConfig>().unwrap_err();
        let mut told = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            told += &format!(": {error}");
            source = error.source();
        }
        told
    }

    #[test]
    fn a_configuration_is_read() {
        let config: TelescopeConfig = LOW.parse().unwrap();
        assert_eq!(config.name(), "Low");
        assert_eq!(config.tango_host(), Some("databaseds:10000"));
        assert_eq!(config.timeouts().reach, Duration::from_secs(90));
        assert_eq!(config.timeouts().recovery, Duration::from_millis(200_500));
        assert_eq!(config.timeouts().command, Duration::from_secs(30));
        let names: Vec<_> = config
            .devices()
            .unwrap()
            .into_iter()
            .map(|device| (device.role.unwrap(), device.name))
            .collect();
        assert_eq!(
            names,
            [
                (Role::CentralNode, "low-tmc/central-node/0".to_owned()),
                (Role::Subarray, "low-tmc/subarray/01".to_owned()),
                (Role::Subarray, "low-tmc/subarray/02".to_owned()),
            ]
        );
    }

    #[test]
    fn devices_without_a_role_are_read_by_what_they_are_called() {
        let text = format!(
            "kind = 'Low'\noptional = ['tiles', 'central-node']\n{LOW}\n\
             [devices]\nstation = 's8/station/1'\n'alarm handler' = ['alarm/handler/01']\n\
             tiles = ['low-mccs/tile/1', 'low-mccs/tile/2']\n"
        );
        let config: TelescopeConfig = text.parse().unwrap();
        assert_eq!(config.kind(), Some(TelescopeKind::Low));
        assert_eq!(
            config.device_names().collect::<Vec<_>>(),
            ["alarm handler", "station", "tiles"]
        );
        let devices = config.devices().unwrap();
        assert_eq!(devices.len(), 7);
        let optional = devices.iter().filter(|device| config.is_optional(device));
        let optional: Vec<_> = optional.map(|device| device.name.as_str()).collect();
        assert_eq!(
            optional,
            [
                "low-tmc/central-node/0",
                "low-mccs/tile/1",
                "low-mccs/tile/2"
            ]
        );
    }

    #[test]
    fn mistakes_with_devices_without_a_role_are_told() {
        let told_for = |devices: &str| told(&format!("{LOW}\n[devices]\n{devices}"));
        assert!(told_for("Dish-Leaf = 'a/b/c'").contains("set it under [roles]"));
        assert!(told_for("a = []").contains("no device is listed"));
        assert!(told_for("a = 'a/b/{subarray}'").contains("one by one"));
        assert!(told_for("a = ['a/b/c', 'A/b/c']").contains("twice"));
        assert!(told_for("a = ''").contains("empty"));
        assert!(told_for("a = 5").contains("list of device names"));
        assert!(told_for("a_b = 'a/b/c'\n'a b' = 'a/b/d'").contains("the same as"));
        let optional = |name: &str| told(&format!("optional = ['{name}']\n{LOW}"));
        assert!(optional("subarray").contains("tests talk to"));
        assert!(optional("pst_beam").contains("no such role or device"));
        assert!(told(&format!("kind = 'high'\n{LOW}")).contains("low, mid"));
    }

    #[test]
    fn there_is_one_beam_or_one_for_each_subarray() {
        let beams = |name: &str| {
            let text = LOW.replace("[timeouts]", &format!("pst_beam = '{name}'\n[timeouts]"));
            let config: TelescopeConfig = text.parse().unwrap();
            let devices = config.devices().unwrap().into_iter();
            let beams = devices.filter(|device| device.role == Some(Role::PstBeam));
            beams.map(|device| device.subarray).collect::<Vec<_>>()
        };
        assert_eq!(beams("low-pst/beam/01"), [None]);
        assert_eq!(beams("low-pst/beam/{subarray:02}"), [Some(1), Some(2)]);
    }

    #[test]
    fn an_unknown_role_is_named_with_the_known_ones() {
        let told = told(&LOW.replace("central_node", "central_nod"));
        assert!(told.contains("unknown role `central_nod`"), "{told}");
        assert!(
            told.contains("central_node, subarray, csp_controller"),
            "{told}"
        );
    }

    #[test]
    fn an_unknown_key_is_named_with_the_known_ones() {
        let at_top = told(&LOW.replace("tango_host", "tangohost"));
        assert!(
            at_top.contains("tangohost") && at_top.contains("tango_host"),
            "{at_top}"
        );
        let in_timeouts = told(&LOW.replace("reach", "reaches"));
        assert!(
            in_timeouts.contains("reaches") && in_timeouts.contains("recovery"),
            "{in_timeouts}"
        );
    }

    #[test]
    fn mistakes_of_sense_are_told() {
        let told_for = |from: &str, to: &str| told(&LOW.replace(from, to));
        assert!(told_for("reach = 90", "reach = -1").contains("timeouts.reach"));
        assert!(told_for("[1, 2]", "[]").contains("no subarrays"));
        assert!(told_for("{subarray:02}", "01").contains("low-tmc/subarray/01"));
        assert!(told_for("[1, 2]", "[1, 1]").contains("twice"));
        assert!(told_for("{subarray:02}", "{number}").contains("{number}"));
        assert!(told("name = 'x'\n[roles]\ncentral_node = 'a/b/c'").contains("`subarray`"));
        assert!(told("nonsense").contains("can not be understood"));
    }

    #[test]
    fn files_and_the_inputs_they_name_are_read_relative_to_them() {
        let folder = std::env::temp_dir().join(format!("harness-config-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("low.toml");
        let with_inputs = format!("{LOW}\n[inputs]\nscan = 'scan.json'\n");
        std::fs::write(&path, &with_inputs).unwrap();

        let missing = TelescopeConfig::from_file(&path).unwrap_err().to_string();
        assert!(missing.contains("scan.json"), "{missing}");
        std::fs::write(folder.join("scan.json"), "{ nonsense").unwrap();
        let broken = TelescopeConfig::from_file(&path).unwrap_err().to_string();
        assert!(broken.contains("scan.json"), "{broken}");
        std::fs::write(folder.join("scan.json"), r#"{"scan_id": 40}"#).unwrap();
        let config = TelescopeConfig::from_file(&path).unwrap();
        assert_eq!(config.inputs().scan(), r#"{"scan_id":40}"#);

        std::fs::write(&path, "name = 5").unwrap();
        let broken = TelescopeConfig::from_file(&path).unwrap_err().to_string();
        assert!(broken.contains("low.toml"), "{broken}");
        std::fs::remove_dir_all(&folder).unwrap();
        let gone = TelescopeConfig::from_file(&path).unwrap_err().to_string();
        assert!(gone.contains("low.toml"), "{gone}");
    }

    #[test]
    fn inputs_are_found_by_stem_below_the_folders_of_the_configuration() {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("data/sub/point_it.json", r#"{"tmc": {"scan_duration": 3}}"#),
            ("more/give_back.json", r#"{"release_all": true}"#),
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let inputs = |table: &str| {
            let text = format!("{LOW}\n[inputs]\n{table}");
            TelescopeConfig::from_toml(&text, folder.path())
        };
        let config = inputs("folder = 'data'\nconfigure = 'Point_It'").unwrap();
        let configure = config.inputs().configure();
        assert_eq!(configure, r#"{"tmc":{"scan_duration":3}}"#);
        let both = "folders = ['data', 'more']\nrelease_resources = 'give_back'";
        let config = inputs(both).unwrap();
        assert_eq!(
            config.inputs().release_resources(),
            r#"{"release_all":true}"#
        );
        assert!(config.inputs().library().has_file("point_it"));

        let lost = inputs("folder = 'data'\nscan = 'point_us'")
            .unwrap_err()
            .to_string();
        assert!(lost.contains("nearest: point_it"), "{lost}");
        let lost = inputs("folder = 'datum'").unwrap_err().to_string();
        assert!(lost.contains("datum can not be read"), "{lost}");
    }

    #[test]
    fn a_telescope_of_dishes_is_given_the_inputs_of_mid() {
        let mid = LOW
            .replace("central_node", "dish")
            .replace("low-tmc/central-node/0", "{dish}/a/b")
            .replace("low-tmc", "any"); // names would say more
        let mid: TelescopeConfig = format!("dishes = ['SKA001']\n{mid}").parse().unwrap();
        assert!(mid.inputs().configure().contains("receiver_band"));
        let low: TelescopeConfig = LOW.parse().unwrap();
        assert!(low.inputs().configure().contains("lowcbf"));
    }
}
