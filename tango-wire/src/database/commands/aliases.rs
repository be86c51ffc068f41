//! Short names of devices and attributes.

use super::{Arguments, DatabaseCommand, Reply, device_name::device_name};
use crate::{
    database::store::{AliasTable, Pattern, Store},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbPutDeviceAlias", "device, alias", put_device).adds(),
    DatabaseCommand::new("DbGetAliasDevice", "alias", device_of_alias)
        .takes_string()
        .gives_string(),
    DatabaseCommand::new("DbGetDeviceAlias", "device", alias_of_device)
        .takes_string()
        .gives_string(),
    DatabaseCommand::new("DbGetDeviceAliasList", "pattern", |store, arguments| {
        let pattern = Pattern::new(&arguments.text("the pattern")?);
        let aliases = store.device_aliases.fitting(&pattern);
        Reply::of(aliases.map(|(alias, _)| alias), arguments)
    })
    .takes_string(),
    DatabaseCommand::new("DbDeleteDeviceAlias", "alias", |store, arguments| {
        store.device_aliases.remove(&arguments.text("the alias")?);
        Ok(Value::Void)
    })
    .takes_string()
    .removes(),
    DatabaseCommand::new("DbPutAttributeAlias", "attribute, alias", put_attribute).adds(),
    DatabaseCommand::new("DbGetAttributeAlias", "alias", attribute_of_alias)
        .takes_string()
        .gives_string(),
    DatabaseCommand::new("DbGetAliasAttribute", "alias", attribute_of_alias)
        .takes_string()
        .gives_string(),
    DatabaseCommand::new("DbGetAttributeAlias2", "attribute", alias_of_attribute)
        .takes_string()
        .gives_string(),
    DatabaseCommand::new("DbGetAttributeAliasList", "pattern", attribute_aliases).takes_string(),
    DatabaseCommand::new("DbDeleteAttributeAlias", "alias", |store, arguments| {
        store
            .attribute_aliases
            .remove(&arguments.text("the alias")?);
        Ok(Value::Void)
    })
    .takes_string()
    .removes(),
];

/// What the real database says when its tables do not hold what was looked for.
const NOT_IN_TABLE: &str = "DB_SQLError";

fn put_device(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let device = arguments.name("the device")?;
    let alias = arguments.name("the alias")?;
    if alias.contains(['/', ' ']) || alias.is_empty() {
        return Err(arguments.incorrect("an alias has no '/' and no ' ', and a letter".to_owned()));
    }
    // no alias for what is not there, and no complaint: as the real one
    match store.device(&device).map(|(name, _)| name.to_owned()) {
        Some(name) => put(&mut store.device_aliases, &name, &alias, arguments),
        None if store.device_aliases.target(&alias).is_some() => Err(taken(&alias, arguments)),
        None => Ok(Value::Void),
    }
}

fn put_attribute(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let attribute = arguments.name("the attribute")?;
    let alias = arguments.name("the alias")?;
    if attribute.matches('/').count() != 3 {
        let words = format!("attribute name {attribute} has bad syntax, must have 3 / in it");
        return Err(arguments.failure(NOT_IN_TABLE, words));
    }
    put(&mut store.attribute_aliases, &attribute, &alias, arguments)
}

fn put(
    table: &mut AliasTable,
    target: &str,
    alias: &str,
    arguments: &Arguments,
) -> Result<Value, DevFailed> {
    if table.put(target, alias) {
        Ok(Value::Void)
    } else {
        Err(taken(alias, arguments))
    }
}

fn taken(alias: &str, arguments: &Arguments) -> DevFailed {
    arguments.failure(NOT_IN_TABLE, format!("alias {alias} already exists !"))
}

fn device_of_alias(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let alias = arguments.text("the alias")?;
    let device = store.device_aliases.target(&alias);
    // as it is spelled where it is defined
    match device.and_then(|device| store.device(device)) {
        Some((name, _)) => Ok(Value::String(name.to_owned())),
        None => Err(arguments.failure(
            "DB_DeviceNotDefined",
            format!("No device found for alias '{alias}'"),
        )),
    }
}

fn alias_of_device(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let device = arguments.text("the device")?;
    let alias = store.device_aliases.alias(device_name(&device, arguments)?);
    match alias {
        Some(alias) => Ok(Value::String(alias.to_owned())),
        None => Err(arguments.failure(
            "DB_AliasNotDefined",
            format!("No alias found for device '{device}'"),
        )),
    }
}

fn attribute_of_alias(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let alias = arguments.text("the alias")?;
    match store.attribute_aliases.target(&alias) {
        Some(attribute) => Ok(Value::String(attribute.to_owned())),
        None => Err(arguments.failure(
            NOT_IN_TABLE,
            format!("No attribute found for alias '{alias}'"),
        )),
    }
}

fn alias_of_attribute(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let attribute = arguments.text("the attribute")?;
    match store.attribute_aliases.alias(&attribute) {
        Some(alias) => Ok(Value::String(alias.to_owned())),
        None => Err(arguments.failure(
            NOT_IN_TABLE,
            format!("No alias found for attribute '{attribute}'"),
        )),
    }
}

/// Sorted by the attribute's own name, not by device.
fn attribute_aliases(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let pattern = Pattern::new(&arguments.text("the pattern")?);
    let fitting = store.attribute_aliases.fitting(&pattern);
    let mut aliases: Vec<(String, &str)> = fitting
        .map(|(alias, path)| {
            let attribute = path.rsplit('/').next().unwrap_or(path);
            (attribute.to_uppercase(), alias)
        })
        .collect();
    aliases.sort_by(|(one, _), (other, _)| one.cmp(other));
    Reply::of(aliases.into_iter().map(|(_, alias)| alias), arguments)
}
