//! All commands of the database in one list.

use super::{Arguments, aliases, attribute_properties, devices, information, properties, servers};
use crate::{
    database::store::Store,
    types::{CommandInfo, DataType, DevFailed, Value},
};

/// One command: its name, its types, what it does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DatabaseCommand {
    pub(crate) name: &'static str,
    input: DataType,
    output: DataType,
    description: &'static str,
    pub(crate) run: fn(&mut Store, &mut Arguments) -> Result<Value, DevFailed>,
}

impl DatabaseCommand {
    /// A command with a list of strings for argument and reply; `description` is the argument's.
    pub(super) const fn new(
        name: &'static str,
        description: &'static str,
        run: fn(&mut Store, &mut Arguments) -> Result<Value, DevFailed>,
    ) -> Self {
        Self {
            name,
            input: DataType::VarStringArray,
            output: DataType::VarStringArray,
            description,
            run,
        }
    }

    /// Takes one string.
    pub(super) const fn takes_string(mut self) -> Self {
        self.input = DataType::String;
        self
    }

    /// Takes nothing.
    pub(super) const fn takes_nothing(mut self) -> Self {
        self.input = DataType::Void;
        self
    }

    /// Replies with one string.
    pub(super) const fn gives_string(mut self) -> Self {
        self.output = DataType::String;
        self
    }

    /// Replies with numbers and strings.
    pub(super) const fn gives_numbers_and_strings(mut self) -> Self {
        self.output = DataType::VarLongStringArray;
        self
    }

    /// Replies with nothing.
    pub(super) const fn gives_nothing(mut self) -> Self {
        self.output = DataType::Void;
        self
    }

    /// What the database device says about it.
    pub(crate) fn info(&self) -> CommandInfo {
        let mut info = CommandInfo::new(self.name, self.input, self.output);
        self.description.clone_into(&mut info.input_description);
        info
    }
}

/// Every command there is.
pub(crate) fn all() -> impl Iterator<Item = &'static DatabaseCommand> {
    [
        devices::COMMANDS,
        servers::COMMANDS,
        properties::COMMANDS,
        attribute_properties::COMMANDS,
        aliases::COMMANDS,
        information::COMMANDS,
    ]
    .into_iter()
    .flatten()
}
