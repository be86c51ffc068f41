//! The database as a device.

use std::{
    collections::HashMap,
    future::ready,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use tokio::sync::Notify;

use super::{
    commands::{DatabaseCommand, all},
    limits::StorageLimits,
    store::{ADMIN_CLASS, Export, Store, admin_device},
};
use crate::{
    server::{BoxFuture, ReadingToServe, RunningServer, Servant, ServerError},
    types::{AttributeConfig, CommandInfo, DevFailed, DevState, Value},
};

/// The class of every Tango database's device.
const CLASS: &str = "DataBase";
/// What the database is called as a device and as a server, as everywhere in the field.
pub(super) const DEVICE: &str = "sys/database/2";
pub(super) const SERVER: &str = "DataBaseds/2";

/// Answers the commands of a Tango database from a [`Store`].
#[derive(Debug)]
pub(super) struct DatabaseServant {
    store: Arc<Mutex<Store>>,
    limits: StorageLimits,
    changed: Arc<Notify>,
    commands: HashMap<&'static str, &'static DatabaseCommand>,
}

impl DatabaseServant {
    /// `changed` is told of every change of what is kept when the database ends.
    pub(super) fn new(
        store: Arc<Mutex<Store>>,
        limits: StorageLimits,
        changed: Arc<Notify>,
    ) -> Self {
        let commands = all().map(|command| (command.name, command)).collect();
        Self {
            store,
            limits,
            changed,
            commands,
        }
    }

    fn run(&self, name: &str, argument: Value) -> Result<Value, DevFailed> {
        let Some(command) = self.commands.get(name) else {
            let words = format!("Command {name} not found");
            return Err(DevFailed::new("API_CommandNotFound", words, CLASS));
        };
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = command.answer(&mut store, argument, self.limits);
        drop(store);
        if outcome.is_ok() && command.changes_state() {
            self.changed.notify_one();
        }
        tracing::trace!(command = name, refused = outcome.is_err(), "database");
        outcome
    }
}

impl Servant for DatabaseServant {
    fn class(&self) -> String {
        CLASS.to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        all().map(DatabaseCommand::info).collect()
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        Vec::new()
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn status(&self) -> String {
        "Device is OK".to_owned()
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(ready(self.run(name, argument)))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let words = format!("{attribute} attribute not found");
        Box::pin(ready(Err(DevFailed::new("API_AttrNotFound", words, CLASS))))
    }
}

/// A database knows itself, so that clients find it like any other device.
///
/// # Errors
/// The host cannot be put into an object reference.
pub(super) fn define_itself(
    store: &Mutex<Store>,
    server: &RunningServer,
) -> Result<(), ServerError> {
    let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
    let now = SystemTime::now();
    store.tango_host = server.host_and_port();
    store.running_since = Some(now);
    let admin = admin_device(SERVER);
    for (device, class) in [(DEVICE, CLASS), (admin.as_str(), ADMIN_CLASS)] {
        let Some(reference) = server.object_reference(device) else {
            continue;
        };
        let export = Export {
            reference: reference.to_ior()?,
            host: server.host().to_owned(),
            process: i32::try_from(std::process::id()).unwrap_or(0),
            version: "6".to_owned(),
        };
        store.define(device, SERVER, class);
        store.export(device, export, now);
    }
    Ok(())
}
