//! Attribute configurations in their older layouts.
//!
//! Clients of today still ask for the second (`DeviceProxy.attribute_list_query` of cppTango
//! 10.3), so they are written here; what an older layout has no room for is left out.

use crate::{cdr::Writer, types::AttributeConfig};

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
        &config.alarm.minimum_alarm,
        &config.alarm.maximum_alarm,
        &config.writable_attribute,
    ] {
        writer.string(text);
    }
    if with_level {
        config.level.write(writer);
    }
    writer.strings(&config.extensions);
}
