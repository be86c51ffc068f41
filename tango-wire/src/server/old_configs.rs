//! Attribute configurations in their older layouts.
//!
//! Clients of today still ask for the second (`DeviceProxy.attribute_list_query` of cppTango
//! 10.3), so they are written here; what an older layout has no room for is left out.

use crate::{
    cdr::{CdrError, Reader, Writer},
    types::{
        AttributeAlarm, AttributeConfig, AttributeFormat, DataType, DisplayLevel, EventProperties,
        WriteMode,
    },
};

/// The least octets that a configuration takes in any layout.
pub(super) const LEAST_SIZE: usize = 96;

/// Which of its layouts an attribute's configuration travels in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttributeConfigVersion {
    One,
    /// With the display level.
    Two,
    /// With alarms and event properties; also what IDL 4 uses.
    Three,
    /// With enumeration labels, memorized attributes and root attributes.
    Five,
}

/// Writes a configuration in one of its layouts.
pub(super) fn write(
    writer: &mut Writer,
    config: &AttributeConfig,
    version: AttributeConfigVersion,
) {
    match version {
        AttributeConfigVersion::One => write_old(writer, config, false),
        AttributeConfigVersion::Two => write_old(writer, config, true),
        AttributeConfigVersion::Three => config.write_3(writer),
        AttributeConfigVersion::Five => config.write(writer),
    }
}

fn write_old(writer: &mut Writer, config: &AttributeConfig, with_level: bool) {
    writer.utf8_string(&config.name);
    config.writable.write(writer);
    config.format.write(writer);
    config.data_type.write(writer);
    writer.i32(config.max_columns);
    writer.i32(config.max_rows);
    for text in [
        &config.description,
        &config.label,
        &config.unit,
        &config.standard_unit,
        &config.display_unit,
        &config.display_format,
        &config.minimum,
        &config.maximum,
        &config.alarm.minimum_alarm,
        &config.alarm.maximum_alarm,
        &config.writable_attribute,
    ] {
        writer.utf8_string(text);
    }
    if with_level {
        config.level.write(writer);
    }
    writer.utf8_strings(&config.extensions);
}

/// Reads a configuration in one of its layouts: what it has no room for has no meaning yet.
pub(super) fn read(
    reader: &mut Reader<'_>,
    version: AttributeConfigVersion,
) -> Result<AttributeConfig, CdrError> {
    match version {
        AttributeConfigVersion::One => read_old(reader, false),
        AttributeConfigVersion::Two => read_old(reader, true),
        AttributeConfigVersion::Three => AttributeConfig::read_3(reader),
        AttributeConfigVersion::Five => AttributeConfig::read(reader),
    }
}

fn read_old(reader: &mut Reader<'_>, with_level: bool) -> Result<AttributeConfig, CdrError> {
    let mut config = AttributeConfig::new(reader.string()?, DataType::Void);
    config.writable = WriteMode::read(reader)?;
    config.format = AttributeFormat::read(reader)?;
    config.data_type = DataType::read(reader)?;
    config.max_columns = reader.i32()?;
    config.max_rows = reader.i32()?;
    for text in [
        &mut config.description,
        &mut config.label,
        &mut config.unit,
        &mut config.standard_unit,
        &mut config.display_unit,
        &mut config.display_format,
        &mut config.minimum,
        &mut config.maximum,
        &mut config.alarm.minimum_alarm,
        &mut config.alarm.maximum_alarm,
        &mut config.writable_attribute,
    ] {
        *text = reader.string()?;
    }
    if with_level {
        config.level = DisplayLevel::read(reader)?;
    }
    config.extensions = reader.strings()?;
    Ok(config)
}

/// A configuration that came in one of the layouts, with what that has no room for as it is.
pub(super) fn complete(
    sent: AttributeConfig,
    present: &AttributeConfig,
    version: AttributeConfigVersion,
) -> AttributeConfig {
    if version == AttributeConfigVersion::Five {
        return sent;
    }
    let with_labels = AttributeConfig {
        memorized: present.memorized,
        memorized_init: present.memorized_init,
        root_attribute: present.root_attribute.clone(),
        enum_labels: present.enum_labels.clone(),
        ..sent
    };
    if version == AttributeConfigVersion::Three {
        return with_labels;
    }
    let level = match version {
        AttributeConfigVersion::One => present.level,
        _ => with_labels.level,
    };
    AttributeConfig {
        level,
        alarm: AttributeAlarm {
            minimum_alarm: with_labels.alarm.minimum_alarm,
            maximum_alarm: with_labels.alarm.maximum_alarm,
            ..present.alarm.clone()
        },
        events: EventProperties::clone(&present.events),
        system_extensions: present.system_extensions.clone(),
        ..with_labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;

    #[test]
    fn what_a_layout_has_no_room_for_stays_as_it_is() {
        let mut present = AttributeConfig::new("mode", DataType::Enum).with_enum_labels(["A"]);
        present.level = DisplayLevel::Expert;
        present.memorized = true;
        present.alarm.minimum_warning = "1".to_owned();
        present.alarm.maximum_alarm = "9".to_owned();
        present.events.period = "7".to_owned();
        for version in [
            AttributeConfigVersion::One,
            AttributeConfigVersion::Two,
            AttributeConfigVersion::Three,
            AttributeConfigVersion::Five,
        ] {
            let mut sent = present.clone();
            sent.label = "another".to_owned();
            sent.alarm.maximum_alarm = "8".to_owned();
            let mut writer = Writer::new(ByteOrder::Little);
            write(&mut writer, &sent, version);
            let octets = writer.finish().expect("sendable");
            let mut reader = Reader::new(&octets, ByteOrder::Little);
            let read = read(&mut reader, version).expect("well formed");
            assert_eq!(reader.remaining(), 0);
            assert_eq!(complete(read, &present, version), sent, "{version:?}");
        }
    }

    #[test]
    fn no_configuration_is_smaller_than_said() {
        let mut smallest = AttributeConfig::new("", DataType::Double);
        for text in [
            &mut smallest.description,
            &mut smallest.standard_unit,
            &mut smallest.display_unit,
            &mut smallest.display_format,
            &mut smallest.minimum,
            &mut smallest.maximum,
            &mut smallest.writable_attribute,
            &mut smallest.alarm.minimum_alarm,
            &mut smallest.alarm.maximum_alarm,
        ] {
            text.clear();
        }
        let mut writer = Writer::new(ByteOrder::Little);
        write(&mut writer, &smallest, AttributeConfigVersion::One);
        assert!(writer.finish().expect("sendable").len() >= LEAST_SIZE);
    }
}
