//! Why a fleet can not be used.

use harness_core::device::DeviceError;

use super::station::Station;

/// Why a fleet can not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FleetError {
    /// It has no device.
    #[error("there are no devices: a load needs at least one")]
    NoDevices,
    /// The state of a device is not heard.
    #[error("{attribute} of {device} is not heard")]
    Deaf {
        /// The device.
        device: String,
        /// The attribute that is its state.
        attribute: String,
        /// What the device said.
        #[source]
        source: Box<DeviceError>,
    },
    /// There is no way from home.
    #[error("no command that is sent leads away from {home}, where users begin")]
    NoWay {
        /// Where they begin.
        home: String,
    },
}

impl FleetError {
    pub(super) fn deaf(station: &Station, error: DeviceError) -> FleetError {
        FleetError::Deaf {
            device: station.name().to_owned(),
            attribute: station.charter.state.clone(),
            source: Box::new(error),
        }
    }
}
