//! Everything that travels, each with its ways to be read and written.

use tango_wire::any::{read_any, write_any};
use tango_wire::cdr::ByteOrder;
use tango_wire::giop::{ObjectReference, SystemException};
use tango_wire::types::*;

use crate::settling::settles;

/// One layout of one type: its name, and how octets are tried on it.
pub struct Kind {
    /// The name.
    pub name: &'static str,
    /// Reads octets, and writes and reads again what they were.
    pub try_on: fn(&[u8], ByteOrder),
}

macro_rules! kinds {
    ($($name:literal: $read:expr, $write:expr;)*) => {
        /// Every layout of every type.
        pub const KINDS: &[Kind] = &[
            $(Kind { name: $name, try_on: |octets, order| settles(octets, order, $read, $write) },)*
        ];
    };
}

kinds! {
    "any": read_any, |writer, value| write_any(writer, value);
    "AttributeValue_4":
        |reader| AttributeValue::read(reader, AttributeVersion::Four),
        |writer, value| value.write(writer, AttributeVersion::Four);
    "AttributeValue_5":
        |reader| AttributeValue::read(reader, AttributeVersion::Five),
        |writer, value| value.write(writer, AttributeVersion::Five);
    "attribute values":
        |reader| reader.sequence(48, |reader| AttributeValue::read(reader, AttributeVersion::Five)),
        |writer, values| writer.sequence(
            values, |writer, value| value.write(writer, AttributeVersion::Five));
    "attribute write": AttributeWrite::read, |writer, write| write.write(writer);
    "AttributeConfig_3": AttributeConfig::read_3, |writer, config| config.write_3(writer);
    "AttributeConfig_5": AttributeConfig::read, |writer, config| config.write(writer);
    "command": CommandInfo::read, |writer, command| command.write(writer);
    "info":
        |reader| DeviceInfo::read(reader, DeviceInfoVersion::One),
        |writer, info| info.write(writer, DeviceInfoVersion::One);
    "info_3":
        |reader| DeviceInfo::read(reader, DeviceInfoVersion::Three),
        |writer, info| info.write(writer, DeviceInfoVersion::Three);
    "info_6":
        |reader| DeviceInfo::read(reader, DeviceInfoVersion::Six),
        |writer, info| info.write(writer, DeviceInfoVersion::Six);
    "client": ClientIdentity::read, |writer, client| client.write(writer);
    "DevFailed": DevFailed::read, |writer, failure| failure.write(writer);
    "MultiDevFailed": MultiDevFailed::read, |writer, failures| failures.write(writer);
    "data ready": DataReady::read, |writer, ready| ready.write(writer);
    "interface change": InterfaceChange::read, |writer, change| change.write(writer);
    "state": DevState::read, |writer, state| state.write(writer);
    "quality": Quality::read, |writer, quality| quality.write(writer);
    "severity": Severity::read, |writer, severity| severity.write(writer);
    "format": AttributeFormat::read, |writer, format| format.write(writer);
    "write mode": WriteMode::read, |writer, mode| mode.write(writer);
    "level": DisplayLevel::read, |writer, level| level.write(writer);
    "source": Source::read, |writer, source| source.write(writer);
    "data type": DataType::read, |writer, data_type| data_type.write(writer);
    "object reference": ObjectReference::read, |writer, reference| reference.write(writer);
    "system exception": SystemException::read, |writer, exception| exception.write(writer);
}
