//! What a device has: its commands and attributes, found by name in any case.

mod attribute;
mod configuration;
mod limits;
mod number;
mod property;

use std::{collections::HashMap, sync::Arc};

pub(super) use attribute::Attribute;

use super::Servant;
use crate::types::{AttributeConfig, CommandInfo, DataType, InterfaceChange};

/// The commands and attributes that the server answers in a servant's stead.
pub(super) mod builtin {
    pub(in crate::server) const INIT: &str = "Init";
    pub(in crate::server) const STATE: &str = "State";
    pub(in crate::server) const STATUS: &str = "Status";
}

/// The commands and attributes of one device at one time. It never changes: a device that does
/// gets another one.
#[derive(Clone, Debug)]
pub(super) struct Interface {
    commands: Vec<Arc<CommandInfo>>,
    attributes: Vec<Arc<Attribute>>,
    command_places: HashMap<String, usize>,
    attribute_places: HashMap<String, usize>,
}

impl Interface {
    /// Asks a servant what it has, and adds what every device has.
    pub(super) fn of(servant: &dyn Servant) -> Self {
        let own = |name: &str| {
            [builtin::INIT, builtin::STATE, builtin::STATUS]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(name))
        };
        let mut commands = vec![
            CommandInfo::new(builtin::INIT, DataType::Void, DataType::Void),
            CommandInfo::new(builtin::STATE, DataType::Void, DataType::State),
            CommandInfo::new(builtin::STATUS, DataType::Void, DataType::String),
        ];
        let declared = servant.commands().into_iter();
        commands.extend(declared.filter(|command| !own(&command.name)));
        let mut attributes = servant.attributes();
        attributes.retain(|attribute| !own(&attribute.name));
        attributes.push(AttributeConfig::new(builtin::STATE, DataType::State));
        attributes.push(AttributeConfig::new(builtin::STATUS, DataType::String));
        Self {
            command_places: places(commands.iter().map(|command| command.name.as_str())),
            attribute_places: places(attributes.iter().map(|attribute| attribute.name.as_str())),
            commands: commands.into_iter().map(Arc::new).collect(),
            attributes: attributes
                .into_iter()
                .map(|declared| Arc::new(Attribute::new(declared)))
                .collect(),
        }
    }

    /// The same, with what clients have written to the configurations of attributes that stay.
    pub(super) fn keeping(mut self, old: &Self) -> Self {
        for attribute in &mut self.attributes {
            let old = old.attribute(&attribute.declared().name);
            if let Some(kept) = old.and_then(|old| attribute.keeping(old)) {
                *attribute = Arc::new(kept);
            }
        }
        self
    }

    /// The same, with another configuration of one attribute.
    pub(super) fn with_attribute(&self, attribute: Arc<Attribute>) -> Self {
        let mut changed = self.clone();
        let place = self.attribute_places.get(&key(&attribute.config().name));
        if let Some(old) = place.and_then(|&place| changed.attributes.get_mut(place)) {
            *old = attribute;
        }
        changed
    }

    pub(super) fn commands(&self) -> &[Arc<CommandInfo>] {
        &self.commands
    }

    pub(super) fn attributes(&self) -> &[Arc<Attribute>] {
        &self.attributes
    }

    pub(super) fn command(&self, name: &str) -> Option<&Arc<CommandInfo>> {
        self.commands.get(*self.command_places.get(&key(name))?)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Arc<Attribute>> {
        self.attributes.get(*self.attribute_places.get(&key(name))?)
    }

    /// True if the servant has declared something else there. What clients have written to
    /// configurations does not count.
    pub(super) fn differs(&self, other: &Self) -> bool {
        let ours = self.attributes.iter().map(|ours| ours.declared());
        let theirs = other.attributes.iter().map(|theirs| theirs.declared());
        self.commands != other.commands || !ours.eq(theirs)
    }

    /// What an interface change event tells.
    pub(super) fn change(&self, device_started: bool) -> InterfaceChange {
        let attributes = self.attributes.iter();
        InterfaceChange {
            device_started,
            commands: self.commands.iter().map(|one| (**one).clone()).collect(),
            attributes: attributes.map(|one| one.config().clone()).collect(),
        }
    }
}

fn key(name: &str) -> String {
    name.to_lowercase()
}

fn places<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<String, usize> {
    names
        .enumerate()
        .map(|(place, name)| (key(name), place))
        .collect()
}
