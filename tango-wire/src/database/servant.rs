//! The database as a device.

use std::{
    collections::HashMap,
    future::ready,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    commands::{Arguments, DatabaseCommand, all},
    store::Store,
};
use crate::{
    server::{BoxFuture, ReadingToServe, Servant},
    types::{AttributeConfig, CommandInfo, DevFailed, DevState, Value},
};

/// The class of every Tango database's device.
pub(super) const CLASS: &str = "DataBase";

/// Answers the commands of a Tango database from a [`Store`].
#[derive(Debug)]
pub(super) struct DatabaseServant {
    store: Arc<Mutex<Store>>,
    commands: HashMap<&'static str, &'static DatabaseCommand>,
}

impl DatabaseServant {
    pub(super) fn new(store: Arc<Mutex<Store>>) -> Self {
        let commands = all().map(|command| (command.name, command)).collect();
        Self { store, commands }
    }

    fn run(&self, name: &str, argument: Value) -> Result<Value, DevFailed> {
        let Some(command) = self.commands.get(name) else {
            let words = format!("Command {name} not found");
            return Err(DevFailed::new("API_CommandNotFound", words, CLASS));
        };
        let mut arguments = Arguments::new(command.name, argument);
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = (command.run)(&mut store, &mut arguments);
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
