//! Attribute configurations in their older layouts.
//!
//! Clients of today still ask for the second (`DeviceProxy.attribute_list_query` of cppTango
//! 10.3), so they are written here; what an older layout has no room for is left out.

use crate::{
    cdr::Writer,
    types::{AttributeAlarm, AttributeConfig, EventProperties},
};

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
    if version == AttributeConfigVersion::Five {
        config.write(writer);
        return;
    }
    writer.string(&config.name);
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
    ] {
        writer.string(text);
    }
    if version != AttributeConfigVersion::Three {
        writer.string(&config.alarm.minimum_alarm);
        writer.string(&config.alarm.maximum_alarm);
    }
    writer.string(&config.writable_attribute);
    if version != AttributeConfigVersion::One {
        config.level.write(writer);
    }
    if version == AttributeConfigVersion::Three {
        write_alarm(writer, &config.alarm);
        write_events(writer, &config.events);
    }
    writer.strings(&config.extensions);
    if version == AttributeConfigVersion::Three {
        writer.strings(&config.system_extensions);
    }
}

fn write_alarm(writer: &mut Writer, alarm: &AttributeAlarm) {
    for text in [
        &alarm.minimum_alarm,
        &alarm.maximum_alarm,
        &alarm.minimum_warning,
        &alarm.maximum_warning,
        &alarm.delta_time,
        &alarm.delta_value,
    ] {
        writer.string(text);
    }
    writer.strings(&alarm.extensions);
}

fn write_events(writer: &mut Writer, events: &EventProperties) {
    writer.string(&events.relative_change);
    writer.string(&events.absolute_change);
    writer.strings(&events.change_extensions);
    writer.string(&events.period);
    writer.strings(&events.period_extensions);
    writer.string(&events.archive_relative_change);
    writer.string(&events.archive_absolute_change);
    writer.string(&events.archive_period);
    writer.strings(&events.archive_extensions);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cdr::{ByteOrder, Reader},
        types::DataType,
    };

    #[test]
    fn the_third_layout_is_the_one_clients_read() {
        let mut config = AttributeConfig::new("power", DataType::Double).read_write();
        config.alarm.maximum_alarm = "3".to_owned();
        config.events.absolute_change = "0.5".to_owned();
        let mut writer = Writer::new(ByteOrder::Little);
        write(&mut writer, &config, AttributeConfigVersion::Three);
        let octets = writer.finish().expect("sendable");
        let mut reader = Reader::new(&octets, ByteOrder::Little);
        let read = AttributeConfig::read_3(&mut reader).expect("well formed");
        assert_eq!(read.alarm, config.alarm);
        assert_eq!(read.events, config.events);
        assert_eq!(reader.remaining(), 0);
    }
}
