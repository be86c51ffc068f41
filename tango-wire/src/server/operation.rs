//! What clients ask of a device: the operations of Tango's interface, taken from a request.

use super::{
    caller::Caller,
    old_configs::{self, AttributeConfigVersion},
};
use crate::{
    any::read_any,
    cdr::{CdrError, Reader},
    types::{AttributeConfig, AttributeVersion, AttributeWrite, DeviceInfoVersion, Value},
};

/// One call, with its arguments.
#[derive(Debug)]
pub(super) enum Operation {
    /// Has the device this interface?
    IsA(String),
    NonExistent,
    Ping,
    Name,
    AdminName,
    Description,
    State,
    Status,
    Info(DeviceInfoVersion),
    /// The newest so many calls.
    BlackBox(i32),
    CommandList(CommandInfoVersion),
    CommandQuery(String, CommandInfoVersion),
    Command {
        name: String,
        argument: Value,
    },
    AttributeConfigs(Vec<String>, AttributeConfigVersion),
    Configure(Vec<AttributeConfig>, AttributeConfigVersion),
    Read {
        names: Vec<String>,
        version: AttributeVersion,
    },
    Write(Vec<AttributeWrite>),
    WriteAndRead {
        writes: Vec<AttributeWrite>,
        names: Vec<String>,
        version: AttributeVersion,
    },
}

/// Which of its two layouts a command's description travels in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommandInfoVersion {
    /// Without the display level.
    One,
    Two,
}

impl Operation {
    /// Takes a call apart, and notes what it says of its caller; `None` if the interface has no
    /// such operation.
    pub(super) fn read(
        name: &str,
        body: &mut Reader<'_>,
        caller: &mut Caller,
    ) -> Result<Option<Self>, CdrError> {
        Ok(Some(match name {
            "_is_a" => Self::IsA(body.string()?),
            "_non_existent" | "_not_existent" => Self::NonExistent,
            "ping" => Self::Ping,
            "_get_name" => Self::Name,
            "_get_adm_name" => Self::AdminName,
            "_get_description" => Self::Description,
            "_get_state" => Self::State,
            "_get_status" => Self::Status,
            "info" => Self::Info(DeviceInfoVersion::One),
            "info_3" => Self::Info(DeviceInfoVersion::Three),
            "info_6" => Self::Info(DeviceInfoVersion::Six),
            "black_box" => Self::BlackBox(body.i32()?),
            "command_list_query" => Self::CommandList(CommandInfoVersion::One),
            "command_list_query_2" => Self::CommandList(CommandInfoVersion::Two),
            "command_query" => Self::CommandQuery(body.string()?, CommandInfoVersion::One),
            "command_query_2" => Self::CommandQuery(body.string()?, CommandInfoVersion::Two),
            "command_inout" => command(body)?,
            "command_inout_2" => {
                let command = command(body)?;
                caller.read_source(body)?;
                command
            }
            "command_inout_4" => {
                let command = command(body)?;
                caller.read_source(body)?;
                caller.read_program(body)?;
                command
            }
            "get_attribute_config" => configs(body, AttributeConfigVersion::One)?,
            "get_attribute_config_2" => configs(body, AttributeConfigVersion::Two)?,
            "get_attribute_config_3" => configs(body, AttributeConfigVersion::Three)?,
            "get_attribute_config_5" => configs(body, AttributeConfigVersion::Five)?,
            "set_attribute_config" => configure(body, AttributeConfigVersion::One)?,
            "set_attribute_config_3" => configure(body, AttributeConfigVersion::Three)?,
            "set_attribute_config_4" | "set_attribute_config_5" => {
                let configure = configure(
                    body,
                    match name {
                        "set_attribute_config_4" => AttributeConfigVersion::Three,
                        _ => AttributeConfigVersion::Five,
                    },
                )?;
                caller.read_program(body)?;
                configure
            }
            "read_attributes_4" => read(body, caller, AttributeVersion::Four)?,
            "read_attributes_5" => read(body, caller, AttributeVersion::Five)?,
            "write_attributes_4" => {
                let writes = writes(body)?;
                caller.read_program(body)?;
                Self::Write(writes)
            }
            "write_read_attributes_4" => {
                let writes = writes(body)?;
                caller.read_program(body)?;
                Self::WriteAndRead {
                    names: writes.iter().map(|write| write.name.clone()).collect(),
                    writes,
                    version: AttributeVersion::Four,
                }
            }
            "write_read_attributes_5" => {
                let writes = writes(body)?;
                let names = body.strings()?;
                caller.read_program(body)?;
                Self::WriteAndRead {
                    writes,
                    names,
                    version: AttributeVersion::Five,
                }
            }
            _ => return Ok(None),
        }))
    }
}

fn command(body: &mut Reader<'_>) -> Result<Operation, CdrError> {
    Ok(Operation::Command {
        name: body.string()?,
        argument: read_any(body)?,
    })
}

fn configs(body: &mut Reader<'_>, version: AttributeConfigVersion) -> Result<Operation, CdrError> {
    Ok(Operation::AttributeConfigs(body.strings()?, version))
}

fn configure(
    body: &mut Reader<'_>,
    version: AttributeConfigVersion,
) -> Result<Operation, CdrError> {
    let wanted = body.sequence(old_configs::LEAST_SIZE, |body| {
        old_configs::read(body, version)
    })?;
    Ok(Operation::Configure(wanted, version))
}

fn read(
    body: &mut Reader<'_>,
    caller: &mut Caller,
    version: AttributeVersion,
) -> Result<Operation, CdrError> {
    let names = body.strings()?;
    caller.read_source(body)?;
    caller.read_program(body)?;
    Ok(Operation::Read { names, version })
}

fn writes(body: &mut Reader<'_>) -> Result<Vec<AttributeWrite>, CdrError> {
    // the least a written value takes, without a value and a name
    body.sequence(52, AttributeWrite::read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        any::write_any,
        cdr::{ByteOrder, Writer},
        types::{ClientIdentity, Source},
    };
    use proptest::prelude::*;

    fn somebody() -> Caller {
        Caller::at("127.0.0.1:4000".parse().expect("an address"))
    }

    const NAMES: [&str; 27] = [
        "_is_a",
        "_non_existent",
        "ping",
        "_get_name",
        "_get_adm_name",
        "_get_description",
        "_get_state",
        "_get_status",
        "info",
        "info_3",
        "info_6",
        "black_box",
        "command_list_query",
        "command_list_query_2",
        "command_query_2",
        "command_inout",
        "command_inout_2",
        "command_inout_4",
        "get_attribute_config_5",
        "set_attribute_config",
        "set_attribute_config_3",
        "set_attribute_config_4",
        "set_attribute_config_5",
        "read_attributes_5",
        "write_attributes_4",
        "write_read_attributes_4",
        "write_read_attributes_5",
    ];

    #[test]
    fn a_command_is_taken_apart_with_every_kind_of_client() {
        for identity in [
            ClientIdentity::Cpp { process: 1 },
            ClientIdentity::Java {
                class: "Main".into(),
                id: [1, 2],
            },
            ClientIdentity::Cpp6 {
                process: 1,
                trace: [String::new(), String::new()],
            },
            ClientIdentity::Java6 {
                class: "Main".into(),
                id: [1, 2],
                trace: Default::default(),
            },
        ] {
            for order in [ByteOrder::Little, ByteOrder::Big] {
                let mut writer = Writer::new(order);
                writer.string("Scan");
                write_any(&mut writer, &Value::String("{}".into()));
                Source::Device.write(&mut writer);
                identity.write(&mut writer);
                let octets = writer.finish().expect("sendable");
                let mut body = Reader::new(&octets, order);
                let mut caller = somebody();
                let operation = Operation::read("command_inout_4", &mut body, &mut caller);
                let operation = operation.expect("well formed");
                assert!(matches!(
                    operation,
                    Some(Operation::Command { name, argument: Value::String(argument) })
                        if name == "Scan" && argument == "{}"
                ));
                assert_eq!(body.remaining(), 0);
                assert_eq!(caller.source, Some(Source::Device));
                assert!(caller.program.is_some());
            }
        }
    }

    #[test]
    fn unknown_operations_and_cut_arguments_are_told_apart() {
        let mut nothing = Reader::new(&[], ByteOrder::Little);
        let mut read = |name| Operation::read(name, &mut nothing, &mut somebody());
        assert!(matches!(read("reboot"), Ok(None)));
        assert!(read("_is_a").is_err());
    }

    #[test]
    fn many_of_the_smallest_writes_are_understood() {
        let write = AttributeWrite::new("a", Value::Doubles(Vec::new()));
        let mut writer = Writer::new(ByteOrder::Little);
        writer.sequence(&[(); 9], |writer, ()| write.write(writer));
        ClientIdentity::Cpp { process: 1 }.write(&mut writer);
        let octets = writer.finish().expect("sendable");
        let mut body = Reader::new(&octets, ByteOrder::Little);
        let operation =
            Operation::read("write_attributes_4", &mut body, &mut somebody()).expect("well formed");
        assert!(matches!(operation, Some(Operation::Write(writes)) if writes.len() == 9));
    }

    proptest! {
        #[test]
        fn arbitrary_arguments_never_panic(octets: Vec<u8>, operation in 0..NAMES.len()) {
            for order in [ByteOrder::Little, ByteOrder::Big] {
                let mut body = Reader::new(&octets, order);
                let _ = Operation::read(NAMES[operation], &mut body, &mut somebody());
            }
        }
    }
}
