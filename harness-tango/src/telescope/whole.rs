//! The telescope, connected.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use harness_core::{TracedDevice, Tracer};

use super::config::{ConfiguredDevice, TelescopeConfig};
use super::connect::{Connected, Connector, connect_all};
use super::error::{AbsentDevice, ConnectError, NoSuchSubarray};
use super::left::{Left, LeftBehind};
use super::named::key;
use super::role::Role;
use super::system::{RoleKind, System};
use crate::device::TangoConnector;
use crate::subarray::{CommandNames, Subarray};

/// A telescope whose devices are all there, but for optional ones.
///
/// ```no_run
/// use harness_tango::telescope::{Telescope, TelescopeConfig};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let telescope = Telescope::connect(TelescopeConfig::from_file("low.toml")?).await?;
/// println!("subarray 1 is in {}", telescope.subarray(1)?.obs_state().await?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Telescope {
    config: TelescopeConfig,
    tracer: Tracer,
    devices: Vec<(ConfiguredDevice, TracedDevice)>,
    absent: Vec<AbsentDevice>,
    /// By the one spelling of what they are called.
    named: BTreeMap<String, Vec<TracedDevice>>,
    subarrays: BTreeMap<(System, u32), Subarray>,
    left: Left,
}

impl Telescope {
    /// Connects all devices of a telescope over Tango, with a tracer of its own.
    ///
    /// # Errors
    /// When the configuration is wrong, the Tango database can not be reached, or devices are
    /// absent: all of those are named.
    pub async fn connect(config: TelescopeConfig) -> Result<Telescope, ConnectError> {
        Telescope::connect_traced(config, &Tracer::default()).await
    }

    /// [`connect`](Self::connect) with a tracer that others use too.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect).
    pub async fn connect_traced(
        config: TelescopeConfig,
        tracer: &Tracer,
    ) -> Result<Telescope, ConnectError> {
        let connector = TangoConnector::for_telescope(&config).await?;
        Telescope::connect_with(config, &connector, tracer).await
    }

    /// Connects all devices of a telescope in whatever way the connector knows.
    ///
    /// # Errors
    /// When the configuration is wrong, or devices are absent: all of those are named.
    pub async fn connect_with(
        config: TelescopeConfig,
        connector: &dyn Connector,
        tracer: &Tracer,
    ) -> Result<Telescope, ConnectError> {
        let Connected { devices, absent } = connect_all(&config, connector, tracer).await?;
        let subarrays = subarrays_among(&devices, &config).await;
        let mut named: BTreeMap<String, Vec<TracedDevice>> = BTreeMap::new();
        for (device, traced) in &devices {
            if let Some(called) = &device.called {
                named.entry(key(called)).or_default().push(traced.clone());
            }
        }
        Ok(Telescope {
            tracer: tracer.clone(),
            devices,
            absent,
            named,
            subarrays,
            left: Left::default(),
            config,
        })
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &TelescopeConfig {
        &self.config
    }

    /// The tracer, which records what all devices are asked and say.
    #[must_use]
    pub fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// The subarray with this number.
    ///
    /// # Errors
    /// When the telescope has none; the error names those it has.
    pub fn subarray(&self, number: u32) -> Result<Subarray, NoSuchSubarray> {
        self.subarray_of(System::Tmc, number)
    }

    /// The subarray of a system with this number: the device of the system itself, which a test
    /// commands past the telescope manager. The telescope manager's is that of
    /// [`subarray`](Self::subarray).
    ///
    /// # Errors
    /// When the telescope has none; the error names those it has, or the role to set.
    pub fn subarray_of(&self, system: System, number: u32) -> Result<Subarray, NoSuchSubarray> {
        self.subarrays
            .get(&(system, number))
            .cloned()
            .ok_or_else(|| NoSuchSubarray {
                telescope: self.config.name().to_owned(),
                system,
                number,
                known: self
                    .subarrays_of(system)
                    .map(|subarray| subarray.number())
                    .collect(),
            })
    }

    /// All subarrays of the telescope manager, by number.
    pub fn subarrays(&self) -> impl Iterator<Item = &Subarray> {
        self.subarrays_of(System::Tmc)
    }

    /// All subarrays of a system, by number.
    pub fn subarrays_of(&self, system: System) -> impl Iterator<Item = &Subarray> {
        self.subarrays
            .values()
            .filter(move |subarray| subarray.system() == system)
    }

    /// Remembers that a subarray was left where it could not be brought back from, for whoever
    /// uses it next.
    pub fn remember_left(&self, left: LeftBehind) {
        self.left.remember(left);
    }

    /// Forgets that a subarray was left so: it is as it should be again.
    pub fn forget_left(&self, system: System, number: u32) {
        self.left.forget(system, number);
    }

    /// The subarrays that were left where they could not be brought back from.
    #[must_use]
    pub fn left(&self) -> Vec<LeftBehind> {
        self.left.all()
    }

    /// The devices that could not be reached and are optional.
    #[must_use]
    pub fn absent(&self) -> &[AbsentDevice] {
        &self.absent
    }

    /// The devices that play no role, by what feature files call them; names that differ in case,
    /// spaces, underscores and hyphens are one name. Empty if there are none, or all are absent.
    #[must_use]
    pub fn named(&self, called: &str) -> &[TracedDevice] {
        self.named.get(&key(called)).map_or(&[], Vec::as_slice)
    }

    /// All devices that play a role, in the order of their subarrays and dishes.
    pub fn devices_of(&self, role: Role) -> impl Iterator<Item = &TracedDevice> {
        self.devices
            .iter()
            .filter(move |(device, _)| device.role == Some(role))
            .map(|(_, traced)| traced)
    }

    /// All devices, with what they are to the telescope.
    pub fn devices(&self) -> impl Iterator<Item = (&ConfiguredDevice, &TracedDevice)> {
        self.devices.iter().map(|(device, traced)| (device, traced))
    }

    /// The device that plays a role for the whole telescope.
    #[must_use]
    pub fn device(&self, role: Role) -> Option<&TracedDevice> {
        self.find(|device| {
            device.role == Some(role) && device.subarray.is_none() && device.dish.is_none()
        })
    }

    /// The device that plays a role for a subarray.
    #[must_use]
    pub fn device_of_subarray(&self, role: Role, subarray: u32) -> Option<&TracedDevice> {
        self.find(|device| device.role == Some(role) && device.subarray == Some(subarray))
    }

    /// The dish with this name; names in any case are the same.
    #[must_use]
    pub fn dish(&self, name: &str) -> Option<&TracedDevice> {
        self.device_of_dish(Role::Dish, name)
    }

    /// The device that plays a role for the dish with this name; names in any case are the same.
    #[must_use]
    pub fn device_of_dish(&self, role: Role, dish: &str) -> Option<&TracedDevice> {
        self.find(|device| {
            let its = device.dish.as_deref();
            device.role == Some(role) && its.is_some_and(|its| its.eq_ignore_ascii_case(dish))
        })
    }

    fn find(&self, fits: impl Fn(&ConfiguredDevice) -> bool) -> Option<&TracedDevice> {
        self.devices
            .iter()
            .find(|(device, _)| fits(device))
            .map(|(_, traced)| traced)
    }
}

/// Everything that plays a subarray, of whichever system, with commands as it names them.
async fn subarrays_among(
    devices: &[(ConfiguredDevice, TracedDevice)],
    config: &TelescopeConfig,
) -> BTreeMap<(System, u32), Subarray> {
    let subarrays = devices.iter().filter_map(|(device, traced)| {
        let role = device
            .role
            .filter(|role| role.kind() == RoleKind::Subarray)?;
        Some((role.system(), device.subarray?, traced))
    });
    let subarrays: Vec<_> = subarrays.collect();
    // a system alone has no telescope manager, and plays its role
    let others = subarrays
        .iter()
        .filter(|(system, ..)| *system != System::Tmc);
    let its_own: Vec<_> = others
        .map(|(system, _, traced)| (traced.name().clone(), *system))
        .collect();
    let its_own = &its_own;
    let built = subarrays
        .into_iter()
        .map(|(system, number, traced)| async move {
            let names = CommandNames::of_device(&**traced.device()).await;
            let same = its_own.iter().find(|(name, _)| name == traced.name());
            // the telescope manager's own are no section
            let section = same.map_or(system, |(_, system)| *system);
            let section = config.inputs().section(section.key());
            let inputs = section.as_ref().unwrap_or(config.inputs());
            let timeouts = config.timeouts();
            let subarray = Subarray::of_system(system, number, traced, inputs, timeouts, &names);
            ((system, number), subarray)
        });
    join_all(built).await.into_iter().collect()
}
