//! The database about itself, and what is left of the event channels of Tango 7.
//!
//! `DbGetDataForServerCache` is missing on purpose: servers that get API_CommandNotFound for it
//! ask one by one for what they need.

use super::{Arguments, DatabaseCommand};
use crate::{
    database::store::Store,
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbInfo", "", info).takes_nothing(),
    DatabaseCommand::new("DbGetCSDbServerList", "", |store, _| {
        Ok(Value::Strings(vec![store.tango_host.clone()]))
    })
    .takes_nothing(),
    DatabaseCommand::new("DbImportEvent", "event channel", |_, arguments| {
        let channel = arguments.text("the event channel")?;
        Err(arguments.failure(
            "DB_DeviceNotDefined",
            format!("event channel {channel} not defined in the database !"),
        ))
    })
    .takes_string()
    .gives_numbers_and_strings(),
    DatabaseCommand::new(
        "DbExportEvent",
        "event channel, IOR, host, process, version",
        nothing,
    )
    .gives_nothing(),
    DatabaseCommand::new("DbUnExportEvent", "event channel", nothing)
        .takes_string()
        .gives_nothing(),
];

fn info(store: &mut Store, _: &mut Arguments) -> Result<Value, DevFailed> {
    let (defined, exported) = store.count();
    let servers = store.distinct(|_, device| Some(&device.server));
    let running = store.distinct(|_, device| device.exported.then_some(&device.server));
    Ok(Value::Strings(vec![
        format!("TANGO Database in memory at {}", store.tango_host),
        String::new(),
        format!("Devices defined = {defined}"),
        format!("Devices exported = {exported}"),
        format!("Device servers defined = {}", servers.len()),
        format!("Device servers exported = {}", running.len()),
        String::new(),
        format!(
            "Device properties defined = {}",
            store.device_properties.count()
        ),
        format!(
            "Class properties defined = {}",
            store.class_properties.count()
        ),
        format!(
            "Device attribute properties defined = {}",
            store.device_attribute_properties.count()
        ),
        format!(
            "Class attribute properties defined = {}",
            store.class_attribute_properties.count()
        ),
        format!(
            "Object properties defined = {}",
            store.object_properties.count()
        ),
    ]))
}

/// Event channels served the notification service; nothing has used them since Tango 8.
fn nothing(_: &mut Store, _: &mut Arguments) -> Result<Value, DevFailed> {
    Ok(Value::Void)
}
