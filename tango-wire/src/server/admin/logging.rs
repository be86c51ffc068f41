//! Where clients ask a server's devices to send their logs.

use super::{AdminDevice, failure};
use crate::{
    client::Client,
    server::{
        device::Device,
        logging::{LogLevel, LogTarget, TargetError, fits},
    },
    types::{CommandInfo, DataType, DevFailed, Value},
};

/// The commands about logs.
pub(super) fn commands() -> Vec<CommandInfo> {
    use DataType::{String, VarLongStringArray, VarStringArray, Void};
    vec![
        CommandInfo::new("AddLoggingTarget", VarStringArray, Void),
        CommandInfo::new("RemoveLoggingTarget", VarStringArray, Void),
        CommandInfo::new("GetLoggingTarget", String, VarStringArray),
        CommandInfo::new("SetLoggingLevel", VarLongStringArray, Void),
        CommandInfo::new("GetLoggingLevel", VarStringArray, VarLongStringArray),
        CommandInfo::new("StartLogging", Void, Void),
        CommandInfo::new("StopLogging", Void, Void),
    ]
}

impl AdminDevice {
    /// Runs one of these commands; `None` if it is not one of them.
    pub(super) async fn logging(
        &self,
        name: &str,
        argument: &Value,
    ) -> Option<Result<Value, DevFailed>> {
        Some(match (name, argument) {
            ("AddLoggingTarget", Value::Strings(pairs)) => self.add_targets(pairs).await,
            ("RemoveLoggingTarget", Value::Strings(pairs)) => self.remove_targets(pairs),
            ("GetLoggingTarget", Value::String(device)) => self
                .device(device)
                .map(|device| Value::Strings(self.logs.targets(device.name()))),
            ("SetLoggingLevel", Value::LongStrings(levels, devices)) => {
                self.set_levels(levels, devices)
            }
            ("GetLoggingLevel", Value::Strings(devices)) => Ok(self.levels(devices)),
            ("StartLogging", _) => {
                self.logs.stop(false);
                Ok(Value::Void)
            }
            ("StopLogging", _) => {
                self.logs.stop(true);
                Ok(Value::Void)
            }
            _ => return None,
        })
    }

    async fn add_targets(&self, pairs: &[String]) -> Result<Value, DevFailed> {
        for (pattern, text) in paired(pairs)? {
            let devices = self.meant(pattern)?;
            let target = LogTarget::parse(text).map_err(|error| no_target(&error))?;
            let consumer = match &target {
                LogTarget::Console => None,
                LogTarget::Device { address, .. } => {
                    let client = match &self.database {
                        Some(tango_host) => Client::new().with_tango_host(tango_host),
                        None => Client::new(),
                    };
                    let opened = async {
                        let consumer = client.device_at(address.clone()).await?;
                        consumer.command_info("Log").await?;
                        Ok(consumer)
                    };
                    let opened: Result<_, crate::Error> = opened.await;
                    Some(opened.map_err(|error| {
                        let words = format!("Could not connect to log consumer {text}: {error}");
                        failure("API_ConnectionFailed", words)
                    })?)
                }
            };
            for device in devices {
                self.logs.add(device, target.clone(), consumer.clone());
            }
        }
        Ok(Value::Void)
    }

    fn remove_targets(&self, pairs: &[String]) -> Result<Value, DevFailed> {
        for (pattern, target) in paired(pairs)? {
            for device in self.meant(pattern)? {
                self.logs.remove(device, target);
            }
        }
        Ok(Value::Void)
    }

    fn set_levels(&self, levels: &[i32], devices: &[String]) -> Result<Value, DevFailed> {
        if levels.len() != devices.len() {
            let words = "give as many levels as devices".to_owned();
            return Err(failure("API_WrongNumberOfArgs", words));
        }
        for (number, pattern) in levels.iter().zip(devices) {
            let level = LogLevel::from_number(*number).ok_or_else(|| {
                let words = format!("{number} is no logging level: 0 (OFF) to 5 (DEBUG) are");
                failure("API_MethodArgument", words)
            })?;
            for device in self.meant(pattern)? {
                self.logs.set_level(device, level);
            }
        }
        Ok(Value::Void)
    }

    /// Of the devices that were asked about, those that are here.
    fn levels(&self, asked: &[String]) -> Value {
        let devices = self.devices.devices().iter().map(|device| device.name());
        let asked_about = |name: &&str| asked.iter().any(|pattern| fits(pattern, name));
        let names: Vec<_> = devices.filter(asked_about).collect();
        let levels = names.iter().map(|name| self.logs.level(name).number());
        Value::LongStrings(
            levels.collect(),
            names.iter().map(|&name| name.to_owned()).collect(),
        )
    }

    /// The devices that a pattern fits.
    fn meant(&self, pattern: &str) -> Result<Vec<&str>, DevFailed> {
        if !pattern.contains('*') {
            return self.device(pattern).map(|device| vec![device.name()]);
        }
        let names = self
            .devices
            .devices()
            .iter()
            .map(|device: &_| Device::name(device));
        Ok(names.filter(|name| fits(pattern, name)).collect())
    }
}

fn paired(texts: &[String]) -> Result<Vec<(&str, &str)>, DevFailed> {
    let (pairs, rest) = texts.as_chunks::<2>();
    if !rest.is_empty() {
        let words = "give a device and a target, or several such pairs".to_owned();
        return Err(failure("API_WrongNumberOfArgs", words));
    }
    let pairs = pairs.iter();
    Ok(pairs
        .map(|[device, target]| (device.as_str(), target.as_str()))
        .collect())
}

fn no_target(error: &TargetError) -> DevFailed {
    failure("API_MethodArgument", error.to_string())
}
