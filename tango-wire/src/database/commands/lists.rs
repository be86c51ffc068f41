//! Devices listed by name, by server and by class.
//!
//! A pattern is held against the whole name of a device, or its alias, and never against a part:
//! the families of a domain are asked for with `domain/*`.

use super::{Arguments, DatabaseCommand, Reply};
use crate::{
    database::store::{Device, Pattern, Store, distinct, same},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbGetDeviceList", "server, class (patterns)", of_server),
    DatabaseCommand::new("DbGetDeviceWideList", "pattern", |store, arguments| {
        fitting(store, arguments, |_| true)
    })
    .takes_string(),
    DatabaseCommand::new("DbGetDeviceExportedList", "pattern", |store, arguments| {
        fitting(store, arguments, |device| device.exported)
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
    DatabaseCommand::new("DbGetDeviceClassList", "server", with_classes).takes_string(),
    DatabaseCommand::new("DbGetClassList", "pattern", |store, arguments| {
        let pattern = Pattern::new(&arguments.text("the pattern")?);
        let classes = distinct(store.devices().map(|(_, device)| device.class.as_str()));
        Reply::of(
            classes.iter().filter(|class| pattern.fits(class)),
            arguments,
        )
    })
    .takes_string(),
    DatabaseCommand::new(
        "DbGetDeviceServerClassList",
        "server (pattern)",
        classes_of_server,
    )
    .takes_string(),
];

fn of_server(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = Pattern::new(&arguments.text("the server")?);
    let class = Pattern::new(&arguments.text("the class")?);
    let devices = store.devices();
    let devices = devices
        .filter(|(_, device)| server.fits(&device.server) && class.fits(&device.class))
        .map(|(name, _)| name);
    Reply::of(devices, arguments)
}

fn of_class(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let class = Pattern::new(&arguments.text("the class")?);
    let devices = store.devices();
    let devices = devices
        .filter(|(_, device)| device.exported && class.fits(&device.class))
        .map(|(name, _)| name);
    Reply::of(devices, arguments)
}

fn fitting(
    store: &Store,
    arguments: &mut Arguments,
    wanted: impl Fn(&Device) -> bool,
) -> Result<Value, DevFailed> {
    let pattern = Pattern::new(&arguments.text("the pattern")?);
    let devices = store.fitting(&pattern);
    let devices = devices
        .filter(|(_, device)| wanted(device))
        .map(|(name, _)| name);
    Reply::of(devices, arguments)
}

/// The different fields number `index` of the devices that fit.
fn fields(store: &Store, arguments: &mut Arguments, index: usize) -> Result<Value, DevFailed> {
    let pattern = Pattern::new(&arguments.text("the pattern")?);
    let devices = store.fitting(&pattern);
    // the last one takes what is left: members may hold slashes
    let fields = distinct(devices.filter_map(|(name, _)| name.splitn(3, '/').nth(index)));
    Reply::of(fields, arguments)
}

fn with_classes(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let devices = store.devices();
    let pairs = devices
        .filter(|(_, device)| same(&device.server, &server))
        .flat_map(|(name, device)| [name, device.class.as_str()]);
    Reply::of(pairs, arguments)
}

/// That of the admin device among them.
fn classes_of_server(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = Pattern::new(&arguments.text("the server")?);
    let devices = store.devices();
    let classes = devices
        .filter(|(_, device)| server.fits(&device.server))
        .map(|(_, device)| device.class.as_str());
    Reply::of(distinct(classes), arguments)
}
