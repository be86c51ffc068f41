//! Properties of free objects, classes and devices.
//!
//! They travel as owner, number of properties, then for each its name, its number of values, and
//! the values.

use super::{Arguments, DatabaseCommand, Reply};
use crate::{
    database::store::{Pattern, Properties, PropertyTable},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbGetProperty", GET, |store, arguments| {
        get(&store.object_properties, arguments, Kind::Object)
    }),
    DatabaseCommand::new("DbPutProperty", PUT, |store, arguments| {
        put(&mut store.object_properties, arguments)
    })
    .adds(),
    DatabaseCommand::new("DbDeleteProperty", GET, |store, arguments| {
        delete(&mut store.object_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbGetPropertyList", LIST, |store, arguments| {
        list(&store.object_properties, arguments)
    }),
    DatabaseCommand::new("DbGetObjectList", "pattern", |store, arguments| {
        let pattern = Pattern::new(&arguments.text("the pattern")?);
        Reply::of(store.object_properties.owners(&pattern), arguments)
    })
    .takes_string(),
    DatabaseCommand::new("DbGetClassProperty", GET, |store, arguments| {
        get(&store.class_properties, arguments, Kind::Class)
    }),
    DatabaseCommand::new("DbPutClassProperty", PUT, |store, arguments| {
        put(&mut store.class_properties, arguments)
    })
    .adds(),
    DatabaseCommand::new("DbDeleteClassProperty", GET, |store, arguments| {
        delete(&mut store.class_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbGetClassPropertyList", "class", |store, arguments| {
        let class = arguments.text("the class")?;
        let everything = Pattern::new("*");
        Reply::of(store.class_properties.names(&class, &everything), arguments)
    })
    .takes_string(),
    DatabaseCommand::new("DbGetDeviceProperty", GET, |store, arguments| {
        get(&store.device_properties, arguments, Kind::Device)
    }),
    DatabaseCommand::new("DbPutDeviceProperty", PUT, |store, arguments| {
        put(&mut store.device_properties, arguments)
    })
    .adds(),
    DatabaseCommand::new("DbDeleteDeviceProperty", GET, |store, arguments| {
        delete(&mut store.device_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbGetDevicePropertyList", LIST, |store, arguments| {
        list(&store.device_properties, arguments)
    }),
];

const GET: &str = "owner, property...";
const PUT: &str = "owner, number of properties, (property, number of values, value...)...";
const LIST: &str = "owner, pattern";

/// How often one call may hold a pattern against a name: about a second.
const COMPARISONS: usize = 5_000_000;

/// Whose properties are asked for: the replies differ a little (DataBaseds 9.3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Class,
    Device,
}

fn get(table: &PropertyTable, arguments: &mut Arguments, kind: Kind) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let names: Vec<String> = arguments.rest().collect();
    if names.is_empty() && kind == Kind::Device {
        return Err(arguments.incorrect("needs at least a device and a property".to_owned()));
    }
    let properties = table.of(&owner);
    if kind != Kind::Class {
        check_patterns(&names, properties, arguments)?;
    }
    let mut reply = Reply::new();
    reply.push(&owner);
    reply.push_count(names.len());
    for name in names {
        if reply.is_full() {
            break;
        }
        let values = match properties {
            Some(properties) if kind != Kind::Class && name.contains('*') => {
                values_of_fitting(properties, &Pattern::new(&name))
            }
            Some(properties) => {
                let values = properties.get(&name).map(Vec::as_slice);
                values.unwrap_or_default().iter().collect()
            }
            None => Vec::new(),
        };
        reply.push(&name);
        reply.push_count(values.len());
        if values.is_empty() && kind != Kind::Class {
            reply.push(" "); // clients expect it
        }
        reply.extend(values);
    }
    reply.finish(arguments)
}

/// Refuses what would keep the database, and all who want something of it, busy for long.
fn check_patterns(
    names: &[String],
    properties: Option<&Properties>,
    arguments: &Arguments,
) -> Result<(), DevFailed> {
    let patterns = names.iter().filter(|name| name.contains('*')).count();
    let properties = properties.map_or(0, Properties::len);
    if patterns.saturating_mul(properties) <= COMPARISONS {
        return Ok(());
    }
    Err(arguments.failure(
        "DB_TooManyPatterns",
        format!("{patterns} patterns for {properties} properties: ask for fewer at a time"),
    ))
}

/// The values of all properties that fit: the first of each, then the second of each and so on.
fn values_of_fitting<'a>(properties: &'a Properties, pattern: &Pattern) -> Vec<&'a String> {
    let fitting = properties.iter().filter(|(name, _)| pattern.fits(name));
    let mut values: Vec<(usize, &String)> = fitting
        .flat_map(|(_, values)| values.iter().enumerate())
        .collect();
    values.sort_by_key(|(place, _)| *place);
    values.into_iter().map(|(_, value)| value).collect()
}

fn put(table: &mut PropertyTable, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let owner = arguments.name("the owner")?;
    let mut properties = Vec::new();
    for _ in 0..arguments.count("the number of properties")? {
        let name = arguments.name("a property")?;
        properties.push((name, arguments.values("values")?));
    }
    // only now: a malformed list changes nothing
    for (name, values) in properties {
        table.put(&owner, &name, values);
    }
    Ok(Value::Void)
}

fn delete(table: &mut PropertyTable, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let names: Vec<String> = arguments.rest().collect();
    check_patterns(&names, table.of(&owner), arguments)?;
    for name in names {
        if name.contains('*') {
            table.delete_fitting(&owner, &Pattern::new(&name));
        } else {
            table.delete(&owner, &name);
        }
    }
    Ok(Value::Void)
}

fn list(table: &PropertyTable, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let pattern = Pattern::new(&arguments.text("the pattern")?);
    Reply::of(table.names(&owner, &pattern), arguments)
}
