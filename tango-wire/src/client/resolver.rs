//! Finds out where a device is and how it is talked to.

use std::sync::Arc;

use super::address::{DeviceAddress, HostPort, Place};
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

/// How it says so of an alias.
const ALIAS_NOT_DEFINED: &str = "DB_AliasNotDefined";

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
///
/// Objects without an IOR (a database, a server without one) are called with GIOP 1.2 from the
/// first request. A `corbaloc` address without a version means 1.0 by the book, but omniORB
/// answers each request in the request's own version, and 1.2 has fragments and a character set.
pub(super) async fn resolve(
    client: &Client,
    address: &DeviceAddress,
    limits: CallLimits,
) -> Result<Found, Error> {
    let device = address.device();
    let (target, name) = match address.place() {
        Place::Direct(server) => {
            let pool = client.pool(vec![server.clone()], Version::V1_2);
            (
                Target {
                    pool,
                    object_key: device.as_bytes().into(),
                },
                device.into(),
            )
        }
        Place::Database(Some(place)) => Database::at(client, place, limits).find(device).await?,
        Place::Database(None) => find_in_any(client, device, limits).await?,
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

/// Asks the client's own databases: each stands in for those before it that are down.
async fn find_in_any(
    client: &Client,
    device: &str,
    limits: CallLimits,
) -> Result<(Target, Arc<str>), Error> {
    let mut outcome = Err(no_database(device));
    for place in &client.databases(device)? {
        outcome = Database::at(client, place, limits).find(device).await;
        let is_down = matches!(
            outcome,
            Err(Error::Unreachable { .. } | Error::TimedOut { .. } | Error::Closed { .. })
        );
        if !is_down {
            break;
        }
    }
    outcome
}

/// A Tango database.
struct Database<'a> {
    client: &'a Client,
    limits: CallLimits,
    place: &'a HostPort,
    target: Target,
}

impl<'a> Database<'a> {
    fn at(client: &'a Client, place: &'a HostPort, limits: CallLimits) -> Database<'a> {
        let pool = client.pool(vec![place.clone()], Version::V1_2);
        let target = Target {
            pool,
            object_key: DATABASE_KEY.into(),
        };
        Database {
            client,
            limits,
            place,
            target,
        }
    }

    /// Finds out where a device is, and its name if what is asked for is an alias.
    async fn find(&self, device: &str) -> Result<(Target, Arc<str>), Error> {
        if device.contains('/') {
            return Ok((self.import(device).await?, device.into()));
        }
        let name = match self.ask("DbGetAliasDevice", device).await? {
            Value::String(name) => name.to_ascii_lowercase(),
            other => return Err(self.nonsense(device, format!("a {}", other.data_type()))),
        };
        Ok((self.import(&name).await?, name.into()))
    }

    async fn import(&self, device: &str) -> Result<Target, Error> {
        let reply = self.ask("DbImportDevice", device).await?;
        let Value::LongStrings(numbers, texts) = reply else {
            return Err(self.nonsense(device, format!("a {}", reply.data_type())));
        };
        let (Some(exported), Some(reference)) = (numbers.first(), texts.get(1)) else {
            return Err(self.nonsense(device, "too few values"));
        };
        if *exported == 0 {
            let reason = "it is defined there, but its server is not running".to_owned();
            return Err(self.not_defined(device, reason));
        }
        let reference: ObjectReference = reference
            .parse()
            .map_err(|error| self.nonsense(device, error))?;
        let target = self.client.target(&reference);
        target.ok_or_else(|| self.nonsense(device, "an object reference without an address"))
    }

    /// Runs one of the commands that take a name.
    async fn ask(&self, command: &str, device: &str) -> Result<Value, Error> {
        let argument = Value::String(device.to_owned());
        let call = Call::about("command_inout_4", "search for", device);
        let reply = self.target.call(
            self.client,
            self.limits,
            &call,
            |writer| {
                writer.string(command);
                write_any(writer, &argument);
                Source::Device.write(writer);
                ClientIdentity::own(0).write(writer); // in the layout that every version reads
            },
            read_any,
        );
        reply.await.map_err(|failure| match failure {
            CallFailure::Refused(failure)
                if [NOT_DEFINED, ALIAS_NOT_DEFINED].contains(&failure.reason()) =>
            {
                self.not_defined(device, failure.to_string())
            }
            other => other.into_error(&format!("the database {}", self.place), &call),
        })
    }

    fn not_defined(&self, device: &str, reason: String) -> Error {
        Error::NotDefined {
            device: device.to_owned(),
            database: self.place.to_string(),
            reason,
        }
    }

    fn nonsense(
        &self,
        device: &str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        let database = format!("the database {}", self.place);
        Error::protocol(&database, format!("search for {device}"), source)
    }
}

/// Splits a `TANGO_HOST`: one or more of host:port, with commas between.
pub(super) fn split_tango_host(tango_host: &str, device: &str) -> Result<Vec<HostPort>, Error> {
    let places = tango_host.split(',').map(str::parse);
    places
        .collect::<Result<Vec<HostPort>, _>>()
        .map_err(|error| Error::NotDefined {
            device: device.to_owned(),
            database: tango_host.to_owned(),
            reason: format!("{error}; give one, or several with commas between"),
        })
}

/// The error of a name without a database to look it up in.
pub(super) fn no_database(device: &str) -> Error {
    Error::NotDefined {
        device: device.to_owned(),
        database: "TANGO_HOST".to_owned(),
        reason: "it is not set: set it to host:port, or write tango://host:port/ before the name"
            .to_owned(),
    }
}
