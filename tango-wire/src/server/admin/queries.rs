//! What tools like Jive and Astor ask when somebody looks at a server.

use super::{AdminDevice, failure};
use crate::types::{DevFailed, Value};

impl AdminDevice {
    pub(super) fn classes(&self) -> Vec<String> {
        let mut classes: Vec<String> = Vec::new();
        for device in self.devices.devices() {
            if !classes.iter().any(|class| class == device.class()) {
                classes.push(device.class().to_owned());
            }
        }
        classes
    }

    pub(super) fn devices(&self) -> Vec<String> {
        let devices = self.devices.devices().iter();
        devices
            .map(|device| format!("{}::{}", device.class(), device.name()))
            .collect()
    }

    /// The properties that a class declares for its wizard: servants declare none.
    pub(super) fn properties_of(&self, class: &str) -> Result<Value, DevFailed> {
        let mut classes = self.classes().into_iter();
        if classes.any(|known| known.eq_ignore_ascii_case(class)) {
            return Ok(Value::Strings(Vec::new()));
        }
        let words = format!("Class {class} not found in device server");
        Err(failure("API_ClassNotFound", words))
    }
}
