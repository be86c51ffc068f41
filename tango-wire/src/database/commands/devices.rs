//! Devices: defined, exported, found.

use std::time::SystemTime;

use super::{Arguments, DatabaseCommand, Reply, date, device_name::device_name};
use crate::{
    database::store::{Device, Export, Store},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbAddDevice", "server, device, class", add).adds(),
    DatabaseCommand::new("DbDeleteDevice", "device", delete)
        .takes_string()
        .removes(),
    DatabaseCommand::new(
        "DbExportDevice",
        "device, IOR, host, process, version",
        export,
    )
    .runs(),
    DatabaseCommand::new("DbUnExportDevice", "device", |store, arguments| {
        store.unexport(&arguments.text("the device")?, SystemTime::now());
        Ok(Value::Void)
    })
    .takes_string()
    .runs(),
    DatabaseCommand::new("DbImportDevice", "device or alias", import)
        .takes_string()
        .gives_numbers_and_strings(),
    DatabaseCommand::new("DbGetDeviceInfo", "device or alias", info)
        .takes_string()
        .gives_numbers_and_strings(),
    DatabaseCommand::new("DbGetClassForDevice", "device", |store, arguments| {
        let wanted = arguments.text("the device")?;
        let class = class(store, &wanted, arguments)?;
        Ok(Value::String(class.to_owned()))
    })
    .takes_string()
    .gives_string(),
    DatabaseCommand::new("DbGetClassInheritanceForDevice", "device", inheritance).takes_string(),
];

fn add(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.name("the server")?;
    let device = arguments.name("the device")?;
    let class = arguments.name("the class")?;
    store.define(device_name(&device, arguments)?, &server, &class);
    Ok(Value::Void)
}

fn delete(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let device = arguments.text("the device")?;
    store.forget(device_name(&device, arguments)?);
    Ok(Value::Void)
}

fn export(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let device = arguments.text("the device")?;
    let export = Export {
        reference: arguments.value("the IOR")?,
        host: arguments.name("the host")?,
        process: arguments.number("the process")?,
        version: arguments.name("the version")?,
    };
    if store.export(&device, export, SystemTime::now()) {
        Ok(Value::Void)
    } else {
        Err(not_defined(arguments, &device))
    }
}

fn import(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let (numbers, mut strings, device) = place(store, arguments)?;
    strings.push(device.class.clone());
    Ok(Value::LongStrings(numbers, strings))
}

fn info(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let (numbers, mut strings, device) = place(store, arguments)?;
    strings.extend([
        date::in_words(device.started),
        date::in_words(device.stopped),
        device.class.clone(),
    ]);
    Ok(Value::LongStrings(numbers, strings))
}

/// What importing a device and asking about it have in common.
fn place<'a>(
    store: &'a Store,
    arguments: &mut Arguments,
) -> Result<(Vec<i32>, Vec<String>, &'a Device), DevFailed> {
    let wanted = arguments.text("the device")?;
    let (_, device) = store
        .find(&wanted)
        .ok_or_else(|| not_defined(arguments, &wanted))?;
    let export = device.export.clone().unwrap_or_default();
    let numbers = vec![i32::from(device.exported), export.process];
    let strings = vec![
        wanted.to_lowercase(), // and not its name: DataBaseds 9.3.4
        export.reference,
        export.version,
        device.server.clone(),
        export.host,
    ];
    Ok((numbers, strings, device))
}

fn class<'a>(store: &'a Store, device: &str, arguments: &Arguments) -> Result<&'a str, DevFailed> {
    match store.device(device) {
        Some((_, device)) => Ok(&device.class),
        None => Err(arguments.incorrect(format!("Class not found for {device}"))),
    }
}

/// The device's class, then what servers have said their classes inherit from.
fn inheritance(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let wanted = arguments.text("the device")?;
    let class = class(store, &wanted, arguments)?;
    let parents = store.class_properties.get(class, "InheritedFrom");
    let parents = parents.unwrap_or_default().iter().map(String::as_str);
    Reply::of([class].into_iter().chain(parents), arguments)
}

fn not_defined(arguments: &Arguments, device: &str) -> DevFailed {
    arguments.failure(
        "DB_DeviceNotDefined",
        format!("device {device} not defined in the database !"),
    )
}
