//! Servers: defined, renamed, listed, ended.

use std::time::SystemTime;

use super::{Arguments, DatabaseCommand, Reply, device_name::device_name};
use crate::{
    database::store::{Pattern, Store, admin_device, distinct},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbAddServer", "server, (device, class)...", add).adds(),
    DatabaseCommand::new("DbDeleteServer", "server", delete)
        .takes_string()
        .removes(),
    DatabaseCommand::new("DbRenameServer", "server, new name", rename).adds(),
    DatabaseCommand::new("DbUnExportServer", "server", |store, arguments| {
        store.unexport_server(&arguments.text("the server")?, SystemTime::now());
        Ok(Value::Void)
    })
    .takes_string()
    .runs(),
    DatabaseCommand::new("DbGetServerList", "pattern", |store, arguments| {
        let servers = fitting(store, &arguments.text("the pattern")?);
        Reply::of(servers, arguments)
    })
    .takes_string(),
    DatabaseCommand::new(
        "DbGetServerNameList",
        "pattern of program/instance",
        |store, arguments| {
            let servers = fitting(store, &arguments.text("the pattern")?);
            let programs = servers.iter().filter_map(|server| server.split_once('/'));
            Reply::of(distinct(programs.map(|(program, _)| program)), arguments)
        },
    )
    .takes_string(),
    DatabaseCommand::new(
        "DbGetInstanceNameList",
        "program (pattern)",
        |store, arguments| {
            let program = arguments.text("the program")?;
            let servers = fitting(store, &format!("{program}/*"));
            let instances = servers.iter().filter_map(|server| server.split_once('/'));
            Reply::of(instances.map(|(_, instance)| instance), arguments)
        },
    )
    .takes_string(),
];

/// The servers that fit, sorted.
fn fitting<'a>(store: &'a Store, pattern: &str) -> Vec<&'a str> {
    let pattern = Pattern::new(pattern);
    let mut servers = distinct(store.devices().map(|(_, device)| device.server.as_str()));
    servers.retain(|server| pattern.fits(server));
    servers
}

fn add(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.name("the server")?;
    let mut devices = Vec::new();
    while !arguments.is_empty() || devices.is_empty() {
        let device = arguments.name("a device")?;
        let class = arguments.name("a class behind each device")?;
        devices.push((device_name(&device, arguments)?.to_owned(), class));
    }
    // only now: a malformed list changes nothing
    for (device, class) in devices {
        store.define(&device, &server, &class);
    }
    Ok(Value::Void)
}

fn delete(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    if !server.contains('/') || server.contains('*') {
        let words = "failed to delete server, server name incorrect".to_owned();
        return Err(arguments.failure("DB_IncorrectServerName", words));
    }
    if store.forget_server(&server) {
        Ok(Value::Void)
    } else {
        Err(not_defined(arguments, &server))
    }
}

fn rename(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let new = arguments.name("the new name")?;
    if !new.contains('/') || new.contains('*') {
        let words = "Wrong syntax in command args (ds_exec_name/inst_name)".to_owned();
        return Err(arguments.failure("Db_WrongArgument", words));
    }
    if store.device(&admin_device(&new)).is_some() {
        let words = format!("Device server process name {new} is already used");
        return Err(arguments.failure("Db_WrongArgument", words));
    }
    if store.rename_server(&server, &new) {
        Ok(Value::Void)
    } else {
        Err(not_defined(arguments, &server))
    }
}

fn not_defined(arguments: &Arguments, server: &str) -> DevFailed {
    arguments.failure(
        "DB_IncorrectServerName",
        format!("Server {server} not defined in database !"),
    )
}
