//! Servers, the hosts they run on, the classes they serve.

use super::{Arguments, DatabaseCommand};
use crate::{
    database::store::{Placement, Store, matches},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbAddServer", "server, (device, class)...", add).gives_nothing(),
    DatabaseCommand::new("DbDeleteServer", "server", |store, arguments| {
        store.forget_server(&arguments.text("the server")?);
        Ok(Value::Void)
    })
    .takes_string()
    .gives_nothing(),
    DatabaseCommand::new("DbUnExportServer", "server", |store, arguments| {
        store.unexport_server(&arguments.text("the server")?);
        Ok(Value::Void)
    })
    .takes_string()
    .gives_nothing(),
    DatabaseCommand::new("DbGetServerList", "pattern", |store, arguments| {
        let pattern = arguments.text("the pattern")?;
        let servers = store.distinct(|_, device| Some(&device.server));
        Ok(fitting(servers, &pattern))
    })
    .takes_string(),
    DatabaseCommand::new("DbGetServerNameList", "pattern", |store, arguments| {
        let pattern = arguments.text("the pattern")?;
        let programs = store.distinct(|_, device| device.server.split('/').next());
        Ok(fitting(programs, &pattern))
    })
    .takes_string(),
    DatabaseCommand::new("DbGetInstanceNameList", "program", instances).takes_string(),
    DatabaseCommand::new("DbGetHostList", "pattern", |store, arguments| {
        let pattern = arguments.text("the pattern")?;
        let hosts = store.distinct(|_, device| Some(&device.export.as_ref()?.host));
        Ok(fitting(hosts, &pattern))
    })
    .takes_string(),
    DatabaseCommand::new("DbGetHostServerList", "host (pattern)", servers_on_host).takes_string(),
    DatabaseCommand::new("DbGetClassList", "pattern", |store, arguments| {
        let pattern = arguments.text("the pattern")?;
        let classes = store.distinct(|_, device| Some(&device.class));
        Ok(fitting(classes, &pattern))
    })
    .takes_string(),
    DatabaseCommand::new("DbGetServerInfo", "server", placement).takes_string(),
    DatabaseCommand::new("DbPutServerInfo", "server, host, mode, level", place).gives_nothing(),
    DatabaseCommand::new("DbDeleteServerInfo", "server", |store, arguments| {
        store.servers.remove(&arguments.text("the server")?);
        Ok(Value::Void)
    })
    .takes_string()
    .gives_nothing(),
];

fn fitting(mut names: Vec<String>, pattern: &str) -> Value {
    names.retain(|name| matches(pattern, name));
    Value::Strings(names)
}

fn add(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let mut devices = Vec::new();
    while let Some(device) = arguments.another() {
        let class = arguments.text("a class behind each device")?;
        devices.push((device, class));
    }
    for (device, class) in devices {
        store.define(&device, &server, &class);
    }
    Ok(Value::Void)
}

fn instances(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let wanted = arguments.text("the program")?;
    Ok(Value::Strings(store.distinct(|_, device| {
        let (program, instance) = device.server.split_once('/')?;
        program.eq_ignore_ascii_case(&wanted).then_some(instance)
    })))
}

fn servers_on_host(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let pattern = arguments.text("the host")?;
    Ok(Value::Strings(store.distinct(|_, device| {
        let host = &device.export.as_ref()?.host;
        matches(&pattern, host).then_some(device.server.as_str())
    })))
}

fn placement(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let placement = store.servers.get(&server).cloned();
    let placement = placement.unwrap_or_else(|| Placement {
        host: String::new(),
        mode: "0".to_owned(),
        level: "0".to_owned(),
    });
    Ok(Value::Strings(vec![
        server,
        placement.host,
        placement.mode,
        placement.level,
    ]))
}

fn place(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let placement = Placement {
        host: arguments.text("the host")?,
        mode: arguments.text("the mode")?,
        level: arguments.text("the level")?,
    };
    store.servers.insert(&server, placement);
    Ok(Value::Void)
}
