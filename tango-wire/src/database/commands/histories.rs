//! The histories of properties: always empty, as this database keeps none.

use super::{Arguments, DatabaseCommand};
use crate::{
    database::store::Store,
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbGetPropertyHist", "object, property", of_property),
    DatabaseCommand::new("DbGetClassPropertyHist", "class, property", of_property),
    DatabaseCommand::new("DbGetDevicePropertyHist", "device, property", of_property),
    DatabaseCommand::new(
        "DbGetClassAttributePropertyHist",
        "class, attribute, property",
        of_attribute_property,
    ),
    DatabaseCommand::new(
        "DbGetDeviceAttributePropertyHist",
        "device, attribute, property",
        of_attribute_property,
    ),
    DatabaseCommand::new(
        "DbGetClassPipePropertyHist",
        "class, pipe, property",
        of_attribute_property,
    ),
    DatabaseCommand::new(
        "DbGetDevicePipePropertyHist",
        "device, pipe, property",
        of_attribute_property,
    ),
];

fn of_property(_: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    arguments.text("the owner")?;
    arguments.text("the property")?;
    Ok(Value::Strings(Vec::new()))
}

fn of_attribute_property(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    arguments.text("the owner")?;
    of_property(store, arguments)
}
