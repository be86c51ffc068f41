//! Why a fault of the wire cannot be started or ended.

use tango_wire::Error;
use tango_wire::server::ServerError;
use thiserror::Error;

use crate::attribute::Attribute;

/// Why a fault of the wire cannot be started or ended.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WireFaultError {
    /// The device is not served, or no longer.
    #[error("{device} is not served over Tango; faults of the wire need a running telescope")]
    NotServed {
        /// The name of the device.
        device: String,
    },
    /// The device does not have the attribute whose events are meant.
    #[error("{device} has no attribute {attribute}; it has {known}")]
    UnknownAttribute {
        /// The name of the device.
        device: String,
        /// The attribute that was asked for.
        attribute: Attribute,
        /// The attributes that the device has.
        known: String,
    },
    /// The Tango database did not do it.
    #[error("the Tango database did not do what was asked of it for {device}")]
    Database {
        /// The name of the device.
        device: String,
        /// What it said.
        source: Error,
    },
    /// The device server did not stop or start.
    #[error("the device server did not do what was asked of it")]
    Server(#[from] ServerError),
}
