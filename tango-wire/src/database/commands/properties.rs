//! Properties of free objects, classes and devices.
//!
//! They travel as owner, number of properties, then for each its name, its number of values, and
//! the values.

use super::{Arguments, DatabaseCommand, Reply};
use crate::{
    database::store::PropertyTable,
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbGetProperty", GET, |store, arguments| {
        get(&store.object_properties, arguments, Missing::Blank)
    }),
    DatabaseCommand::new("DbPutProperty", PUT, |store, arguments| {
        put(&mut store.object_properties, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbDeleteProperty", GET, |store, arguments| {
        delete(&mut store.object_properties, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbGetPropertyList", LIST, |store, arguments| {
        list(&store.object_properties, arguments)
    }),
    DatabaseCommand::new("DbGetObjectList", "pattern", |store, arguments| {
        let pattern = arguments.text("the pattern")?;
        Ok(Value::Strings(store.object_properties.owners(&pattern)))
    })
    .takes_string(),
    DatabaseCommand::new("DbGetClassProperty", GET, |store, arguments| {
        get(&store.class_properties, arguments, Missing::Nothing)
    }),
    DatabaseCommand::new("DbPutClassProperty", PUT, |store, arguments| {
        put(&mut store.class_properties, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbDeleteClassProperty", GET, |store, arguments| {
        delete(&mut store.class_properties, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbGetClassPropertyList", "class", |store, arguments| {
        let class = arguments.text("the class")?;
        Ok(Value::Strings(store.class_properties.names(&class, "*")))
    })
    .takes_string(),
    DatabaseCommand::new("DbGetDeviceProperty", GET, |store, arguments| {
        get(&store.device_properties, arguments, Missing::Blank)
    }),
    DatabaseCommand::new("DbPutDeviceProperty", PUT, |store, arguments| {
        put(&mut store.device_properties, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbDeleteDeviceProperty", GET, |store, arguments| {
        delete(&mut store.device_properties, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbGetDevicePropertyList", LIST, |store, arguments| {
        list(&store.device_properties, arguments)
    }),
];

const GET: &str = "owner, property...";
const PUT: &str = "owner, number of properties, (property, number of values, value...)...";
const LIST: &str = "owner, pattern";

/// What stands behind the 0 of a property that has no values.
#[derive(Debug, Clone, Copy)]
enum Missing {
    /// One blank string, as clients expect of free and device properties.
    Blank,
    Nothing,
}

fn get(
    table: &PropertyTable,
    arguments: &mut Arguments,
    missing: Missing,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let names: Vec<String> = arguments.rest().collect();
    let mut reply = Reply::new();
    reply.push(&owner);
    reply.push_count(names.len());
    for name in names {
        if reply.is_full() {
            break;
        }
        let values = table.get(&owner, &name).unwrap_or_default();
        reply.push(&name);
        reply.push_count(values.len());
        match (values, missing) {
            ([], Missing::Blank) => reply.push(" "),
            (values, _) => reply.extend(values),
        }
    }
    reply.finish(arguments)
}

fn put(table: &mut PropertyTable, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let mut properties = Vec::new();
    for _ in 0..arguments.count("the number of properties")? {
        let name = arguments.text("a property")?;
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
    for name in arguments.rest() {
        table.delete(&owner, &name);
    }
    Ok(Value::Void)
}

fn list(table: &PropertyTable, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let pattern = arguments.text("the pattern")?;
    Ok(Value::Strings(table.names(&owner, &pattern)))
}
