//! What tools like Jive and Astor ask when somebody looks at a server.

use super::{AdminDevice, failure};
use crate::types::{DevFailed, Value};

/// The level of a device that logs nothing to Tango's log targets.
const LOGGING_OFF: i32 = 0;

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

    /// The devices that were asked about ("*" for all), those that are here.
    pub(super) fn logging_levels(&self, asked: &[String]) -> Value {
        let all = asked.iter().any(|name| name == "*");
        let devices = self.devices.devices().iter();
        let names: Vec<String> = devices
            .map(|device| device.name())
            .filter(|name| all || asked.iter().any(|asked| asked.eq_ignore_ascii_case(name)))
            .map(str::to_owned)
            .collect();
        Value::LongStrings(vec![LOGGING_OFF; names.len()], names)
    }
}
