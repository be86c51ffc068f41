//! What is left of the event channels of Tango 7: servers still look for theirs when they start,
//! but nothing has used them since Tango 8. They are forgotten when the database ends.

use super::{Arguments, DatabaseCommand};
use crate::{
    database::store::{EventChannel, Export, Store},
    types::{DevFailed, Value},
};

pub(super) const COMMANDS: &[DatabaseCommand] = &[
    DatabaseCommand::new("DbImportEvent", "event channel", import)
        .takes_string()
        .gives_numbers_and_strings(),
    DatabaseCommand::new(
        "DbExportEvent",
        "event channel, IOR, host, process, version",
        export,
    )
    .runs(),
    DatabaseCommand::new("DbUnExportEvent", "event channel", |store, arguments| {
        let channel = arguments.text("the event channel")?;
        store
            .channels
            .edit(&channel, |channel| channel.exported = false);
        Ok(Value::Void)
    })
    .takes_string()
    .runs(),
];

fn import(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let wanted = arguments.text("the event channel")?;
    let channel = store.channels.get(&wanted).ok_or_else(|| {
        arguments.failure(
            "DB_DeviceNotDefined",
            format!("event channel {wanted} not defined in the database !"),
        )
    })?;
    let Export {
        reference,
        host,
        process,
        version,
    } = channel.export.clone();
    Ok(Value::LongStrings(
        vec![i32::from(channel.exported), process],
        vec![wanted.to_lowercase(), reference, version, host],
    ))
}

fn export(store: &mut Store, arguments: &mut Arguments) -> Result<Value, DevFailed> {
    let channel = arguments.name("the event channel")?;
    let export = Export {
        reference: arguments.value("the IOR")?,
        host: arguments.name("the host")?,
        process: arguments.number("the process")?,
        version: arguments.name("the version")?,
    };
    let exported = EventChannel {
        export,
        exported: true,
    };
    store.channels.insert(&channel, exported);
    Ok(Value::Void)
}
