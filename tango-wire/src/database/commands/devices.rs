//! Devices: defined, exported, found, listed.

use super::{Arguments, DatabaseCommand};
use crate::{
    database::store::{ADMIN_CLASS, Device, Export, Store, matches},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbAddDevice", "server, device, class", add).gives_nothing(),
    DatabaseCommand::new("DbDeleteDevice", "device", delete)
        .takes_string()
        .gives_nothing(),
    DatabaseCommand::new(
        "DbExportDevice",
        "device, IOR, host, process, version",
        export,
    )
    .gives_nothing(),
    DatabaseCommand::new("DbUnExportDevice", "device", unexport)
        .takes_string()
        .gives_nothing(),
    DatabaseCommand::new("DbImportDevice", "device or alias", import)
        .takes_string()
        .gives_numbers_and_strings(),
    DatabaseCommand::new("DbGetDeviceInfo", "device or alias", info)
        .takes_string()
        .gives_numbers_and_strings(),
    DatabaseCommand::new("DbGetDeviceList", "server, class (patterns)", of_server),
    DatabaseCommand::new("DbGetDeviceWideList", "pattern", |store, arguments| {
        list(store, arguments, |_| true)
    })
    .takes_string(),
    DatabaseCommand::new("DbGetDeviceExportedList", "pattern", |store, arguments| {
        list(store, arguments, |device| device.exported)
    })
    .takes_string(),
    DatabaseCommand::new(
        "DbGetExportdDeviceListForClass",
        "class (pattern)",
        of_class,
    )
    .takes_string(),
    DatabaseCommand::new("DbGetDeviceDomainList", "pattern", |store, arguments| {
        fields(store, arguments, 0)
    })
    .takes_string(),
    DatabaseCommand::new("DbGetDeviceFamilyList", "pattern", |store, arguments| {
        fields(store, arguments, 1)
    })
    .takes_string(),
    DatabaseCommand::new("DbGetDeviceMemberList", "pattern", |store, arguments| {
        fields(store, arguments, 2)
    })
    .takes_string(),
    DatabaseCommand::new("DbGetClassForDevice", "device", class)
        .takes_string()
        .gives_string(),
    DatabaseCommand::new(
        "DbGetClassInheritanceForDevice",
        "device",
        |store, arguments| {
            // nobody tells this database what a class inherits from, so it knows the class itself
            let class = class(store, arguments)?;
            Ok(Value::Strings(match class {
                Value::String(class) => vec![class],
                _ => Vec::new(),
            }))
        },
    )
    .takes_string(),
    DatabaseCommand::new("DbGetDeviceClassList", "server", devices_and_classes).takes_string(),
    DatabaseCommand::new("DbGetDeviceServerClassList", "server", classes_of_server).takes_string(),
];

fn add(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let device = arguments.text("the device")?;
    let class = arguments.text("the class")?;
    store.define(&device, &server, &class);
    Ok(Value::Void)
}

fn delete(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let device = arguments.text("the device")?;
    if store.forget(&device) {
        Ok(Value::Void)
    } else {
        Err(not_defined(arguments, &device))
    }
}

fn export(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let device = arguments.text("the device")?;
    let export = Export {
        reference: arguments.text("the IOR")?,
        host: arguments.text("the host")?,
        process: arguments.text("the process")?.trim().parse().unwrap_or(0),
        version: arguments.text("the version")?,
    };
    if store.export(&device, export) {
        Ok(Value::Void)
    } else {
        Err(not_defined(arguments, &device))
    }
}

fn unexport(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let device = arguments.text("the device")?;
    if store.unexport(&device) {
        Ok(Value::Void)
    } else {
        Err(not_defined(arguments, &device))
    }
}

fn import(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let (numbers, mut strings, class) = place(store, arguments)?;
    strings.push(class);
    Ok(Value::LongStrings(numbers, strings))
}

fn info(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let (numbers, mut strings, class) = place(store, arguments)?;
    // when it was started and stopped: not kept
    strings.extend(["?".to_owned(), "?".to_owned(), class]);
    Ok(Value::LongStrings(numbers, strings))
}

/// What importing a device and asking about it have in common; the class comes last in both.
fn place(
    store: &Store,
    arguments: &mut Arguments,
) -> Result<(Vec<i32>, Vec<String>, String), DevFailed> {
    let wanted = arguments.text("the device")?;
    let (name, device) = store
        .find(&wanted)
        .ok_or_else(|| not_defined(arguments, &wanted))?;
    let export = device.export.clone().unwrap_or_default();
    let numbers = vec![i32::from(device.exported), export.process];
    let strings = vec![
        name.to_owned(),
        export.reference,
        export.version,
        device.server.clone(),
        export.host,
    ];
    Ok((numbers, strings, device.class.clone()))
}

fn of_server(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let class = arguments.text("the class")?;
    Ok(Value::Strings(store.devices_where(|_, device| {
        matches(&server, &device.server) && matches(&class, &device.class)
    })))
}

fn of_class(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let class = arguments.text("the class")?;
    Ok(Value::Strings(store.devices_where(|_, device| {
        device.exported && matches(&class, &device.class)
    })))
}

fn list(
    store: &Store,
    arguments: &mut Arguments,
    wanted: impl Fn(&Device) -> bool,
) -> Result<Value, DevFailed> {
    let pattern = arguments.text("the pattern")?;
    Ok(Value::Strings(store.devices_where(|name, device| {
        wanted(device) && matches(&pattern, name)
    })))
}

/// The different fields number `index` of the names that fit the pattern, as a whole or up to
/// that field: clients ask for families with `domain/*` as well as with `domain/*/*`.
fn fields(store: &Store, arguments: &mut Arguments, index: usize) -> Result<Value, DevFailed> {
    let pattern = arguments.text("the pattern")?;
    let fields = store.distinct(|name, _| {
        let field = name.split('/').nth(index)?;
        let end = name
            .match_indices('/')
            .nth(index)
            .map_or(name.len(), |(end, _)| end);
        let fits = matches(&pattern, name) || matches(&pattern, &name[..end]);
        fits.then_some(field)
    });
    Ok(Value::Strings(fields))
}

fn class(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let wanted = arguments.text("the device")?;
    match store.find(&wanted) {
        Some((_, device)) => Ok(Value::String(device.class.clone())),
        None => Err(not_defined(arguments, &wanted)),
    }
}

fn devices_and_classes(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let devices = store.devices_where(|_, device| device.server.eq_ignore_ascii_case(&server));
    let mut pairs = Vec::with_capacity(2 * devices.len());
    for name in devices {
        let class = store.find(&name).map(|(_, device)| device.class.clone());
        pairs.extend([name, class.unwrap_or_default()]);
    }
    Ok(Value::Strings(pairs))
}

fn classes_of_server(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    Ok(Value::Strings(store.distinct(|_, device| {
        let wanted = device.server.eq_ignore_ascii_case(&server)
            && !device.class.eq_ignore_ascii_case(ADMIN_CLASS);
        wanted.then_some(device.class.as_str())
    })))
}

fn not_defined(arguments: &Arguments, device: &str) -> DevFailed {
    arguments.failure(
        "DB_DeviceNotDefined",
        format!("device {device} not defined in the database !"),
    )
}
