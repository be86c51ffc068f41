use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::address::DeviceAddress;
use super::call::Call;
use super::client::Client;
use super::resolver::{Found, resolve};
use crate::any::{read_any, write_any};
use crate::cdr::{CdrError, Reader, Writer};
use crate::error::Error;
use crate::types::{
    ClientIdentity, CommandInfo, DevState, DeviceInfo, DeviceInfoVersion, Source, Value,
};

mod attributes;
mod configs;
mod database;
mod events;
mod locking;

/// A device, as a client sees it.
///
/// Cheap to clone, and free to be used from many tasks at a time. Every call is bounded by the
/// client's timeout. Dropping a call's future gives up waiting, not the command: the device goes
/// on with it.
///
/// ```
/// # use std::{future::ready, sync::Arc};
/// # use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, Servant};
/// # use tango_wire::types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState};
/// # struct Subarray;
/// # impl Servant for Subarray {
/// #     fn class(&self) -> String { "Subarray".into() }
/// #     fn commands(&self) -> Vec<CommandInfo> {
/// #         vec![CommandInfo::new("Scan", DataType::String, DataType::String)]
/// #     }
/// #     fn attributes(&self) -> Vec<AttributeConfig> {
/// #         vec![AttributeConfig::new("obsState", DataType::Enum).with_enum_labels(["EMPTY", "IDLE"])]
/// #     }
/// #     fn state(&self) -> DevState { DevState::On }
/// #     fn command<'a>(&'a self, _: &'a str, v: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
/// #         Box::pin(ready(Ok(v)))
/// #     }
/// #     fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
/// #         Box::pin(ready(Ok(Value::Short(1).into())))
/// #     }
/// # }
/// use tango_wire::client::Client;
/// use tango_wire::event::EventNotice;
/// use tango_wire::types::Value;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let server = DeviceServer::new("subarray/1").with_device("low/sub/1", Arc::new(Subarray));
/// # let server = server.start().await?;
/// # let url = server.device_url("low/sub/1").expect("it is served");
/// let subarray = Client::new().device(&url).await?; // tango://host:port/low/sub/1#dbase=no
/// let reply = subarray.command("Scan", Value::String("{}".to_owned())).await?;
/// assert_eq!(reply, Value::String("{}".to_owned()));
///
/// let labels = subarray.attribute_config("obsState").await?.enum_labels;
/// let _following = subarray
///     .subscribe("obsState", move |notice: EventNotice| match notice {
///         EventNotice::Initial(reading) | EventNotice::Event(reading) => {
///             if let Value::Short(number) = reading.value {
///                 println!("obsState is {}", labels[number as usize]);
///             }
///         }
///         other => println!("{other:?}"),
///     })
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DeviceProxy {
    client: Client,
    source: Source,
    device: Arc<Device>,
}

/// What the clones of a proxy share.
struct Device {
    address: DeviceAddress,
    /// Where the device was found last, unless it was gone from there.
    found: Mutex<Option<Found>>,
    /// The admin device of its server, once it was needed.
    admin: tokio::sync::Mutex<Admin>,
}

/// What is known of an admin device.
#[derive(Default)]
struct Admin {
    proxy: Option<DeviceProxy>,
    /// When the last search for it failed, if it did.
    failed: Option<Instant>,
}

impl fmt::Debug for DeviceProxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("DeviceProxy")
            .field(&self.device.address.to_string())
            .finish()
    }
}

impl DeviceProxy {
    pub(super) fn new(client: Client, address: DeviceAddress) -> DeviceProxy {
        let device = Device {
            address,
            found: Mutex::default(),
            admin: tokio::sync::Mutex::default(),
        };
        DeviceProxy {
            client,
            source: Source::Device,
            device: Arc::new(device),
        }
    }

    /// Gives the calls of this proxy, not of its clones, another timeout.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> DeviceProxy {
        self.client = self.client.with_timeout(timeout);
        self
    }

    /// Takes values from elsewhere than the device itself, which is the default: a test wants to
    /// know what is, not what a polling cache held a while ago.
    #[must_use]
    pub fn with_source(mut self, source: Source) -> DeviceProxy {
        self.source = source;
        self
    }

    /// The device's name, or its alias, in lower case: `low-tmc/subarray/01`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.device.address.device()
    }

    /// The device's whole address.
    #[must_use]
    pub fn address(&self) -> &DeviceAddress {
        &self.device.address
    }

    /// Asks the device for a sign of life.
    ///
    /// # Errors
    /// It gives none.
    pub async fn ping(&self) -> Result<(), Error> {
        self.call(&Call::plain("ping", "ping"), |_, _| (), |_, _| Ok(()))
            .await
    }

    /// Asks the device about itself and its server.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn info(&self) -> Result<DeviceInfo, Error> {
        let (operation, layout) = match self.version().await? {
            6.. => ("info_6", DeviceInfoVersion::Six),
            _ => ("info_3", DeviceInfoVersion::Three),
        };
        let call = Call::plain(operation, "info");
        self.call(
            &call,
            |_, _| (),
            |reader, _| DeviceInfo::read(reader, layout),
        )
        .await
    }

    /// The device's state.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn state(&self) -> Result<DevState, Error> {
        let call = Call::plain("_get_state", "read of state");
        self.call(&call, |_, _| (), |reader, _| DevState::read(reader))
            .await
    }

    /// The device's status: a line or more on what it is doing.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn status(&self) -> Result<String, Error> {
        let call = Call::plain("_get_status", "read of status");
        self.call(&call, |_, _| (), |reader, _| reader.string())
            .await
    }

    /// What the device is for, in words.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn description(&self) -> Result<String, Error> {
        let call = Call::plain("_get_description", "read of description");
        self.call(&call, |_, _| (), |reader, _| reader.string())
            .await
    }

    /// The last calls on the device, at most `count` of them, the latest first, each in words:
    /// when, what, and from which host. Servers keep some dozens.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn black_box(&self, count: u32) -> Result<Vec<String>, Error> {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let call = Call::plain("black_box", "read of the black box");
        self.call(
            &call,
            |writer, _| writer.i32(count),
            |reader, _| reader.strings(),
        )
        .await
    }

    /// Runs a command and waits for its reply. The argument must be of the type that
    /// [`DeviceProxy::command_info`] tells; [`Value::Void`] where there is none.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if the device refuses or fails. After [`Error::TimedOut`] the command
    /// may still be running, and the device be held up by it.
    pub async fn command(&self, name: &str, argument: Value) -> Result<Value, Error> {
        let source = self.source;
        self.call(
            &Call::about("command_inout_4", "command", name),
            |writer, version| {
                writer.string(name);
                write_any(writer, &argument);
                source.write(writer);
                ClientIdentity::own(version).write(writer);
            },
            |reader, _| read_any(reader),
        )
        .await
    }

    /// What the device says about one of its commands.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if it has no such command.
    pub async fn command_info(&self, name: &str) -> Result<CommandInfo, Error> {
        self.call(
            &Call::about("command_query_2", "description of command", name),
            |writer, _| writer.string(name),
            |reader, _| CommandInfo::read(reader),
        )
        .await
    }

    /// What the device says about all its commands.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn commands(&self) -> Result<Vec<CommandInfo>, Error> {
        let call = Call::plain("command_list_query_2", "list of commands");
        self.call(
            &call,
            |_, _| (),
            |reader, _| reader.sequence(28, CommandInfo::read),
        )
        .await
    }

    /// The name of the admin device of the device's server: `dserver/program/instance`.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn admin_name(&self) -> Result<String, Error> {
        let call = Call::plain("_get_adm_name", "name of the admin device");
        self.call(&call, |_, _| (), |reader, _| reader.string())
            .await
    }

    /// Asks the admin device of the device's server, which is looked for once: subscribing to many
    /// attributes, and renewing the subscriptions, needs neither the device nor a database.
    ///
    /// The device may be in another server by now. So what fails with an admin device that was
    /// known before is tried once more with the one that the device names then.
    async fn ask_admin<T, F>(&self, ask: impl Fn(DeviceProxy) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let (admin, known) = self.known_admin().await?;
        match ask(admin).await {
            Err(_) if known => {
                let admin = self.admin().await?;
                self.device.admin.lock().await.proxy = Some(admin.clone());
                ask(admin).await
            }
            outcome => outcome,
        }
    }

    /// The admin device of the device's server, and whether it was known before.
    ///
    /// Who needs it while it is looked for waits for the same answer. If there is none, all who
    /// waited look for it themselves and at the same time: one after another, the last of many
    /// would hear of a device that hangs minutes later.
    async fn known_admin(&self) -> Result<(DeviceProxy, bool), Error> {
        let asked = Instant::now();
        let mut kept = self.device.admin.lock().await;
        if let Some(admin) = &kept.proxy {
            return Ok((admin.clone(), true));
        }
        if kept.failed.is_some_and(|failed| failed >= asked) {
            drop(kept);
            let admin = self.admin().await?;
            self.device.admin.lock().await.proxy = Some(admin.clone());
            return Ok((admin, false));
        }
        match self.admin().await {
            Ok(admin) => Ok((kept.proxy.insert(admin).clone(), false)),
            Err(error) => {
                kept.failed = Some(Instant::now());
                Err(error)
            }
        }
    }

    /// The admin device of the device's server, where events are subscribed to and logs are asked
    /// for.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn admin(&self) -> Result<DeviceProxy, Error> {
        let name = self.admin_name().await?;
        // without a database some servers give the whole address
        let name = match name.parse::<DeviceAddress>() {
            Ok(address) => address.device().to_owned(),
            Err(_) => name,
        };
        self.client
            .device_at(self.device.address.beside(&name)?)
            .await
    }

    /// The version of the device's interface.
    async fn version(&self) -> Result<i32, Error> {
        Ok(self.find().await?.version)
    }

    /// Where the device is, as far as is known.
    async fn find(&self) -> Result<Found, Error> {
        match self.found() {
            Some(found) => Ok(found),
            None => self.resolve().await,
        }
    }

    pub(super) async fn resolve(&self) -> Result<Found, Error> {
        self.keep(None);
        let found = resolve(&self.client, &self.device.address).await?;
        self.keep(Some(found.clone()));
        Ok(found)
    }

    /// Calls the device; both closures are given the version of its interface.
    ///
    /// When the device is no longer where it was, it is looked for once more: the call was not
    /// executed then.
    async fn call<T>(
        &self,
        call: &Call<'_>,
        arguments: impl Fn(&mut Writer, i32),
        read: impl Fn(&mut Reader<'_>, i32) -> Result<T, CdrError>,
    ) -> Result<T, Error> {
        let (mut found, mut fresh) = match self.found() {
            Some(found) => (found, false),
            None => (self.resolve().await?, true),
        };
        loop {
            let version = found.version;
            let outcome = found.target.call(
                &self.client,
                self.client.limits(),
                call,
                |writer| arguments(writer, version),
                |reader| read(reader, version),
            );
            match outcome.await {
                Ok(result) => return Ok(result),
                Err(failure) if failure.is_outdated_target() && !fresh => {
                    found = self.resolve().await?;
                    fresh = true;
                }
                Err(failure) => return Err(failure.into_error(self.name(), call)),
            }
        }
    }

    fn found(&self) -> Option<Found> {
        self.device
            .found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn keep(&self, found: Option<Found>) {
        *self
            .device
            .found
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = found;
    }
}
