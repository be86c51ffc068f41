//! Which telescope to test: its devices by role, its subarrays, timeouts and inputs.

use std::collections::BTreeMap;
use std::time::Duration;

use super::error::ConfigError;
use super::role::{Each, Role};
use super::template::NameTemplate;
use crate::inputs::Inputs;

/// Which telescope to test: its devices by role, its subarrays, timeouts and inputs.
///
/// Read from a TOML file by [`from_file`](TelescopeConfig::from_file), or built:
///
/// ```
/// use harness_tango::telescope::TelescopeConfig;
///
/// let config = TelescopeConfig::new("a simulated telescope")
///     .with_tango_host("127.0.0.1:10000")
///     .with_subarray_template("low-tmc/subarray/{subarray:02}")
///     .with_subarrays([1, 2]);
/// assert_eq!(config.subarrays(), [1, 2]);
/// ```
#[derive(Clone, Debug)]
pub struct TelescopeConfig {
    name: String,
    tango_host: Option<String>,
    roles: BTreeMap<Role, String>,
    subarrays: Vec<u32>,
    dishes: Vec<String>,
    timeouts: Timeouts,
    inputs: Inputs,
}

/// How long things may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// How long one command may take until it has completed; 30 s unless set.
    pub command: Duration,
    /// How long it may take to reach a state; 60 s unless set.
    pub reach: Duration,
    /// How long it may take to reach a state after a first failure, by way of an abort; 120 s
    /// unless set.
    pub recovery: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            command: Duration::from_secs(30),
            reach: Duration::from_secs(60),
            recovery: Duration::from_secs(120),
        }
    }
}

/// A device of a telescope: its role, whose it is, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ConfiguredDevice {
    /// What the device is to the telescope.
    pub role: Role,
    /// The number of the subarray it belongs to, if it belongs to one.
    pub subarray: Option<u32>,
    /// The dish it is, if it is one.
    pub dish: Option<String>,
    /// The name of the device, as it is given to Tango.
    pub name: String,
}

impl TelescopeConfig {
    /// A telescope with this name, subarray 1 and no devices yet.
    #[must_use]
    pub fn new(name: impl Into<String>) -> TelescopeConfig {
        TelescopeConfig {
            name: name.into(),
            tango_host: None,
            roles: BTreeMap::new(),
            subarrays: vec![1],
            dishes: Vec::new(),
            timeouts: Timeouts::default(),
            inputs: Inputs::default(),
        }
    }

    /// Sets the Tango database, as `host:port`. Without it, `TANGO_HOST` from the environment.
    #[must_use]
    pub fn with_tango_host(mut self, tango_host: impl Into<String>) -> Self {
        self.tango_host = Some(tango_host.into());
        self
    }

    /// Sets the device name of a role, with `{subarray}`, `{subarray:02}` or `{dish}` where it
    /// differs. Mistakes are told by [`validate`](Self::validate), and when connecting.
    #[must_use]
    pub fn with_role(mut self, role: Role, name: impl Into<String>) -> Self {
        self.roles.insert(role, name.into());
        self
    }

    /// Sets the device name of the subarrays that tests talk to: [`Role::Subarray`].
    #[must_use]
    pub fn with_subarray_template(self, name: impl Into<String>) -> Self {
        self.with_role(Role::Subarray, name)
    }

    /// Sets the numbers of the subarrays.
    #[must_use]
    pub fn with_subarrays(mut self, numbers: impl IntoIterator<Item = u32>) -> Self {
        self.subarrays = numbers.into_iter().collect();
        self
    }

    /// Sets the names of the dishes.
    #[must_use]
    pub fn with_dishes(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.dishes = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how long things may take.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets the inputs of commands.
    #[must_use]
    pub fn with_inputs(mut self, inputs: Inputs) -> Self {
        self.inputs = inputs;
        self
    }

    /// What the telescope is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The Tango database, if it was set.
    #[must_use]
    pub fn tango_host(&self) -> Option<&str> {
        self.tango_host.as_deref()
    }

    /// The numbers of the subarrays.
    #[must_use]
    pub fn subarrays(&self) -> &[u32] {
        &self.subarrays
    }

    /// The names of the dishes.
    #[must_use]
    pub fn dishes(&self) -> &[String] {
        &self.dishes
    }

    /// How long things may take.
    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// The inputs of commands.
    #[must_use]
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// Checks what can be checked without a telescope.
    ///
    /// # Errors
    /// The first mistake: a wrong device name, no subarray, a subarray or a device named twice.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.devices().map(drop)
    }

    /// All devices of the telescope, by role and number.
    ///
    /// # Errors
    /// Those of [`validate`](Self::validate).
    pub fn devices(&self) -> Result<Vec<ConfiguredDevice>, ConfigError> {
        if !self.roles.contains_key(&Role::Subarray) {
            return Err(ConfigError::NoSubarrayRole);
        }
        if self.subarrays.is_empty() {
            return Err(ConfigError::NoSubarrays);
        }
        let mut devices: Vec<ConfiguredDevice> = Vec::new();
        for (role, text) in &self.roles {
            let template = NameTemplate::parse(*role, text)?;
            for device in self.players(*role, &template) {
                let twice = devices.iter().find(|known| {
                    known.role == device.role && known.name.eq_ignore_ascii_case(&device.name)
                });
                if twice.is_some() {
                    return Err(ConfigError::NamedTwice {
                        role: *role,
                        name: device.name,
                    });
                }
                devices.push(device);
            }
        }
        Ok(devices)
    }

    fn players(&self, role: Role, template: &NameTemplate) -> Vec<ConfiguredDevice> {
        match role.each() {
            Each::Telescope => vec![ConfiguredDevice {
                role,
                subarray: None,
                dish: None,
                name: template.to_string(),
            }],
            Each::Subarray => self
                .subarrays
                .iter()
                .map(|number| ConfiguredDevice {
                    role,
                    subarray: Some(*number),
                    dish: None,
                    name: template.for_subarray(*number),
                })
                .collect(),
            Each::Dish => self
                .dishes
                .iter()
                .map(|dish| ConfiguredDevice {
                    role,
                    subarray: None,
                    dish: Some(dish.clone()),
                    name: template.for_dish(dish),
                })
                .collect(),
        }
    }
}
