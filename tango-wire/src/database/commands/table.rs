//! All commands of the database in one list.

use super::{
    Arguments, aliases, attribute_properties, devices, event_channels, histories, hosts,
    information, lists, pipe_properties, properties, servers,
};
use crate::{
    database::{limits::StorageLimits, store::Store},
    types::{CommandInfo, DataType, DevFailed, Value},
};

/// One command: its name, its types, what it does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DatabaseCommand {
    pub(crate) name: &'static str,
    input: DataType,
    output: DataType,
    description: &'static str,
    effect: Effect,
    run: fn(&mut Store, &mut Arguments) -> Result<Value, DevFailed>,
}

/// What a command does to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing.
    Looks,
    /// It notes what runs.
    Runs,
    /// It puts something in.
    Adds,
    /// It takes something out.
    Removes,
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
            effect: Effect::Looks,
            run,
        }
    }

    /// Puts something into the store, and replies with nothing.
    pub(super) const fn adds(mut self) -> Self {
        self.effect = Effect::Adds;
        self.gives_nothing()
    }

    /// Takes something out of the store, and replies with nothing.
    pub(super) const fn removes(mut self) -> Self {
        self.effect = Effect::Removes;
        self.gives_nothing()
    }

    /// Notes what runs, and replies with nothing.
    pub(super) const fn runs(mut self) -> Self {
        self.effect = Effect::Runs;
        self.gives_nothing()
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

    /// Does what is asked, within the limits.
    pub(crate) fn answer(
        &self,
        store: &mut Store,
        argument: Value,
        limits: StorageLimits,
    ) -> Result<Value, DevFailed> {
        let mut arguments = Arguments::new(self.name, argument, limits);
        if matches!(self.effect, Effect::Adds | Effect::Runs) {
            arguments.check_memory(store.weight())?;
        }
        (self.run)(store, &mut arguments)
    }

    /// True if it changes something.
    pub(crate) fn changes_state(&self) -> bool {
        self.effect != Effect::Looks
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
        lists::COMMANDS,
        servers::COMMANDS,
        hosts::COMMANDS,
        properties::COMMANDS,
        attribute_properties::COMMANDS,
        pipe_properties::COMMANDS,
        aliases::COMMANDS,
        event_channels::COMMANDS,
        histories::COMMANDS,
        information::COMMANDS,
    ]
    .into_iter()
    .flatten()
}
