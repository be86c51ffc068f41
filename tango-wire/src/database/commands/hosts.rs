//! The hosts that servers run on, and where the starter should run them.

use super::{Arguments, DatabaseCommand, Reply};
use crate::{
    database::store::{ADMIN_PREFIX, Pattern, Placement, Store, distinct},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbGetHostList", "pattern", |store, arguments| {
        let pattern = Pattern::new(&arguments.text("the pattern")?);
        let hosts = distinct(store.devices().map(|(_, device)| device.host()));
        Reply::of(hosts.iter().filter(|host| pattern.fits(host)), arguments)
    })
    .takes_string(),
    DatabaseCommand::new(
        "DbGetHostServerList",
        "host (pattern)",
        |store, arguments| {
            let host = arguments.text("the host")?;
            Reply::of(servers_on(store, &host), arguments)
        },
    )
    .takes_string(),
    DatabaseCommand::new("DbGetHostServersInfo", "host (pattern)", placements).takes_string(),
    DatabaseCommand::new("DbGetServerInfo", "server", placement).takes_string(),
    DatabaseCommand::new("DbPutServerInfo", "server, host, mode, level", place).adds(),
    DatabaseCommand::new("DbDeleteServerInfo", "server", |store, arguments| {
        store.placements.remove(&arguments.text("the server")?);
        Ok(Value::Void)
    })
    .takes_string()
    .removes(),
];

/// The servers whose admin device runs or ran last on such a host, whether its domain is told or
/// not.
fn servers_on<'a>(store: &'a Store, host: &str) -> Vec<&'a str> {
    let bare = Pattern::new(host);
    let with_domain = Pattern::new(&format!("{host}.*"));
    let servers = store
        .devices()
        .filter(|(name, device)| {
            let beginning = name.get(..ADMIN_PREFIX.len()).unwrap_or_default();
            let host = device.host();
            beginning.eq_ignore_ascii_case(ADMIN_PREFIX)
                && (bare.fits(host) || with_domain.fits(host))
        })
        .map(|(_, device)| device.server.as_str());
    distinct(servers)
}

fn placements(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let host = arguments.text("the host")?;
    let mut reply = Reply::new();
    for server in servers_on(store, &host) {
        let [_, mode, level] = told(store.placements.get(server));
        reply.extend([server, mode.as_str(), level.as_str()]);
    }
    reply.finish(arguments)
}

fn placement(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.text("the server")?;
    let [host, mode, level] = told(store.placements.get(&server));
    Ok(Value::Strings(vec![server, host, mode, level]))
}

/// Host, mode and level in words; blank if nobody has said them.
fn told(placement: Option<&Placement>) -> [String; 3] {
    match placement {
        Some(Placement { host, mode, level }) => {
            [host.clone(), mode.to_string(), level.to_string()]
        }
        None => [" ", " ", " "].map(str::to_owned),
    }
}

fn place(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let server = arguments.name("the server")?;
    let placement = Placement {
        host: arguments.name("the host")?,
        mode: arguments.number("the mode")?,
        level: arguments.number("the level")?,
    };
    store.placements.insert(&server, placement);
    Ok(Value::Void)
}
