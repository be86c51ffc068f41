//! Finds out where a device is and how it is talked to.

use super::address::{DeviceAddress, Guide, Place, split_place};
use super::call::{Call, CallFailure};
use super::client::Client;
use super::pool::CallLimits;
use super::target::Target;
use crate::any::{read_any, write_any};
use crate::error::Error;
use crate::giop::{ObjectReference, Version};
use crate::types::{ClientIdentity, DeviceInfo, DeviceInfoVersion, Source, Value};

/// The object key under which every Tango database answers.
const DATABASE_KEY: &[u8] = b"database";
/// The interface versions this client can talk to: 4 is of Tango 8, 6 of Tango 10.
const INTERFACES: std::ops::RangeInclusive<i32> = 4..=6;
/// How a database says that it knows no such device.
const NOT_DEFINED: &str = "DB_DeviceNotDefined";

/// A device that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) target: Target,
    /// The version of its interface.
    pub(super) version: i32,
}

/// Finds a device and asks for the version of its interface.
///
/// Objects without an IOR (a database, a server without one) are called with GIOP 1.2 from the
/// first request. A `corbaloc` address without a version means 1.0 by the book, but omniORB
/// answers each request in the request's own version, and 1.2 has fragments and a character set.
pub(super) async fn resolve(
    client: &Client,
    address: &DeviceAddress,
    limits: CallLimits,
) -> Result<Found, Error> {
    let target = match address.guide() {
        Guide::Server { host, port } => {
            let pool = client.pool(vec![(host.clone(), *port)], Version::V1_2);
            Target {
                pool,
                object_key: address.name().as_bytes().into(),
            }
        }
        Guide::Database { host, port } => {
            import(client, &(host.clone(), *port), address.name(), limits).await?
        }
        Guide::DefaultDatabase => {
            let databases = client.databases(address)?;
            let mut outcome = None;
            for database in &databases {
                let imported = import(client, database, address.name(), limits).await;
                let unreachable = matches!(imported, Err(Error::Unreachable { .. }));
                outcome = Some(imported);
                if !unreachable {
                    break; // the other databases of TANGO_HOST stand in for one that is down
                }
            }
            outcome.ok_or_else(|| no_database(address))??
        }
    };
    let call = Call::plain("info", "info");
    let info = target.call(
        client,
        limits,
        &call,
        |_| (),
        |reader| DeviceInfo::read(reader, DeviceInfoVersion::One),
    );
    let info = info
        .await
        .map_err(|failure| failure.into_error(address.name(), &call))?;
    if !INTERFACES.contains(&info.version) {
        let reason = format!(
            "its interface is of version {}, not of 4, 5 or 6",
            info.version
        );
        return Err(Error::protocol(address.name(), call, reason));
    }
    Ok(Found {
        target,
        version: info.version,
    })
}

/// Asks a database where a device is.
async fn import(
    client: &Client,
    database: &(String, u16),
    device: &str,
    limits: CallLimits,
) -> Result<Target, Error> {
    let name = Place(&database.0, database.1).to_string();
    let pool = client.pool(vec![database.clone()], Version::V1_2);
    let database = Target {
        pool,
        object_key: DATABASE_KEY.into(),
    };
    let call = Call::about("command_inout_4", "command DbImportDevice of", device);
    let argument = Value::String(device.to_owned());
    let reply = database.call(
        client,
        limits,
        &call,
        |writer| {
            writer.string("DbImportDevice");
            write_any(writer, &argument);
            Source::Device.write(writer);
            // the layout every version reads
            ClientIdentity::own(0).write(writer);
        },
        read_any,
    );
    let not_defined = |reason: String| Error::NotDefined {
        device: device.to_owned(),
        database: name.clone(),
        reason,
    };
    let reply = match reply.await {
        Ok(reply) => reply,
        Err(CallFailure::Refused(failure)) if failure.reason() == NOT_DEFINED => {
            return Err(not_defined(failure.to_string()));
        }
        Err(failure) => return Err(failure.into_error(&format!("database {name}"), &call)),
    };
    let Value::LongStrings(numbers, texts) = reply else {
        return Err(Error::protocol(
            &name,
            call,
            format!("a {}", reply.data_type()),
        ));
    };
    let (Some(exported), Some(reference)) = (numbers.first(), texts.get(1)) else {
        return Err(Error::protocol(&name, call, "too few values"));
    };
    if *exported == 0 {
        return Err(not_defined(
            "it is defined there but its server is not running".to_owned(),
        ));
    }
    let reference: ObjectReference = reference
        .parse()
        .map_err(|error| Error::protocol(&name, call, error))?;
    let place = client.target(&reference);
    place.ok_or_else(|| Error::protocol(&name, call, "an object reference without an address"))
}

/// Splits a `TANGO_HOST`: one or more of host:port, with commas between.
pub(super) fn split_tango_host(
    tango_host: &str,
    address: &DeviceAddress,
) -> Result<Vec<(String, u16)>, Error> {
    let places = tango_host.split(',').map(|place| split_place(place.trim()));
    places
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Error::Name {
            address: format!("{address} in the database {tango_host:?}"),
            reason: "TANGO_HOST must be host:port, or several of these with commas between",
        })
}

/// The error of a name without a database to look it up in.
pub(super) fn no_database(address: &DeviceAddress) -> Error {
    Error::Name {
        address: address.to_string(),
        reason: "no database is known: set TANGO_HOST, or write tango://host:port/ before the name",
    }
}
