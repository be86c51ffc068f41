//! Finds out where a device is and how it is talked to.

use std::sync::Arc;

use super::address::{DeviceAddress, Place};
use super::address_book::Service;
use super::call::Call;
use super::client::Client;
use super::database::DatabaseProxy;
use super::target::Target;
use crate::error::Error;

/// The interface versions this client can talk to: 4 is of Tango 8, 6 of Tango 10.
const INTERFACES: [i32; 3] = [6, 5, 4];

/// A device that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) target: Target,
    /// The device's name, also where its address has an alias.
    pub(super) name: Arc<str>,
    /// The version of its interface.
    pub(super) version: i32,
}

/// Where a device is.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) target: Target,
    /// The device's name, also where what was looked for is an alias.
    pub(super) name: Arc<str>,
    /// The interface that its reference claims; "" if it has no reference.
    pub(super) type_id: String,
}

/// Finds a device and the version of its interface.
pub(super) async fn resolve(client: &Client, address: &DeviceAddress) -> Result<Found, Error> {
    let device = address.device();
    let located = match address.place() {
        Place::Direct(server) => Located {
            target: Target::named(client, server.clone(), device, Service::Calls),
            name: device.into(),
            type_id: String::new(),
        },
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
    let version = interface(client, device, &located).await?;
    Ok(Found {
        target: located.target,
        name: located.name,
        version,
    })
}

/// Asks the device for the newest interface that it has, and so whether it answers at all. First for
/// the one that its reference claims, if it does.
///
/// The version in a device's `info` is not that: it is the library's, and an IDL 4 device of a
/// server of today says 6 there (PyTango 10.3.1).
async fn interface(client: &Client, device: &str, located: &Located) -> Result<i32, Error> {
    let call = Call::plain("_is_a", "question for its interface");
    let claimed = INTERFACES
        .into_iter()
        .find(|version| located.type_id == type_id(*version));
    for version in claimed.into_iter().chain(INTERFACES) {
        let has_it = located.target.call(
            client,
            client.limits(),
            &call,
            |writer| writer.string(&type_id(version)),
            |reader| reader.bool(),
        );
        let has_it = has_it.await;
        if has_it.map_err(|failure| failure.into_error(device, &call))? {
            return Ok(version);
        }
    }
    let reason = "its interface is none of the versions 4, 5 and 6, of Tango 8 to 10";
    Err(Error::protocol(device, call, reason))
}

/// What CORBA calls an interface.
fn type_id(version: i32) -> String {
    format!("IDL:Tango/Device_{version}:1.0")
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
