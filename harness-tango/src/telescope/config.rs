//! Which telescope to test: its devices by role, its subarrays, timeouts and inputs.

use std::collections::BTreeMap;
use std::time::Duration;

use super::kind::TelescopeKind;
use super::named::NamedDevices;
use super::role::Role;
use super::switch::TelescopeState;
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
    named: NamedDevices,
    optional: Vec<String>,
    kind: Option<TelescopeKind>,
    preamble: Option<TelescopeState>,
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

/// A device of a telescope: its role or what it is called, whose it is, and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ConfiguredDevice {
    /// What the device is to the telescope, if it plays a role.
    pub role: Option<Role>,
    /// What feature files call it, if it plays no role.
    pub called: Option<String>,
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
            named: NamedDevices::default(),
            optional: Vec::new(),
            kind: None,
            preamble: None,
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

    /// Adds devices that play no role, by what feature files call them; more than one if they are
    /// spoken of together. Names that differ in case, spaces, underscores and hyphens are one name.
    #[must_use]
    pub fn with_devices(
        mut self,
        called: impl Into<String>,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let names = names.into_iter().map(Into::into).collect();
        self.named.insert(called.into(), names);
        self
    }

    /// Says without which roles and devices the telescope is one all the same. If one of their
    /// devices can not be reached, connecting goes on without it and the record says so; a test
    /// that needs it then fails by its absence. Absent devices that are not optional fail the
    /// connection, because nobody should learn in the middle of a run that a system is missing.
    #[must_use]
    pub fn with_optional(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.optional = names.into_iter().map(Into::into).collect();
        self
    }

    /// Says which of SKA's telescopes it is; guessed from device names unless set.
    #[must_use]
    pub fn with_kind(mut self, kind: TelescopeKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Says what the telescope is brought to before each scenario, if it is not there: nothing
    /// unless set. Without it, a scenario that needs the telescope ON says so by a Given.
    #[must_use]
    pub fn with_preamble(mut self, preamble: TelescopeState) -> Self {
        self.preamble = Some(preamble);
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

    /// What the devices that play no role are called, as it was written.
    pub fn device_names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|(called, _)| called)
    }

    /// The roles and devices without which the telescope is one all the same.
    #[must_use]
    pub fn optional(&self) -> &[String] {
        &self.optional
    }

    /// Which of SKA's telescopes it is: as was set, or else as the domains of its device names
    /// tell (`low-..`, `ska_low`, `mid-..`, `ska_mid`, `mid_..`). None if they do not, or tell of
    /// both.
    #[must_use]
    pub fn kind(&self) -> Option<TelescopeKind> {
        let roles = self.roles.values().map(String::as_str);
        let others = self.named.iter().flat_map(|(_, names)| names);
        self.kind
            .or_else(|| TelescopeKind::guess(roles.chain(others.map(String::as_str))))
    }

    /// What the telescope is brought to before each scenario, if it is not there.
    #[must_use]
    pub fn preamble(&self) -> Option<TelescopeState> {
        self.preamble
    }

    /// The device name of a role, with its placeholders, if one was set.
    #[must_use]
    pub fn role_name(&self, role: Role) -> Option<&str> {
        self.roles.get(&role).map(String::as_str)
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

    pub(super) fn roles(&self) -> impl Iterator<Item = (Role, &str)> {
        self.roles.iter().map(|(role, name)| (*role, name.as_str()))
    }

    pub(super) fn named(&self) -> &NamedDevices {
        &self.named
    }
}
