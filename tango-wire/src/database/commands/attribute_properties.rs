//! Properties of attributes, of classes and devices.
//!
//! They travel as owner, number of attributes, then for each its name, its number of properties,
//! and for each of these its name, its number of values, and the values. The older commands,
//! without the 2 in their names, have exactly one value each and no number before it.

use super::{Arguments, DatabaseCommand, Reply};
use crate::{
    database::store::{AttributePropertyTable, Pattern, Store},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbGetDeviceAttributeProperty", GET, |store, arguments| {
        get(
            &store.device_attribute_properties,
            arguments,
            Form::OneValue,
        )
    }),
    DatabaseCommand::new("DbGetDeviceAttributeProperty2", GET, |store, arguments| {
        get(&store.device_attribute_properties, arguments, Form::Counted)
    }),
    DatabaseCommand::new("DbPutDeviceAttributeProperty", PUT, |store, arguments| {
        put(
            &mut store.device_attribute_properties,
            arguments,
            Form::OneValue,
        )
    })
    .adds(),
    DatabaseCommand::new("DbPutDeviceAttributeProperty2", PUT, |store, arguments| {
        put(
            &mut store.device_attribute_properties,
            arguments,
            Form::Counted,
        )
    })
    .adds(),
    DatabaseCommand::new(
        "DbDeleteDeviceAttributeProperty",
        DELETE,
        |store, arguments| delete(&mut store.device_attribute_properties, arguments),
    )
    .removes(),
    DatabaseCommand::new(
        "DbDeleteAllDeviceAttributeProperty",
        GET,
        |store, arguments| delete_all(&mut store.device_attribute_properties, arguments),
    )
    .removes(),
    DatabaseCommand::new("DbDeleteDeviceAttribute", GET, |store, arguments| {
        delete_one(&mut store.device_attribute_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbGetDeviceAttributeList", LIST, |store, arguments| {
        list(&store.device_attribute_properties, arguments)
    }),
    DatabaseCommand::new("DbGetClassAttributeProperty", GET, |store, arguments| {
        get(&store.class_attribute_properties, arguments, Form::OneValue)
    }),
    DatabaseCommand::new("DbGetClassAttributeProperty2", GET, |store, arguments| {
        get(&store.class_attribute_properties, arguments, Form::Counted)
    }),
    DatabaseCommand::new("DbPutClassAttributeProperty", PUT, |store, arguments| {
        put(
            &mut store.class_attribute_properties,
            arguments,
            Form::OneValue,
        )
    })
    .adds(),
    DatabaseCommand::new("DbPutClassAttributeProperty2", PUT, |store, arguments| {
        put(
            &mut store.class_attribute_properties,
            arguments,
            Form::Counted,
        )
    })
    .adds(),
    DatabaseCommand::new(
        "DbDeleteClassAttributeProperty",
        DELETE,
        |store, arguments| delete(&mut store.class_attribute_properties, arguments),
    )
    .removes(),
    DatabaseCommand::new("DbDeleteClassAttribute", GET, |store, arguments| {
        delete_one(&mut store.class_attribute_properties, arguments)
    })
    .removes(),
    DatabaseCommand::new("DbGetClassAttributeList", LIST, |store, arguments| {
        list(&store.class_attribute_properties, arguments)
    }),
    DatabaseCommand::new("DbGetForwardedAttributeListForDevice", "device", forwarded)
        .takes_string(),
];

pub(super) const GET: &str = "owner, attribute...";
pub(super) const PUT: &str = "owner, number of attributes, (attribute, number of properties, \
                              (property, number of values, value...)...)...";
pub(super) const DELETE: &str = "owner, attribute, property...";
pub(super) const LIST: &str = "owner, pattern";

/// The property of a forwarded attribute that names the attribute it stands for.
const ROOT_ATTRIBUTE: &str = "__root_att";

/// How a property's values travel.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    OneValue,
    Counted,
}

pub(super) fn get(
    table: &AttributePropertyTable,
    arguments: &mut Arguments,
    form: Form,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let attributes: Vec<String> = arguments.rest().collect();
    let mut reply = Reply::new();
    reply.push(&owner);
    reply.push_count(attributes.len());
    for attribute in attributes {
        if reply.is_full() {
            break;
        }
        reply.push(&attribute);
        let Some(properties) = table.of(&owner, &attribute) else {
            reply.push_count(0);
            continue;
        };
        match form {
            Form::OneValue => {
                // a property of many values comes many times
                let values = properties.iter().map(|(_, values)| values.len());
                reply.push_count(values.sum());
                for (name, values) in properties.iter() {
                    reply.extend(values.iter().flat_map(|value| [name, value.as_str()]));
                }
            }
            Form::Counted => {
                reply.push_count(properties.len());
                for (name, values) in properties.iter() {
                    reply.push(name);
                    reply.push_count(values.len());
                    reply.extend(values);
                }
            }
        }
    }
    reply.finish(arguments)
}

pub(super) fn put(
    table: &mut AttributePropertyTable,
    arguments: &mut Arguments,
    form: Form,
) -> Result<Value, DevFailed> {
    let owner = arguments.name("the owner")?;
    let mut properties = Vec::new();
    for _ in 0..arguments.count("the number of attributes")? {
        let attribute = arguments.name("an attribute")?;
        for _ in 0..arguments.count("the number of properties")? {
            let name = arguments.name("a property")?;
            let values = match form {
                Form::OneValue => vec![arguments.value("a value")?],
                Form::Counted => arguments.values("values")?,
            };
            properties.push((attribute.clone(), name, values));
        }
    }
    // only now: a malformed list changes nothing
    for (attribute, name, values) in properties {
        table.put(&owner, &attribute, &name, values);
    }
    Ok(Value::Void)
}

pub(super) fn delete(
    table: &mut AttributePropertyTable,
    arguments: &mut Arguments,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let attribute = arguments.text("the attribute")?;
    let mut name = arguments.text("a property")?;
    loop {
        table.delete(&owner, &attribute, &name);
        match arguments.another() {
            Some(next) => name = next,
            None => return Ok(Value::Void),
        }
    }
}

/// Deletes one attribute with all its properties, whatever else is named.
pub(super) fn delete_one(
    table: &mut AttributePropertyTable,
    arguments: &mut Arguments,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let attribute = arguments.text("the attribute")?;
    table.delete_attribute(&owner, &attribute);
    Ok(Value::Void)
}

/// Deletes all that are named.
pub(super) fn delete_all(
    table: &mut AttributePropertyTable,
    arguments: &mut Arguments,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let first = arguments.text("an attribute")?;
    for attribute in [first].into_iter().chain(arguments.rest()) {
        table.delete_attribute(&owner, &attribute);
    }
    Ok(Value::Void)
}

pub(super) fn list(
    table: &AttributePropertyTable,
    arguments: &mut Arguments,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let pattern = Pattern::new(&arguments.text("the pattern")?);
    Reply::of(table.attributes(&owner, &pattern), arguments)
}

/// The forwarded attributes that stand for attributes of this device: device, attribute, what it
/// stands for.
fn forwarded(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let roots = Pattern::new(&format!("{}/*", arguments.text("the device")?));
    let mut reply = Reply::new();
    for (device, table) in store.device_attribute_properties.iter() {
        for (attribute, properties) in table.iter() {
            let root = properties.get(ROOT_ATTRIBUTE).and_then(|root| root.first());
            if let Some(root) = root.filter(|root| roots.fits(root)) {
                reply.extend([device, attribute, root.as_str()]);
            }
        }
    }
    reply.finish(arguments)
}
