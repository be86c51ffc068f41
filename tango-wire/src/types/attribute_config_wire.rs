//! How an attribute's configuration travels: `AttributeConfig_5` and, from IDL 4 devices, `_3`.

use super::{
    AttributeAlarm, AttributeConfig, AttributeFormat, DataType, DisplayLevel, EventProperties,
    WriteMode,
};
use crate::cdr::{CdrError, Reader, Writer};

impl AttributeConfig {
    /// Reads one, as `get_attribute_config_5` answers.
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<AttributeConfig, CdrError> {
        read(reader, true)
    }

    /// Reads one, as `get_attribute_config_3` answers: what it does not tell is empty.
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read_3(reader: &mut Reader<'_>) -> Result<AttributeConfig, CdrError> {
        read(reader, false)
    }

    /// Writes it, as `get_attribute_config_5` answers.
    pub fn write(&self, writer: &mut Writer) {
        self.write_layout(writer, true);
    }

    /// Writes it, as `get_attribute_config_3` answers: labels of an enumeration, what is memorized
    /// and the root attribute are left out.
    pub fn write_3(&self, writer: &mut Writer) {
        self.write_layout(writer, false);
    }

    fn write_layout(&self, writer: &mut Writer, five: bool) {
        writer.utf8_string(&self.name);
        self.writable.write(writer);
        self.format.write(writer);
        self.data_type.write(writer);
        if five {
            writer.bool(self.memorized);
            writer.bool(self.memorized_init);
        }
        writer.i32(self.max_columns);
        writer.i32(self.max_rows);
        writer.utf8_string(&self.description);
        writer.utf8_string(&self.label);
        writer.utf8_string(&self.unit);
        writer.utf8_string(&self.standard_unit);
        writer.utf8_string(&self.display_unit);
        writer.utf8_string(&self.display_format);
        writer.utf8_string(&self.minimum);
        writer.utf8_string(&self.maximum);
        writer.utf8_string(&self.writable_attribute);
        self.level.write(writer);
        if five {
            writer.utf8_string(&self.root_attribute);
            writer.utf8_strings(&self.enum_labels);
        }
        self.alarm.write(writer);
        self.events.write(writer);
        writer.utf8_strings(&self.extensions);
        writer.utf8_strings(&self.system_extensions);
    }
}

fn read(reader: &mut Reader<'_>, five: bool) -> Result<AttributeConfig, CdrError> {
    let name = reader.string()?;
    let writable = WriteMode::read(reader)?;
    let format = AttributeFormat::read(reader)?;
    let data_type = DataType::read(reader)?;
    let (memorized, memorized_init) = if five {
        (reader.bool()?, reader.bool()?)
    } else {
        (false, false)
    };
    Ok(AttributeConfig {
        name,
        data_type,
        format,
        writable,
        memorized,
        memorized_init,
        max_columns: reader.i32()?,
        max_rows: reader.i32()?,
        description: reader.string()?,
        label: reader.string()?,
        unit: reader.string()?,
        standard_unit: reader.string()?,
        display_unit: reader.string()?,
        display_format: reader.string()?,
        minimum: reader.string()?,
        maximum: reader.string()?,
        writable_attribute: reader.string()?,
        level: DisplayLevel::read(reader)?,
        root_attribute: if five {
            reader.string()?
        } else {
            String::new()
        },
        enum_labels: if five { reader.strings()? } else { Vec::new() },
        alarm: AttributeAlarm::read(reader)?,
        events: EventProperties::read(reader)?,
        extensions: reader.strings()?,
        system_extensions: reader.strings()?,
    })
}

impl AttributeAlarm {
    fn read(reader: &mut Reader<'_>) -> Result<AttributeAlarm, CdrError> {
        Ok(AttributeAlarm {
            minimum_alarm: reader.string()?,
            maximum_alarm: reader.string()?,
            minimum_warning: reader.string()?,
            maximum_warning: reader.string()?,
            delta_time: reader.string()?,
            delta_value: reader.string()?,
            extensions: reader.strings()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.utf8_string(&self.minimum_alarm);
        writer.utf8_string(&self.maximum_alarm);
        writer.utf8_string(&self.minimum_warning);
        writer.utf8_string(&self.maximum_warning);
        writer.utf8_string(&self.delta_time);
        writer.utf8_string(&self.delta_value);
        writer.utf8_strings(&self.extensions);
    }
}

impl EventProperties {
    fn read(reader: &mut Reader<'_>) -> Result<EventProperties, CdrError> {
        Ok(EventProperties {
            relative_change: reader.string()?,
            absolute_change: reader.string()?,
            change_extensions: reader.strings()?,
            period: reader.string()?,
            period_extensions: reader.strings()?,
            archive_relative_change: reader.string()?,
            archive_absolute_change: reader.string()?,
            archive_period: reader.string()?,
            archive_extensions: reader.strings()?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.utf8_string(&self.relative_change);
        writer.utf8_string(&self.absolute_change);
        writer.utf8_strings(&self.change_extensions);
        writer.utf8_string(&self.period);
        writer.utf8_strings(&self.period_extensions);
        writer.utf8_string(&self.archive_relative_change);
        writer.utf8_string(&self.archive_absolute_change);
        writer.utf8_string(&self.archive_period);
        writer.utf8_strings(&self.archive_extensions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::ByteOrder;

    #[test]
    fn a_configuration_comes_back() {
        let mut config = AttributeConfig::new("obsState", DataType::Enum)
            .with_enum_labels(["EMPTY", "RESOURCING", "IDLE"])
            .read_write();
        config.memorized = true;
        config.alarm.maximum_alarm = "2".to_owned();
        config.events.absolute_change = "1".to_owned();
        config.events.archive_extensions = vec!["x".to_owned()];
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let mut writer = Writer::new(order);
            config.write(&mut writer);
            let octets = writer.finish().unwrap();
            let mut reader = Reader::new(&octets, order);
            assert_eq!(AttributeConfig::read(&mut reader), Ok(config.clone()));
            assert_eq!(reader.remaining(), 0);
        }
    }
    #[test]
    fn the_third_layout_comes_back_as_far_as_it_goes() {
        let mut config = AttributeConfig::new("power", DataType::Double).read_write();
        config.alarm.maximum_alarm = "3".to_owned();
        config.events.absolute_change = "0.5".to_owned();
        let mut writer = Writer::new(ByteOrder::Little);
        config.write_3(&mut writer);
        let octets = writer.finish().unwrap();
        let mut reader = Reader::new(&octets, ByteOrder::Little);
        config.root_attribute = String::new();
        assert_eq!(AttributeConfig::read_3(&mut reader), Ok(config));
        assert_eq!(reader.remaining(), 0);
    }
}
