//! The database about itself.
//!
//! `DbGetDataForServerCache` is missing on purpose: servers that get API_CommandNotFound for it
//! ask one by one for what they need. Its one reply of everything that a server may want has to
//! grow with every version of cppTango, which reads it by position and without checking; single
//! questions cost a server some 40 calls once, a few milliseconds.
//!
//! `DbMySqlSelect` is missing on purpose, too: there is no SQL here. Jive and Astor use it for
//! searches beyond the usual lists only.

use std::time::SystemTime;

use super::{Arguments, DatabaseCommand, date};
use crate::{
    database::store::{ADMIN_CLASS, Device, Store, same},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbInfo", "", info).takes_nothing(),
    DatabaseCommand::new("DbGetCSDbServerList", "", |store, _| {
        Ok(Value::Strings(vec![store.tango_host.clone()]))
    })
    .takes_nothing(),
    DatabaseCommand::new("ResetTimingValues", "", |_, _| Ok(Value::Void))
        .takes_nothing()
        .gives_nothing(),
];

/// In the lines of DataBaseds 9.3.4, as clients show them.
fn info(store: &mut Store, _: &mut Arguments) -> Result<Value, DevFailed> {
    let count = |wanted: &dyn Fn(&Device) -> bool| {
        let devices = store.devices().filter(|(_, device)| wanted(device));
        devices.count()
    };
    let is_admin = |device: &Device| same(&device.class, ADMIN_CLASS);
    let since = store.running_since.unwrap_or(SystemTime::UNIX_EPOCH);
    let mut lines = vec![
        "TANGO Database sys/database/2".to_owned(),
        " ".to_owned(),
        format!("Running since {}", date::in_numbers(since)),
        " ".to_owned(),
    ];
    for (what, number) in [
        ("Devices defined", count(&|_| true)),
        ("Devices exported", count(&|device| device.exported)),
        ("Device servers defined", count(&is_admin)),
        (
            "Device servers exported",
            count(&|device| device.exported && is_admin(device)),
        ),
    ] {
        lines.push(format!("{what}  = {number}"));
    }
    lines.push(" ".to_owned());
    for (what, values) in [
        ("Device", store.device_properties.count()),
        ("Class", store.class_properties.count()),
        (
            "Device attribute",
            store.device_attribute_properties.count(),
        ),
        ("Class attribute", store.class_attribute_properties.count()),
        ("Object", store.object_properties.count()),
    ] {
        lines.push(format!(
            "{what} properties defined  = {values} [History lgth = 0]"
        ));
    }
    Ok(Value::Strings(lines))
}
