//! The types of Tango's interface.

use std::fmt::Debug;

use proptest::{prelude::*, test_runner::TestCaseResult};
use tango_wire::{
    any::{read_any, write_any},
    cdr::{ByteOrder, CdrError, Reader, Writer},
    types::*,
};

use crate::strategies::*;

/// Writes a value in both byte orders and at all alignments, and reads it back.
pub(crate) fn comes_back<T: Debug>(
    value: &T,
    write: impl Fn(&T, &mut Writer),
    read: impl Fn(&mut Reader<'_>) -> Result<T, CdrError>,
) -> TestCaseResult {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        for offset in [0, 1, 4, 6] {
            let written = |value: &T| {
                let mut writer = Writer::new(order);
                writer.raw(&[0; 8][..offset]);
                write(value, &mut writer);
                writer.finish()
            };
            let octets = written(value)?;
            let mut reader = Reader::new(&octets, order);
            reader.take(offset)?;
            let back = read(&mut reader)?;
            prop_assert_eq!(reader.remaining(), 0);
            // by their words and bits: a NaN is not equal to itself
            prop_assert_eq!(format!("{:?}", &back), format!("{value:?}"));
            prop_assert_eq!(written(&back)?, octets);
        }
    }
    Ok(())
}

macro_rules! come_back {
    ($($test:ident: $strategy:expr, $write:expr, $read:expr;)*) => {
        proptest! {
            $(
                #[test]
                fn $test(value in $strategy) {
                    comes_back(&value, $write, $read)?;
                }
            )*
        }
    };
}

come_back! {
    anys: value(), |value, writer| write_any(writer, value), read_any;
    states: state(), |state, writer| state.write(writer), DevState::read;
    data_types: data_type(), |data_type, writer| data_type.write(writer), DataType::read;
    levels: level(), |level, writer| level.write(writer), DisplayLevel::read;
    qualities: quality(), |quality, writer| quality.write(writer), Quality::read;
    severities: severity(), |severity, writer| severity.write(writer), Severity::read;
    formats: format(), |format, writer| format.write(writer), AttributeFormat::read;
    write_modes: write_mode(), |mode, writer| mode.write(writer), WriteMode::read;
    sources: source(), |source, writer| source.write(writer), Source::read;
    readings_of_idl_5:
        reading().prop_map(answered),
        |value, writer| value.write(writer, AttributeVersion::Five),
        |reader| AttributeValue::read(reader, AttributeVersion::Five);
    readings_of_idl_4:
        reading().prop_map(|mut reading| {
            reading.data_type = reading.value.element_type(); // it does not travel
            answered(reading)
        }),
        |value, writer| value.write(writer, AttributeVersion::Four),
        |reader| AttributeValue::read(reader, AttributeVersion::Four);
    failed_readings:
        (text(), failure()).prop_filter("a failure", |(_, failure)| !failure.0.is_empty())
            .prop_map(|(name, failure)| AttributeValue { name, outcome: Err(failure) }),
        |value, writer| value.write(writer, AttributeVersion::Five),
        |reader| AttributeValue::read(reader, AttributeVersion::Five);
    writes: write(), |write, writer| write.write(writer), AttributeWrite::read;
    failures_of_one: failure(), |failure, writer| failure.write(writer), DevFailed::read;
    failures_of_several:
        failures(), |failures, writer| failures.write(writer), MultiDevFailed::read;
    commands: command(), |command, writer| command.write(writer), CommandInfo::read;
    clients: client(), |client, writer| client.write(writer), ClientIdentity::read;
    configurations_of_idl_5: config(), |config, writer| config.write(writer), AttributeConfig::read;
    configurations_of_idl_4:
        config().prop_map(without_what_idl_4_lacks),
        |config, writer| config.write_3(writer),
        AttributeConfig::read_3;
    descriptions_of_idl_6:
        info(),
        |info, writer| info.write(writer, DeviceInfoVersion::Six),
        |reader| DeviceInfo::read(reader, DeviceInfoVersion::Six);
    descriptions_of_idl_3:
        info().prop_map(|info| DeviceInfo { versions: Vec::new(), ..info }),
        |info, writer| info.write(writer, DeviceInfoVersion::Three),
        |reader| DeviceInfo::read(reader, DeviceInfoVersion::Three);
    descriptions_of_idl_1:
        info().prop_map(|info| DeviceInfo {
            versions: Vec::new(),
            device_type: String::new(),
            ..info
        }),
        |info, writer| info.write(writer, DeviceInfoVersion::One),
        |reader| DeviceInfo::read(reader, DeviceInfoVersion::One);
    data_ready:
        (text(), data_type(), any::<i32>())
            .prop_map(|(name, data_type, counter)| DataReady { name, data_type, counter }),
        |ready, writer| ready.write(writer),
        DataReady::read;
    interface_changes:
        (
            any::<bool>(),
            proptest::collection::vec(command(), 0..3),
            proptest::collection::vec(config(), 0..3),
        )
            .prop_map(|(device_started, commands, attributes)| InterfaceChange {
                device_started,
                commands,
                attributes,
            }),
        |change, writer| change.write(writer),
        InterfaceChange::read;
}

fn answered(reading: AttributeReading) -> AttributeValue {
    AttributeValue {
        name: reading.name.clone(),
        outcome: Ok(reading),
    }
}

fn without_what_idl_4_lacks(config: AttributeConfig) -> AttributeConfig {
    AttributeConfig {
        memorized: false,
        memorized_init: false,
        root_attribute: String::new(),
        enum_labels: Vec::new(),
        ..config
    }
}
