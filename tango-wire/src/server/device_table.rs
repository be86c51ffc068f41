//! All devices of a server, by object key.

use std::{collections::HashMap, sync::Arc};

use super::{device::Device, error::ServerError};

/// Devices by object key. The key of a device is its name in lower case, so that
/// `corbaloc:iiop:host:port/a/b/c` finds it.
#[derive(Debug, Default)]
pub(super) struct DeviceTable {
    by_key: HashMap<String, Arc<Device>>,
    in_order: Vec<Arc<Device>>,
}

impl DeviceTable {
    pub(super) fn add(&mut self, device: Arc<Device>) -> Result<(), ServerError> {
        let key = device.name().to_lowercase();
        if self.by_key.insert(key, Arc::clone(&device)).is_some() {
            return Err(ServerError::Duplicate(device.name().to_owned()));
        }
        self.in_order.push(device);
        Ok(())
    }

    /// Makes a device known under another object key as well.
    pub(super) fn add_key(&mut self, key: &str, device: &str) {
        if let Some(device) = self.find(device) {
            self.by_key.insert(key.to_lowercase(), Arc::clone(device));
        }
    }

    /// The same devices and one more.
    pub(super) fn with(&self, device: Device) -> Result<Self, ServerError> {
        let mut table = Self {
            by_key: self.by_key.clone(),
            in_order: self.in_order.clone(),
        };
        table.add(Arc::new(device))?;
        Ok(table)
    }

    pub(super) fn find(&self, name: &str) -> Option<&Arc<Device>> {
        // nearly every key comes in lower case already
        self.by_key
            .get(name)
            .or_else(|| self.by_key.get(&name.to_lowercase()))
    }

    pub(super) fn find_key(&self, key: &[u8]) -> Option<&Arc<Device>> {
        self.find(std::str::from_utf8(key).ok()?)
    }

    /// The devices in the order in which they were added.
    pub(super) fn devices(&self) -> &[Arc<Device>] {
        &self.in_order
    }
}
