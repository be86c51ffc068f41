//! What a Tango database knows: devices, where they run, aliases and properties.

mod aliases;
mod device;
mod names;
mod properties;
mod weight;

use std::time::SystemTime;

pub(super) use aliases::AliasTable;
pub(super) use device::{
    ADMIN_CLASS, ADMIN_PREFIX, Device, EventChannel, Export, Placement, is_device_name,
};
pub(super) use names::{NameMap, Pattern, distinct, same};
pub(super) use properties::{AttributePropertyTable, Properties, PropertyTable};
pub(super) use weight::{ENTRY, Weigh};

/// The contents of a database, in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Store {
    /// Where the database itself is, as clients write it: `host:port`.
    pub(super) tango_host: String,
    /// Since when.
    pub(super) running_since: Option<SystemTime>,
    devices: NameMap<Device>,
    pub(super) placements: NameMap<Placement>,
    pub(super) channels: NameMap<EventChannel>,
    pub(super) device_aliases: AliasTable,
    /// Of attributes as `device/attribute`.
    pub(super) attribute_aliases: AliasTable,
    pub(super) object_properties: PropertyTable,
    pub(super) class_properties: PropertyTable,
    pub(super) device_properties: PropertyTable,
    pub(super) class_attribute_properties: AttributePropertyTable,
    pub(super) device_attribute_properties: AttributePropertyTable,
    pub(super) class_pipe_properties: AttributePropertyTable,
    pub(super) device_pipe_properties: AttributePropertyTable,
}

impl Store {
    /// Defines a device, or moves it to another server or class: it then runs no more. Its
    /// server's admin device is defined along with it: without one, cppTango refuses to start the
    /// server.
    pub(super) fn define(&mut self, device: &str, server: &str, class: &str) {
        self.devices.insert(device, Device::new(server, class));
        self.define_server(server);
    }

    /// Defines a server without devices: its admin device, that is.
    pub(super) fn define_server(&mut self, server: &str) {
        let admin = admin_device(server);
        if !self.devices.contains(&admin) {
            self.devices
                .insert(&admin, Device::new(server, ADMIN_CLASS));
        }
    }

    /// Forgets a device with its aliases and properties.
    pub(super) fn forget(&mut self, device: &str) {
        self.devices.remove(device);
        self.device_aliases.remove_target(device);
        self.attribute_aliases
            .remove_targets_beginning_with(&format!("{device}/"));
        self.device_properties.delete_owner(device);
        self.device_attribute_properties.delete_owner(device);
        self.device_pipe_properties.delete_owner(device);
    }

    /// Forgets a server with all its devices; false if it has none.
    pub(super) fn forget_server(&mut self, server: &str) -> bool {
        let devices: Vec<String> = self.names_of_server(server);
        for device in &devices {
            self.forget(device);
        }
        self.placements.remove(server);
        !devices.is_empty()
    }

    /// Gives a server another name, and its admin device; false if it has no devices.
    pub(super) fn rename_server(&mut self, server: &str, new: &str) -> bool {
        if self.names_of_server(server).is_empty() {
            return false;
        }
        self.devices.edit_each(|device| {
            if same(&device.server, server) {
                new.clone_into(&mut device.server);
            }
        });
        let (admin, new_admin) = (admin_device(server), admin_device(new));
        if let Some(device) = self.devices.remove(&admin) {
            self.devices.insert(&new_admin, device);
        }
        if let Some(alias) = self.device_aliases.alias(&admin).map(str::to_owned) {
            self.device_aliases.remove_target(&admin);
            self.device_aliases.put(&new_admin, &alias);
        }
        self.device_properties.rename_owner(&admin, &new_admin);
        self.device_attribute_properties
            .rename_owner(&admin, &new_admin);
        self.device_pipe_properties.rename_owner(&admin, &new_admin);
        if let Some(placement) = self.placements.remove(server) {
            self.placements.insert(new, placement);
        }
        true
    }

    fn names_of_server(&self, server: &str) -> Vec<String> {
        let devices = self.devices.iter();
        devices
            .filter(|(_, device)| same(&device.server, server))
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// Notes that a device runs now; false if it is not defined.
    pub(super) fn export(&mut self, device: &str, export: Export, now: SystemTime) -> bool {
        let noted = self.devices.edit(device, |entry| {
            entry.export = Some(export);
            entry.exported = true;
            entry.started = Some(now);
        });
        noted.is_some()
    }

    /// Notes that a device runs no more.
    pub(super) fn unexport(&mut self, device: &str, now: SystemTime) {
        self.devices.edit(device, |entry| entry.stop(now));
    }

    /// Notes that none of a server's devices runs any more.
    pub(super) fn unexport_server(&mut self, server: &str, now: SystemTime) {
        self.devices.edit_each(|device| {
            if same(&device.server, server) {
                device.stop(now);
            }
        });
    }

    /// A device by its name, with the name as it was defined.
    pub(super) fn device(&self, name: &str) -> Option<(&str, &Device)> {
        self.devices.entry(name)
    }

    /// A device by its name or alias.
    pub(super) fn find(&self, name: &str) -> Option<(&str, &Device)> {
        let aliased = || self.devices.entry(self.device_aliases.target(name)?);
        self.devices.entry(name).or_else(aliased)
    }

    /// All devices, sorted by name.
    pub(super) fn devices(&self) -> impl Iterator<Item = (&str, &Device)> {
        self.devices.iter()
    }

    /// The devices whose name or alias fits, sorted by name.
    pub(super) fn fitting<'a>(
        &'a self,
        pattern: &'a Pattern,
    ) -> Box<dyn Iterator<Item = (&'a str, &'a Device)> + 'a> {
        let by_alias: Vec<&str> = self
            .device_aliases
            .fitting(pattern)
            .map(|(_, device)| device)
            .collect();
        if by_alias.is_empty() {
            return Box::new(self.devices.fitting(pattern));
        }
        // both kinds, each once, in order
        let by_name = self.devices.fitting(pattern).map(|(name, _)| name);
        let names = distinct(by_name.chain(by_alias));
        Box::new(
            names
                .into_iter()
                .filter_map(|name| self.devices.entry(name)),
        )
    }

    /// How much it holds, in octets, about.
    pub(super) fn weight(&self) -> usize {
        [
            self.devices.weight(),
            self.placements.weight(),
            self.channels.weight(),
            self.device_aliases.weight(),
            self.attribute_aliases.weight(),
            self.object_properties.weight(),
            self.class_properties.weight(),
            self.device_properties.weight(),
            self.class_attribute_properties.weight(),
            self.device_attribute_properties.weight(),
            self.class_pipe_properties.weight(),
            self.device_pipe_properties.weight(),
        ]
        .into_iter()
        .sum()
    }
}

/// The name of a server's admin device.
pub(super) fn admin_device(server: &str) -> String {
    format!("{ADMIN_PREFIX}{server}")
}

#[cfg(test)]
mod tests;
