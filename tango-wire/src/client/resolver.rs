//! Finds out where a device is and how it is talked to.

use std::sync::Arc;

use super::address::{DeviceAddress, Place};
use super::call::Call;
use super::client::Client;
use super::database::DatabaseProxy;
use super::target::Target;
use crate::error::Error;
use crate::types::{DeviceInfo, DeviceInfoVersion};

/// The interface versions this client can talk to: 4 is of Tango 8, 6 of Tango 10.
const INTERFACES: std::ops::RangeInclusive<i32> = 4..=6;

/// A device that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) target: Target,
    /// The device's name, also where its address has an alias.
    pub(super) name: Arc<str>,
    /// The version of its interface.
    pub(super) version: i32,
}

/// Finds a device and asks for the version of its interface.
pub(super) async fn resolve(client: &Client, address: &DeviceAddress) -> Result<Found, Error> {
    let device = address.device();
    let (target, name) = match address.place() {
        Place::Direct(server) => (Target::named(client, server.clone(), device), device.into()),
        Place::Database(_) => {
            let database = database_of(client, address).map_err(|error| match error {
                Error::NoDatabase { reason } => Error::NotDefined {
                    device: device.to_owned(),
                    database: "TANGO_HOST".to_owned(),
                    reason,
                },
                other => other,
            })?;
            database.find(device).await?
        }
    };
    let call = Call::plain("info", "info");
    let info = target.call(
        client,
        client.limits(),
        &call,
        |_| (),
        |reader| DeviceInfo::read(reader, DeviceInfoVersion::One),
    );
    let info = info
        .await
        .map_err(|failure| failure.into_error(device, &call))?;
    if !INTERFACES.contains(&info.version) {
        let reason = format!(
            "its interface is of version {}, not of 4, 5 or 6",
            info.version
        );
        return Err(Error::protocol(device, call, reason));
    }
    Ok(Found {
        target,
        name,
        version: info.version,
    })
}

/// The database that knows where a device is.
pub(super) fn database_of(
    client: &Client,
    address: &DeviceAddress,
) -> Result<DatabaseProxy, Error> {
    match address.place() {
        Place::Database(None) => client.database(),
        Place::Database(Some(place)) => Ok(client.database_at(place.clone())),
        Place::Direct(_) => Err(Error::NoDatabase {
            reason: format!("{address} is called without one (#dbase=no)"),
        }),
    }
}
