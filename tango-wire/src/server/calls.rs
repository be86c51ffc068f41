//! Runs the operations of one device.

use std::sync::Arc;

use super::{
    Identity, ReadingToServe,
    answer::{Answer, Fault, sendable_failure},
    caller::Caller,
    configuration::{configs, configure},
    device::{Device, Written},
    interface::{Attribute, builtin},
    operation::Operation,
    panic::contain_panic,
    quota::Share,
    readings::Readings,
    shape::{check_sendable, check_type, check_written, dimension, same_type},
};
use crate::giop::Completion;
use crate::types::{
    AttributeFormat, AttributeReading, AttributeValue, AttributeWrite, CommandInfo, DataType,
    DevFailed, DeviceInfo, MultiDevFailed, NamedFailure, Quality, Value, WriteMode,
};

/// The names that stand for all attributes: of IDL 1 and 2, and from IDL 3 on.
const ALL_ATTRIBUTES: [&str; 2] = ["All attributes", "All attributes_3"];

/// How many attributes one call may be about. Devices have dozens; but names are short and
/// answers are not, so that a small request without a limit could ask for all memory there is.
const ATTRIBUTES_AT_ONCE: usize = 4096;

/// What a device's status is while it is too busy to say it: cppTango's words.
const NO_MONITOR: &str = "Not able to acquire device monitor";

/// The interfaces every device has.
const INTERFACES: [&str; 7] = [
    "IDL:Tango/Device_6:1.0",
    "IDL:Tango/Device_5:1.0",
    "IDL:Tango/Device_4:1.0",
    "IDL:Tango/Device_3:1.0",
    "IDL:Tango/Device_2:1.0",
    "IDL:Tango/Device:1.0",
    "IDL:omg.org/CORBA/Object:1.0",
];

/// Runs one call to its end; what it reads counts as octets of the connection that it came over.
pub(super) async fn run(
    device: Arc<Device>,
    identity: Arc<Identity>,
    share: Arc<Share>,
    caller: Caller,
    operation: Operation,
) -> Result<Answer, Fault> {
    if let Some(ready) = device.servant.ready() {
        ready.await;
    }
    device.lock.check(device.name(), &operation, &caller)?;
    Ok(match operation {
        Operation::IsA(interface) => Answer::Truth(INTERFACES.contains(&interface.as_str())),
        Operation::NonExistent => Answer::Truth(false),
        Operation::Ping => Answer::Nothing,
        Operation::Name => Answer::Text(device.name().to_owned()),
        Operation::AdminName => Answer::Text(identity.admin_name()),
        Operation::Description => Answer::Text("A TANGO device".to_owned()),
        Operation::State => {
            let _turn = device.monitor.enter().await.map_err(|_| Fault::busy())?;
            Answer::State(device.servant.state())
        }
        Operation::Status => Answer::Text(match device.monitor.enter().await {
            Ok(_turn) => device.servant.status(),
            Err(_) => NO_MONITOR.to_owned(),
        }),
        Operation::Info(version) => Answer::Info(info(&device, &identity), version),
        Operation::BlackBox(count) => {
            Answer::Texts(device.black_box.read(count, &operation, &caller)?)
        }
        Operation::CommandList(version) => Answer::Commands(device.interface(), version),
        Operation::CommandQuery(name, version) => {
            Answer::Command(device.find_command(&name)?, version)
        }
        Operation::Command { name, argument } => {
            Answer::Reply(command(&device, &name, argument, &caller).await?)
        }
        Operation::AttributeConfigs(names, version) => {
            Answer::Configs(configs(&device, &names)?, version)
        }
        Operation::Configure(wanted, version) => {
            configure(&device, wanted, version).await?;
            Answer::Nothing
        }
        Operation::Read { names, version } => {
            check_count(names.len())?;
            let _turn = device.monitor.enter().await?;
            let readings = Readings::new(&share, Completion::No);
            Answer::Values(read(&device, names, readings).await?, version)
        }
        Operation::Write(writes) => {
            check_count(writes.len())?;
            let _turn = device.monitor.enter().await?;
            write(&device, writes).await?;
            Answer::Nothing
        }
        Operation::WriteAndRead {
            writes,
            names,
            version,
        } => {
            check_count(writes.len().max(names.len()))?;
            let _turn = device.monitor.enter().await?;
            write(&device, writes).await?;
            // who is told that there is no answer must know that the writing was done
            let readings = Readings::new(&share, Completion::Yes);
            Answer::Values(read(&device, names, readings).await?, version)
        }
    })
}

fn info(device: &Device, identity: &Identity) -> DeviceInfo {
    DeviceInfo {
        class: device.class().to_owned(),
        server: identity.server.clone(),
        host: identity.host.clone(),
        version: 6,
        documentation: "Doc URL = http://www.tango-controls.org".to_owned(),
        device_type: device.class().to_owned(),
        versions: vec![(
            "tango-wire".to_owned(),
            env!("CARGO_PKG_VERSION").to_owned(),
        )],
    }
}

async fn command(
    device: &Device,
    name: &str,
    argument: Value,
    caller: &Caller,
) -> Result<Value, DevFailed> {
    let _turn = device.monitor.enter().await?;
    let command = device.find_command(name)?;
    let argument = check_argument(&command, argument)?;
    if let Some(locking) = &device.locking
        && let Some(outcome) = locking.command(device, &command.name, &argument, caller)
    {
        return outcome;
    }
    match command.name.as_str() {
        builtin::STATE => return Ok(Value::State(device.servant.state())),
        builtin::STATUS => return Ok(Value::String(device.servant.status())),
        _ => {}
    }
    if command.name == builtin::INIT {
        device.servant.init().await?;
        // what a device has can depend on what it has just read anew
        device.renew(Written::Kept);
        return Ok(Value::Void);
    }
    let reply = device.servant.command(&command.name, argument).await?;
    if same_type(command.output, reply.data_type()) {
        Ok(reply)
    } else {
        Err(DevFailed::new(
            "SERVANT_WrongReplyType",
            format!(
                "command {} declares a reply of {} and gave one of {}",
                command.name,
                command.output,
                reply.data_type()
            ),
            "tango_wire::server",
        ))
    }
}

/// A command without an argument takes whatever is sent along, as real servers do.
fn check_argument(command: &CommandInfo, argument: Value) -> Result<Value, DevFailed> {
    if command.input == DataType::Void {
        return Ok(Value::Void);
    }
    if same_type(command.input, argument.data_type()) {
        return Ok(argument);
    }
    Err(DevFailed::new(
        "API_IncompatibleCmdArgumentType",
        format!(
            "Incompatible command argument type: command {} takes {}, not {}",
            command.name,
            command.input,
            argument.data_type()
        ),
        "tango_wire::server",
    ))
}

pub(super) fn check_count(count: usize) -> Result<(), DevFailed> {
    if count <= ATTRIBUTES_AT_ONCE {
        return Ok(());
    }
    Err(DevFailed::new(
        "SERVANT_TooManyAttributes",
        format!(
            "a call about {count} attributes: one may be about {ATTRIBUTES_AT_ONCE}, make several"
        ),
        "tango_wire::server",
    ))
}

pub(super) fn stands_for_all(names: &[String]) -> bool {
    matches!(names, [name] if ALL_ATTRIBUTES.contains(&name.as_str()))
}

async fn read(
    device: &Device,
    names: Vec<String>,
    mut readings: Readings,
) -> Result<Readings, Fault> {
    let names = if stands_for_all(&names) {
        let interface = device.interface();
        let attributes = interface.attributes().iter();
        attributes
            .map(|attribute| attribute.config().name.clone())
            .collect()
    } else {
        names
    };
    for name in names {
        let outcome = read_one(device, &name).await;
        // its words must arrive, and spoil no other attribute's reading
        let outcome = outcome.map_err(|failure| sendable_failure(&failure));
        readings.push(AttributeValue { name, outcome })?;
    }
    Ok(readings)
}

async fn read_one(device: &Device, name: &str) -> Result<AttributeReading, DevFailed> {
    let attribute = device.find_attribute(name)?;
    let reading = match attribute.config().name.as_str() {
        builtin::STATE => Value::State(device.servant.state()).into(),
        builtin::STATUS => Value::String(device.servant.status()).into(),
        name => contain_panic(Box::pin(async { device.servant.read(name).await })).await?,
    };
    check_sendable(&reading.value)?;
    reading.set_point.as_ref().map_or(Ok(()), check_sendable)?;
    reading_of(&attribute, reading)
}

/// What a client gets for a servant's reading: a valid value beyond a limit is not called valid.
pub(super) fn reading_of(
    attribute: &Attribute,
    reading: ReadingToServe,
) -> Result<AttributeReading, DevFailed> {
    let config = attribute.config();
    let quality = match reading.quality {
        Quality::Valid => attribute.quality(&reading.value),
        quality => quality,
    };
    let mut told = AttributeReading {
        dimension: dimension(config, &reading.value, reading.columns)?,
        format: config.format,
        data_type: config.data_type,
        quality,
        ..AttributeReading::new(config.name.clone(), reading.value, reading.time)
    };
    if let Some(set_point) = reading.set_point {
        if set_point != Value::Void {
            check_type(config, &set_point)?;
        }
        told = told.with_set_point(set_point, reading.columns);
    }
    Ok(told)
}

async fn write(device: &Device, writes: Vec<AttributeWrite>) -> Result<(), Fault> {
    let mut failures = Vec::new();
    for (index, write) in writes.into_iter().enumerate() {
        let name = write.name.clone();
        if let Err(failure) = write_one(device, write).await {
            let index = i32::try_from(index).unwrap_or(i32::MAX);
            failures.push(NamedFailure {
                name,
                index,
                failure,
            });
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Fault::SomeFailed(MultiDevFailed(failures)))
    }
}

async fn write_one(device: &Device, write: AttributeWrite) -> Result<(), DevFailed> {
    let attribute = device.find_attribute(&write.name)?;
    let config = attribute.config();
    let refusal = |reason: &str, problem: String| {
        let words = format!("attribute {} {problem}", config.name);
        Err(DevFailed::new(reason, words, "tango_wire::server"))
    };
    if matches!(config.writable, WriteMode::Read | WriteMode::ReadWithWrite) {
        return refusal("API_AttrNotWritable", "is not writable".to_owned());
    }
    check_type(config, &write.value)?;
    check_written(config, &write.value, write.dimension)?;
    let value = match config.format {
        AttributeFormat::Scalar => match write.value.into_scalar() {
            Value::Void => {
                return refusal("API_IncompatibleAttrDataType", "needs one value".to_owned());
            }
            value => value,
        },
        _ => write.value,
    };
    attribute.check_write(&value)?;
    let (servant, name, columns) = (&device.servant, config.name.as_str(), write.dimension.0);
    contain_panic(Box::pin(async move {
        match config.format {
            AttributeFormat::Image => servant.write_image(name, value, columns).await,
            _ => servant.write(name, value).await,
        }
    }))
    .await
}
