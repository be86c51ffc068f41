//! Properties of attributes and pipes, of classes and devices.
//!
//! They travel as owner, number of attributes, then for each its name, its number of properties,
//! and for each of these its name, its number of values, and the values. The older commands,
//! without the 2 in their names, have exactly one value each and no number before it.

use super::{Arguments, DatabaseCommand, Reply};
use crate::{
    database::store::AttributePropertyTable,
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
    .gives_nothing(),
    DatabaseCommand::new("DbPutDeviceAttributeProperty2", PUT, |store, arguments| {
        put(
            &mut store.device_attribute_properties,
            arguments,
            Form::Counted,
        )
    })
    .gives_nothing(),
    DatabaseCommand::new(
        "DbDeleteDeviceAttributeProperty",
        DELETE,
        |store, arguments| delete(&mut store.device_attribute_properties, arguments),
    )
    .gives_nothing(),
    DatabaseCommand::new(
        "DbDeleteAllDeviceAttributeProperty",
        GET,
        |store, arguments| delete_all(&mut store.device_attribute_properties, arguments),
    )
    .gives_nothing(),
    DatabaseCommand::new("DbDeleteDeviceAttribute", GET, |store, arguments| {
        delete_all(&mut store.device_attribute_properties, arguments)
    })
    .gives_nothing(),
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
    .gives_nothing(),
    DatabaseCommand::new("DbPutClassAttributeProperty2", PUT, |store, arguments| {
        put(
            &mut store.class_attribute_properties,
            arguments,
            Form::Counted,
        )
    })
    .gives_nothing(),
    DatabaseCommand::new(
        "DbDeleteClassAttributeProperty",
        DELETE,
        |store, arguments| delete(&mut store.class_attribute_properties, arguments),
    )
    .gives_nothing(),
    DatabaseCommand::new("DbDeleteClassAttribute", GET, |store, arguments| {
        delete_all(&mut store.class_attribute_properties, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbGetClassAttributeList", LIST, |store, arguments| {
        list(&store.class_attribute_properties, arguments)
    }),
    DatabaseCommand::new("DbGetDevicePipeProperty", GET, |store, arguments| {
        get(&store.device_pipe_properties, arguments, Form::Counted)
    }),
    DatabaseCommand::new("DbPutDevicePipeProperty", PUT, |store, arguments| {
        put(&mut store.device_pipe_properties, arguments, Form::Counted)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbDeleteDevicePipeProperty", DELETE, |store, arguments| {
        delete(&mut store.device_pipe_properties, arguments)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbGetClassPipeProperty", GET, |store, arguments| {
        get(&store.class_pipe_properties, arguments, Form::Counted)
    }),
    DatabaseCommand::new("DbPutClassPipeProperty", PUT, |store, arguments| {
        put(&mut store.class_pipe_properties, arguments, Form::Counted)
    })
    .gives_nothing(),
    DatabaseCommand::new("DbDeleteClassPipeProperty", DELETE, |store, arguments| {
        delete(&mut store.class_pipe_properties, arguments)
    })
    .gives_nothing(),
];

const GET: &str = "owner, attribute...";
const PUT: &str = "owner, number of attributes, (attribute, number of properties, \
                   (property, number of values, value...)...)...";
const DELETE: &str = "owner, attribute, property...";
const LIST: &str = "owner, pattern";

/// How a property's values travel.
#[derive(Debug, Clone, Copy)]
enum Form {
    OneValue,
    Counted,
}

fn get(
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
        let properties = table.of(&owner, &attribute);
        reply.push(&attribute);
        reply.push_count(properties.len());
        for (name, values) in properties {
            reply.push(name);
            match form {
                Form::OneValue => reply.push(&values.join("\n")),
                Form::Counted => {
                    reply.push_count(values.len());
                    reply.extend(values);
                }
            }
        }
    }
    reply.finish(arguments)
}

fn put(
    table: &mut AttributePropertyTable,
    arguments: &mut Arguments,
    form: Form,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let mut properties = Vec::new();
    for _ in 0..arguments.count("the number of attributes")? {
        let attribute = arguments.text("an attribute")?;
        for _ in 0..arguments.count("the number of properties")? {
            let name = arguments.text("a property")?;
            let values = match form {
                Form::OneValue => vec![arguments.text("a value")?],
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

fn delete(
    table: &mut AttributePropertyTable,
    arguments: &mut Arguments,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let attribute = arguments.text("the attribute")?;
    for name in arguments.rest() {
        table.delete(&owner, &attribute, &name);
    }
    Ok(Value::Void)
}

fn delete_all(
    table: &mut AttributePropertyTable,
    arguments: &mut Arguments,
) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    for attribute in arguments.rest() {
        table.delete(&owner, &attribute, "*");
    }
    Ok(Value::Void)
}

fn list(table: &AttributePropertyTable, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let owner = arguments.text("the owner")?;
    let pattern = arguments.text("the pattern")?;
    Ok(Value::Strings(table.attributes(&owner, &pattern)))
}
