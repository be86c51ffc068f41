//! All devices that a configuration names.

use super::config::{ConfiguredDevice, TelescopeConfig};
use super::error::ConfigError;
use super::named::key;
use super::role::{Each, Role};
use super::template::NameTemplate;

impl TelescopeConfig {
    /// Checks what can be checked without a telescope.
    ///
    /// # Errors
    /// The first mistake: a wrong device name, no subarray, a subarray or a device named twice,
    /// something optional that the telescope does not have.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.devices().map(drop)
    }

    /// All devices of the telescope: by role and number, then those without a role by what they
    /// are called.
    ///
    /// # Errors
    /// Those of [`validate`](Self::validate).
    pub fn devices(&self) -> Result<Vec<ConfiguredDevice>, ConfigError> {
        if self.role_name(Role::Subarray).is_none() {
            return Err(ConfigError::NoSubarrayRole);
        }
        if self.subarrays().is_empty() {
            return Err(ConfigError::NoSubarrays);
        }
        let mut devices: Vec<ConfiguredDevice> = Vec::new();
        for (role, text) in self.roles() {
            let template = NameTemplate::parse(role, text)?;
            for device in self.players(role, &template) {
                let twice = devices.iter().find(|known| {
                    known.role == device.role && known.name.eq_ignore_ascii_case(&device.name)
                });
                if twice.is_some() {
                    return Err(ConfigError::NamedTwice {
                        role,
                        name: device.name,
                    });
                }
                devices.push(device);
            }
        }
        self.named().check()?;
        for (called, names) in self.named().iter() {
            devices.extend(names.iter().map(|name| ConfiguredDevice {
                role: None,
                called: Some(called.to_owned()),
                subarray: None,
                dish: None,
                name: name.trim().to_owned(),
            }));
        }
        self.check_optional(&devices)?;
        Ok(devices)
    }

    /// Whether the telescope works without this device: see
    /// [`with_optional`](Self::with_optional).
    #[must_use]
    pub fn is_optional(&self, device: &ConfiguredDevice) -> bool {
        self.optional()
            .iter()
            .any(|optional| device.is_called(optional))
    }

    fn check_optional(&self, devices: &[ConfiguredDevice]) -> Result<(), ConfigError> {
        for optional in self.optional() {
            let why = if key(optional) == Role::Subarray.key() {
                "tests talk to the subarrays, so that nothing can be done without them"
            } else if !devices.iter().any(|device| device.is_called(optional)) {
                "the telescope has no such role or device"
            } else {
                continue;
            };
            return Err(ConfigError::Optional {
                name: optional.clone(),
                why,
            });
        }
        Ok(())
    }

    fn players(&self, role: Role, template: &NameTemplate) -> Vec<ConfiguredDevice> {
        let player = |subarray, dish, name| ConfiguredDevice {
            role: Some(role),
            called: None,
            subarray,
            dish,
            name,
        };
        let one = || vec![player(None, None, template.to_string())];
        let of_subarrays = || {
            let numbers = self.subarrays().iter();
            numbers
                .map(|number| player(Some(*number), None, template.for_subarray(*number)))
                .collect()
        };
        match role.each() {
            Each::Telescope => one(),
            Each::Beam if template.is_fixed() => one(),
            Each::Subarray | Each::Beam => of_subarrays(),
            Each::Dish => self
                .dishes()
                .iter()
                .map(|dish| player(None, Some(dish.clone()), template.for_dish(dish)))
                .collect(),
        }
    }
}

impl ConfiguredDevice {
    /// The part that it plays: its role, or what it is called.
    #[must_use]
    pub fn part(&self) -> &str {
        match (&self.role, &self.called) {
            (Some(role), _) => role.key(),
            (None, called) => called.as_deref().unwrap_or_default(),
        }
    }

    fn is_called(&self, name: &str) -> bool {
        key(self.part()) == key(name)
    }
}
