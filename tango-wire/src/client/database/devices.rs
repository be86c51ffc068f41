//! Devices: defined, exported, found, listed.

use super::proxy::DatabaseProxy;
use super::question::Question;
use super::reply::{self, BadReply, numbers_and_texts};
use crate::client::client::Client;
use crate::client::target::Target;
use crate::error::Error;
use crate::giop::ObjectReference;
use crate::types::Value;

/// What a database knows of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseDevice {
    /// Its name.
    pub name: String,
    /// True while its server runs, as far as the database was told.
    pub exported: bool,
    /// The process of its server, or the last one.
    pub process: i32,
    /// Its object reference (`IOR:...`), or the last one.
    pub reference: String,
    /// The version of its interface, or an empty string.
    pub version: String,
    /// Its server, as program/instance.
    pub server: String,
    /// The host on which its server runs, or ran.
    pub host: String,
    /// Its class.
    pub class: String,
    /// When it was exported last, in the database's words. Only [`DatabaseProxy::device_info`]
    /// tells.
    pub started: Option<String>,
    /// When it was taken out last, in the database's words. Only [`DatabaseProxy::device_info`]
    /// tells.
    pub stopped: Option<String>,
}

/// What a server tells a database of a device that it serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceExport {
    /// The device's name. It must be defined.
    pub device: String,
    /// Its object reference, as [`ObjectReference::to_ior`] writes it.
    pub reference: String,
    /// The host on which the server runs.
    pub host: String,
    /// The server's process.
    pub process: u32,
    /// The version of the device's interface: "6".
    pub version: String,
}

impl DatabaseProxy {
    /// What is needed to call a device; it is also found by its alias.
    ///
    /// # Errors
    /// [`Error::NotDefined`] if the database does not know it; and as for any call.
    pub async fn import_device(&self, device: &str) -> Result<DatabaseDevice, Error> {
        let question = Question::of("DbImportDevice", device);
        self.ask(&question, |reply| read_device(reply, false)).await
    }

    /// What is known of a device, with when it was started and stopped.
    ///
    /// # Errors
    /// [`Error::NotDefined`] if the database does not know it; and as for any call.
    pub async fn device_info(&self, device: &str) -> Result<DatabaseDevice, Error> {
        let question = Question::of("DbGetDeviceInfo", device);
        self.ask(&question, |reply| read_device(reply, true)).await
    }

    /// The names of all devices that fit a pattern, whether they run or not.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn devices(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetDeviceWideList", pattern).await
    }

    /// The names of the devices that fit a pattern and whose servers run.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn exported_devices(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetDeviceExportedList", pattern).await
    }

    /// The names of the devices of that class whose servers run.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn exported_devices_of_class(&self, class: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetExportdDeviceListForClass", class).await
    }

    /// The names of the devices of a server (program/instance) and a class, both patterns.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn devices_of_server(&self, server: &str, class: &str) -> Result<Vec<String>, Error> {
        let question = Question::list("DbGetDeviceList", server, [class]);
        self.ask(&question, reply::texts).await
    }

    /// The domains of the devices that fit a pattern: the first parts of their names.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn domains(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetDeviceDomainList", pattern).await
    }

    /// The families of the devices that fit a pattern: the second parts of their names.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn families(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetDeviceFamilyList", pattern).await
    }

    /// The members of the devices that fit a pattern: the last parts of their names.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn members(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetDeviceMemberList", pattern).await
    }

    /// The class of a device.
    ///
    /// # Errors
    /// [`Error::DevFailed`] with the reason `DB_IncorrectArguments` if the database does not know it
    /// (DataBaseds 9.3.4); and as for any call.
    pub async fn class_of_device(&self, device: &str) -> Result<String, Error> {
        let question = Question::of("DbGetClassForDevice", device);
        self.ask(&question, reply::text).await
    }

    /// Defines a device of a server (program/instance).
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn add_device(&self, server: &str, device: &str, class: &str) -> Result<(), Error> {
        self.change(Question::list("DbAddDevice", server, [device, class]))
            .await
    }

    /// Forgets a device.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn delete_device(&self, device: &str) -> Result<(), Error> {
        self.change(Question::of("DbDeleteDevice", device)).await
    }

    /// Says that a device is being served, and where.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn export_device(&self, export: &DeviceExport) -> Result<(), Error> {
        let others = [
            export.reference.clone(),
            export.host.clone(),
            export.process.to_string(),
            export.version.clone(),
        ];
        self.change(Question::list("DbExportDevice", &export.device, others))
            .await
    }

    /// Says that a device is no longer served.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn unexport_device(&self, device: &str) -> Result<(), Error> {
        self.change(Question::of("DbUnExportDevice", device)).await
    }
}

/// Reads what a device is called at, and which interface it claims; none if its server does not
/// run.
pub(super) fn read_reference(
    reply: Value,
    client: &Client,
) -> Result<Option<(Target, String)>, BadReply> {
    let (numbers, texts) = numbers_and_texts(reply)?;
    let (Some(exported), Some(reference)) = (numbers.first(), texts.get(1)) else {
        return Err(BadReply::new("too few values"));
    };
    if *exported == 0 {
        return Ok(None);
    }
    let reference: ObjectReference = match reference.parse() {
        Ok(reference) => reference,
        Err(error) => return Err(BadReply::new(error.to_string())),
    };
    match Target::of_reference(client, &reference) {
        Some(target) => Ok(Some((target, reference.type_id))),
        None => Err(BadReply::new("an object reference without an address")),
    }
}

fn read_device(reply: Value, has_times: bool) -> Result<DatabaseDevice, BadReply> {
    let (numbers, texts) = numbers_and_texts(reply)?;
    let &[exported, process, ..] = numbers.as_slice() else {
        return Err(BadReply::new("too few numbers"));
    };
    let mut texts = texts.into_iter();
    let mut next = |what: &str| {
        let next = texts.next();
        next.ok_or_else(|| BadReply::new(format!("it ends before {what}")))
    };
    Ok(DatabaseDevice {
        exported: exported != 0,
        process,
        name: next("the name")?,
        reference: next("the reference")?,
        version: next("the version")?,
        server: next("the server")?,
        host: next("the host")?,
        started: if has_times {
            Some(next("the start")?)
        } else {
            None
        },
        stopped: if has_times {
            Some(next("the end")?)
        } else {
            None
        },
        // databases before Tango 8 do not tell
        class: next("the class").unwrap_or_default(),
    })
}
