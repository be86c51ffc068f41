//! Short names of devices and attributes.

use super::{Arguments, DatabaseCommand};
use crate::{
    database::store::{NameMap, matches},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbPutDeviceAlias", "device, alias", |store, arguments| {
        put(&mut store.device_aliases, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbGetAliasDevice", "alias", |store, arguments| {
        target(&store.device_aliases, arguments)
    })
    .takes_string()
    .gives_string(),
    DatabaseCommand::new("DbGetDeviceAlias", "device", |store, arguments| {
        alias(&store.device_aliases, arguments)
    })
    .takes_string()
    .gives_string(),
    DatabaseCommand::new("DbGetDeviceAliasList", "pattern", |store, arguments| {
        list(&store.device_aliases, arguments)
    })
    .takes_string(),
    DatabaseCommand::new("DbDeleteDeviceAlias", "alias", |store, arguments| {
        delete(&mut store.device_aliases, arguments)
    })
    .takes_string()
    .gives_nothing(),
    DatabaseCommand::new(
        "DbPutAttributeAlias",
        "attribute, alias",
        |store, arguments| put(&mut store.attribute_aliases, arguments),
    )
    .gives_nothing(),
    DatabaseCommand::new("DbGetAttributeAlias", "alias", |store, arguments| {
        target(&store.attribute_aliases, arguments)
    })
    .takes_string()
    .gives_string(),
    DatabaseCommand::new("DbGetAliasAttribute", "alias", |store, arguments| {
        target(&store.attribute_aliases, arguments)
    })
    .takes_string()
    .gives_string(),
    DatabaseCommand::new("DbGetAttributeAlias2", "attribute", |store, arguments| {
        alias(&store.attribute_aliases, arguments)
    })
    .takes_string()
    .gives_string(),
    DatabaseCommand::new("DbGetAttributeAliasList", "pattern", |store, arguments| {
        list(&store.attribute_aliases, arguments)
    })
    .takes_string(),
    DatabaseCommand::new("DbDeleteAttributeAlias", "alias", |store, arguments| {
        delete(&mut store.attribute_aliases, arguments)
    })
    .takes_string()
    .gives_nothing(),
];

fn put(aliases: &mut NameMap<String>, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let name = arguments.text("the name")?;
    let alias = arguments.text("the alias")?;
    if let Some(other) = aliases
        .get(&alias)
        .filter(|other| !other.eq_ignore_ascii_case(&name))
    {
        return Err(arguments.failure(
            "DB_AliasAlreadyDefined",
            format!("alias {alias} stands for {other} already: delete it first"),
        ));
    }
    aliases.retain(|_, target| !target.eq_ignore_ascii_case(&name));
    aliases.insert(&alias, name);
    Ok(Value::Void)
}

fn target(aliases: &NameMap<String>, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let alias = arguments.text("the alias")?;
    match aliases.get(&alias) {
        Some(target) => Ok(Value::String(target.clone())),
        None => Err(not_defined(
            arguments,
            format!("No device found for alias '{alias}'"),
        )),
    }
}

fn alias(aliases: &NameMap<String>, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let name = arguments.text("the name")?;
    let mut found = aliases
        .iter()
        .filter(|(_, target)| target.eq_ignore_ascii_case(&name));
    match found.next() {
        Some((alias, _)) => Ok(Value::String(alias.to_owned())),
        None => Err(not_defined(
            arguments,
            format!("No alias found for device '{name}'"),
        )),
    }
}

fn list(aliases: &NameMap<String>, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let pattern = arguments.text("the pattern")?;
    let names = aliases.iter().map(|(alias, _)| alias);
    let fitting = names.filter(|alias| matches(&pattern, alias));
    Ok(Value::Strings(fitting.map(str::to_owned).collect()))
}

fn delete(aliases: &mut NameMap<String>, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let alias = arguments.text("the alias")?;
    match aliases.remove(&alias) {
        Some(_) => Ok(Value::Void),
        None => Err(not_defined(
            arguments,
            format!("No alias '{alias}' is defined"),
        )),
    }
}

fn not_defined(arguments: &Arguments, description: String) -> DevFailed {
    arguments.failure("DB_AliasNotDefined", description)
}
