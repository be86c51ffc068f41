//! Where the fuzz targets enter; compiled for them only.

use super::{
    StorageLimits,
    commands::{DatabaseCommand, all},
    store::Store,
};
use crate::types::{DevFailed, Value};

/// A database that is not served: commands are run on it one after the other.
#[derive(Debug)]
pub struct BareDatabase {
    store: Store,
    commands: Vec<&'static DatabaseCommand>,
}

impl BareDatabase {
    /// An empty one.
    #[expect(clippy::new_without_default, reason = "nobody needs a default")]
    #[must_use]
    pub fn new() -> BareDatabase {
        BareDatabase {
            store: Store::default(),
            commands: all().collect(),
        }
    }

    /// The names of its commands.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.commands.iter().map(|command| command.name)
    }

    /// Runs the command with that place in the list, counted round and round.
    ///
    /// # Errors
    /// As the command says.
    pub fn run(&mut self, place: usize, argument: Value) -> Result<Value, DevFailed> {
        let place = place % self.commands.len().max(1);
        let Some(command) = self.commands.get(place) else {
            return Ok(Value::Void);
        };
        command.answer(&mut self.store, argument, StorageLimits::default())
    }
}
