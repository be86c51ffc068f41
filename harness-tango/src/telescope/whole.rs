//! The telescope, connected.

use std::collections::BTreeMap;

use harness_core::{TracedDevice, Tracer};

use super::config::{ConfiguredDevice, TelescopeConfig};
use super::connect::{Connector, connect_all};
use super::error::{ConnectError, NoSuchSubarray};
use super::role::Role;
use crate::device::TangoConnector;
use crate::subarray::Subarray;

/// A telescope whose devices are all there.
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
    subarrays: BTreeMap<u32, Subarray>,
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
        let devices = connect_all(&config, connector, tracer).await?;
        let subarrays = devices
            .iter()
            .filter(|(device, _)| device.role == Role::Subarray)
            .filter_map(|(device, traced)| Some((device.subarray?, traced)))
            .map(|(number, traced)| {
                (
                    number,
                    Subarray::new(number, traced, config.inputs(), config.timeouts()),
                )
            })
            .collect();
        Ok(Telescope {
            tracer: tracer.clone(),
            devices,
            subarrays,
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
        self.subarrays
            .get(&number)
            .cloned()
            .ok_or_else(|| NoSuchSubarray {
                telescope: self.config.name().to_owned(),
                number,
                known: self.subarrays.keys().copied().collect(),
            })
    }

    /// All subarrays, by number.
    pub fn subarrays(&self) -> impl Iterator<Item = &Subarray> {
        self.subarrays.values()
    }

    /// All devices, with what they are to the telescope.
    pub fn devices(&self) -> impl Iterator<Item = (&ConfiguredDevice, &TracedDevice)> {
        self.devices.iter().map(|(device, traced)| (device, traced))
    }

    /// The device that plays a role for the whole telescope.
    #[must_use]
    pub fn device(&self, role: Role) -> Option<&TracedDevice> {
        self.find(|device| {
            device.role == role && device.subarray.is_none() && device.dish.is_none()
        })
    }

    /// The device that plays a role for a subarray.
    #[must_use]
    pub fn device_of_subarray(&self, role: Role, subarray: u32) -> Option<&TracedDevice> {
        self.find(|device| device.role == role && device.subarray == Some(subarray))
    }

    /// The dish with this name; names in any case are the same.
    #[must_use]
    pub fn dish(&self, name: &str) -> Option<&TracedDevice> {
        self.find(|device| {
            device
                .dish
                .as_deref()
                .is_some_and(|dish| dish.eq_ignore_ascii_case(name))
        })
    }

    fn find(&self, fits: impl Fn(&ConfiguredDevice) -> bool) -> Option<&TracedDevice> {
        self.devices
            .iter()
            .find(|(device, _)| fits(device))
            .map(|(_, traced)| traced)
    }
}
