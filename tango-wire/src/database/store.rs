//! What a Tango database knows: devices, where they run, aliases and properties.

mod names;
mod properties;

use std::collections::BTreeSet;

pub(super) use names::{NameMap, matches};
pub(super) use properties::{AttributePropertyTable, PropertyTable};

/// The contents of a database. Only memory: it ends with the program.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// Where the database itself is, as clients write it: `host:port`.
    pub(super) tango_host: String,
    devices: NameMap<Device>,
    pub(super) servers: NameMap<Placement>,
    /// alias -> device
    pub(super) device_aliases: NameMap<String>,
    /// alias -> attribute (`device/attribute`)
    pub(super) attribute_aliases: NameMap<String>,
    pub(super) object_properties: PropertyTable,
    pub(super) class_properties: PropertyTable,
    pub(super) device_properties: PropertyTable,
    pub(super) class_attribute_properties: AttributePropertyTable,
    pub(super) device_attribute_properties: AttributePropertyTable,
    pub(super) class_pipe_properties: AttributePropertyTable,
    pub(super) device_pipe_properties: AttributePropertyTable,
}

/// A device that is defined, whether it runs or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Device {
    /// `executable/instance`
    pub(super) server: String,
    pub(super) class: String,
    /// Where it runs, or ran last.
    pub(super) export: Option<Export>,
    pub(super) exported: bool,
}

/// What a server says about a device when it starts it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Export {
    /// The stringified object reference.
    pub(super) reference: String,
    pub(super) host: String,
    pub(super) process: i32,
    /// The version of the interface, as "6".
    pub(super) version: String,
}

/// Where the starter should run a server, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Placement {
    pub(super) host: String,
    pub(super) mode: String,
    pub(super) level: String,
}

/// The class of every server's admin device.
pub(super) const ADMIN_CLASS: &str = "DServer";
/// What stands before the server's name in the name of its admin device.
const ADMIN_PREFIX: &str = "dserver/";

impl Store {
    /// Defines a device, or moves it to another server or class. Its server's admin device is
    /// defined along with it: without one, cppTango refuses to start the server.
    pub(super) fn define(&mut self, device: &str, server: &str, class: &str) {
        self.set(device, server, class);
        let admin = format!("{ADMIN_PREFIX}{server}");
        if self.devices.get(&admin).is_none() {
            self.set(&admin, server, ADMIN_CLASS);
        }
    }

    fn set(&mut self, device: &str, server: &str, class: &str) {
        let entry = self.devices.get_or_default(device);
        server.clone_into(&mut entry.server);
        class.clone_into(&mut entry.class);
    }

    /// Forgets a device with its aliases and properties; false if it was not defined.
    pub(super) fn forget(&mut self, device: &str) -> bool {
        let known = self.devices.remove(device).is_some();
        self.device_aliases
            .retain(|_, target| !target.eq_ignore_ascii_case(device));
        self.device_properties.delete_owner(device);
        self.device_attribute_properties.delete_owner(device);
        self.device_pipe_properties.delete_owner(device);
        known
    }

    /// Forgets a server with all its devices.
    pub(super) fn forget_server(&mut self, server: &str) {
        for device in self.devices_where(|_, device| device.server.eq_ignore_ascii_case(server)) {
            self.forget(&device);
        }
        self.servers.remove(server);
    }

    /// Notes that a device runs now; false if it is not defined.
    ///
    /// An admin device need not be: a server may run without any other device.
    pub(super) fn export(&mut self, device: &str, export: Export) -> bool {
        if let Some((ADMIN_PREFIX, server)) = device.split_at_checked(ADMIN_PREFIX.len())
            && self.devices.get(device).is_none()
        {
            self.set(device, server, ADMIN_CLASS);
        }
        let Some(entry) = self.devices.get_mut(device) else {
            return false;
        };
        entry.export = Some(export);
        entry.exported = true;
        true
    }

    /// Notes that a device runs no more; false if it is not defined.
    pub(super) fn unexport(&mut self, device: &str) -> bool {
        match self.devices.get_mut(device) {
            Some(entry) => {
                entry.exported = false;
                true
            }
            None => false,
        }
    }

    /// Notes that none of a server's devices runs any more.
    pub(super) fn unexport_server(&mut self, server: &str) {
        for device in self.devices.values_mut() {
            if device.server.eq_ignore_ascii_case(server) {
                device.exported = false;
            }
        }
    }

    /// A device by its name or an alias, with its name as it was defined.
    pub(super) fn find(&self, name: &str) -> Option<(&str, &Device)> {
        let name = self.device_aliases.get(name).map_or(name, String::as_str);
        self.devices.entry(name)
    }

    /// The names of the devices for which `wanted` is true, sorted.
    pub(super) fn devices_where(&self, wanted: impl Fn(&str, &Device) -> bool) -> Vec<String> {
        let devices = self
            .devices
            .iter()
            .filter(|(name, device)| wanted(name, device));
        devices.map(|(name, _)| name.to_owned()).collect()
    }

    /// The different answers that `of` gives for all devices, sorted and without repetition.
    pub(super) fn distinct<'a>(
        &'a self,
        of: impl Fn(&'a str, &'a Device) -> Option<&'a str>,
    ) -> Vec<String> {
        let found: BTreeSet<&str> = self
            .devices
            .iter()
            .filter_map(|(name, device)| of(name, device))
            .collect();
        found.into_iter().map(str::to_owned).collect()
    }

    /// How many devices are defined, and how many of them run.
    pub(super) fn count(&self) -> (usize, usize) {
        let exported = self
            .devices
            .iter()
            .filter(|(_, device)| device.exported)
            .count();
        (self.devices.len(), exported)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> Store {
        let mut store = Store::default();
        store.define("low/sub/1", "Sub/test", "Subarray");
        store.define("low/sub/2", "Sub/test", "Subarray");
        store.define("low/node/1", "Node/test", "CentralNode");
        store
    }

    fn export() -> Export {
        Export {
            reference: "IOR:00".into(),
            ..Export::default()
        }
    }

    #[test]
    fn a_device_is_exported_until_its_server_ends() {
        let mut store = store();
        assert!(store.export("LOW/sub/1", export()));
        assert!(store.export("low/node/1", export()));
        assert_eq!(store.count(), (5, 2), "three devices, two admin devices");
        store.unexport_server("sub/TEST");
        let (name, device) = store.find("low/SUB/1").expect("defined");
        assert_eq!(name, "low/sub/1");
        assert!(!device.exported);
        assert_eq!(device.export, Some(export()), "where it ran last is kept");
        assert!(store.unexport("low/node/1"));
        assert_eq!(store.count(), (5, 0));
    }

    #[test]
    fn only_admin_devices_are_defined_by_exporting_them() {
        let mut store = store();
        assert!(!store.export("no/such/device", export()));
        assert!(!store.unexport("no/such/device"));
        assert!(store.export("dserver/Empty/test", export()));
        let (_, admin) = store.find("dserver/empty/test").expect("defined");
        assert_eq!(
            (admin.server.as_str(), admin.class.as_str()),
            ("Empty/test", ADMIN_CLASS)
        );
    }

    #[test]
    fn forgetting_a_device_takes_its_aliases_and_properties_along() {
        let mut store = store();
        store.device_aliases.insert("one", "low/sub/1".into());
        store.device_properties.put("low/sub/1", "a", vec![]);
        assert_eq!(store.find("ONE").map(|(name, _)| name), Some("low/sub/1"));
        assert!(store.forget("low/sub/1"));
        assert!(!store.forget("low/sub/1"));
        assert_eq!(store.find("one"), None);
        assert_eq!(store.device_properties.count(), 0);
        store.forget_server("sub/test");
        assert_eq!(
            store.devices_where(|_, _| true),
            ["dserver/Node/test", "low/node/1"]
        );
    }

    #[test]
    fn distinct_answers_come_once() {
        let store = store();
        assert_eq!(
            store.distinct(|_, device| Some(&device.class)),
            ["CentralNode", ADMIN_CLASS, "Subarray"]
        );
    }
}
