//! A servant with all that the server has to know about it.

use std::{collections::HashMap, fmt, sync::Arc};

use super::{
    Servant,
    black_box::BlackBox,
    device_lock::DeviceLock,
    locking::Locking,
    serialization::{MONITOR_TIMEOUT, Monitor, Turn},
};
use crate::types::{AttributeConfig, AttributeFormat, CommandInfo, DataType, DevFailed};

/// One device as it is served: its declarations, found by name in any case.
pub(super) struct Device {
    name: String,
    class: String,
    pub(super) servant: Arc<dyn Servant>,
    commands: Vec<CommandInfo>,
    attributes: Vec<AttributeConfig>,
    command_places: HashMap<String, usize>,
    attribute_places: HashMap<String, usize>,
    pub(super) monitor: Monitor,
    pub(super) lock: DeviceLock,
    pub(super) black_box: BlackBox,
    /// Of the admin device.
    pub(super) locking: Option<Locking>,
}

/// The commands and attributes that the server answers in a servant's stead.
pub(super) mod builtin {
    pub(in crate::server) const INIT: &str = "Init";
    pub(in crate::server) const STATE: &str = "State";
    pub(in crate::server) const STATUS: &str = "Status";
}

impl Device {
    pub(super) fn new(name: &str, servant: Arc<dyn Servant>) -> Self {
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
        commands.extend(
            servant
                .commands()
                .into_iter()
                .filter(|command| !own(&command.name)),
        );
        let mut attributes = servant.attributes();
        attributes.retain(|attribute| !own(&attribute.name));
        attributes.push(AttributeConfig::new(builtin::STATE, DataType::State));
        attributes.push(AttributeConfig::new(builtin::STATUS, DataType::String));
        Self {
            name: name.to_owned(),
            class: servant.class(),
            command_places: places(commands.iter().map(|command| command.name.as_str())),
            attribute_places: places(attributes.iter().map(|attribute| attribute.name.as_str())),
            commands,
            attributes,
            servant,
            monitor: Monitor::new(name, MONITOR_TIMEOUT),
            lock: DeviceLock::default(),
            black_box: BlackBox::default(),
            locking: None,
        }
    }

    /// Lets its commands run beside each other: the admin device waits for other devices, and
    /// must answer everybody else meanwhile.
    pub(super) fn without_turns(mut self) -> Self {
        self.monitor = Monitor::open(&self.name);
        self
    }

    /// Lets its calls wait for each other at this monitor.
    pub(super) fn with_monitor(mut self, monitor: Monitor) -> Self {
        self.monitor = monitor;
        self
    }

    /// Lets it lock and unlock other devices.
    pub(super) fn with_locking(mut self, locking: Locking) -> Self {
        self.locking = Some(locking);
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn class(&self) -> &str {
        &self.class
    }

    pub(super) fn commands(&self) -> &[CommandInfo] {
        &self.commands
    }

    pub(super) fn attributes(&self) -> &[AttributeConfig] {
        &self.attributes
    }

    pub(super) fn find_command(&self, name: &str) -> Result<&CommandInfo, DevFailed> {
        find(&self.commands, &self.command_places, name).ok_or_else(|| {
            DevFailed::new(
                "API_CommandNotFound",
                format!("Command {name} not found on device {}", self.name),
                "tango_wire::server",
            )
        })
    }

    pub(super) fn find_attribute(&self, name: &str) -> Result<&AttributeConfig, DevFailed> {
        find(&self.attributes, &self.attribute_places, name).ok_or_else(|| {
            DevFailed::new(
                "API_AttrNotFound",
                format!("{name} attribute not found on device {}", self.name),
                "tango_wire::server",
            )
        })
    }

    /// Waits until no other call runs on this device, however long that takes; what is returned
    /// keeps others out.
    pub(super) async fn turn(&self) -> Turn<'_> {
        self.monitor.wait().await
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Device")
            .field("name", &self.name)
            .field("class", &self.class)
            .finish_non_exhaustive()
    }
}

fn places<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<String, usize> {
    names
        .enumerate()
        .map(|(place, name)| (name.to_lowercase(), place))
        .collect()
}

fn find<'a, T>(items: &'a [T], places: &HashMap<String, usize>, name: &str) -> Option<&'a T> {
    items.get(*places.get(&name.to_lowercase())?)
}

/// The shape of a value for an attribute of this format: columns and rows.
///
/// # Errors
/// The value has another type than the attribute, or a shape that the format does not have.
pub(super) fn dimension(
    config: &AttributeConfig,
    value: &crate::types::Value,
    columns: Option<u32>,
) -> Result<(u32, u32), DevFailed> {
    use crate::types::Value;
    if *value == Value::Void {
        return Ok((0, 0));
    }
    let refusal = |problem: String| {
        Err(DevFailed::new(
            "API_IncompatibleAttrDataType",
            format!("attribute {} {problem}", config.name),
            "tango_wire::server",
        ))
    };
    let (declared, found) = (config.data_type, value.element_type());
    if !same_type(declared, found) {
        return refusal(format!("is of {declared}, not of {found}"));
    }
    let count = value
        .item_count()
        .map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    match (config.format, count) {
        (AttributeFormat::Scalar | AttributeFormat::Unknown, None | Some(1)) => Ok((1, 0)),
        (AttributeFormat::Scalar | AttributeFormat::Unknown, Some(count)) => {
            refusal(format!("is a scalar, the value has {count} items"))
        }
        (AttributeFormat::Spectrum, count) => Ok((count.unwrap_or(1), 0)),
        (AttributeFormat::Image, count) => {
            let count = count.unwrap_or(1);
            match columns {
                Some(columns) if columns > 0 && count % columns == 0 => {
                    Ok((columns, count / columns))
                }
                Some(columns) => refusal(format!(
                    "is an image: {count} items are no rows of {columns}"
                )),
                None if count == 0 => Ok((0, 0)),
                None => refusal("is an image: how long are its rows?".to_owned()),
            }
        }
    }
}

/// True if a value of type `found` may stand where `declared` is declared: an enumerated value
/// travels as a short.
pub(super) fn same_type(declared: DataType, found: DataType) -> bool {
    match declared {
        DataType::Enum => found == DataType::Short,
        DataType::ConstString => found == DataType::String,
        declared => declared == found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Value;

    #[test]
    fn values_must_fit_the_declaration() {
        let scalar = AttributeConfig::new("obsState", DataType::Enum);
        let spectrum = AttributeConfig::new("lrc", DataType::String).spectrum(10);
        let image = AttributeConfig::new("beam", DataType::Double).image(10, 10);
        let strings = Value::Strings(vec!["a".into(), "b".into()]);
        let doubles = Value::Doubles(vec![0.0; 6]);
        assert_eq!(dimension(&scalar, &Value::Short(1), None), Ok((1, 0)));
        assert_eq!(dimension(&scalar, &Value::Void, None), Ok((0, 0)));
        assert!(dimension(&scalar, &Value::Long(1), None).is_err());
        assert!(dimension(&scalar, &Value::Shorts(vec![1, 2]), None).is_err());
        assert_eq!(dimension(&spectrum, &strings, None), Ok((2, 0)));
        assert_eq!(dimension(&image, &doubles, Some(3)), Ok((3, 2)));
        assert!(dimension(&image, &doubles, Some(4)).is_err());
        assert!(dimension(&image, &doubles, None).is_err());
    }
}
