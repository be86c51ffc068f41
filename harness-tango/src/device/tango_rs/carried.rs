//! Which values `tango-client` carries soundly, and in which form.
//!
//! It carries less than it has words for. Arrays that it is given it frees in a way that ends the
//! process where they are empty; arrays of numbers that it is given by a device it reads through a
//! null pointer where they are empty; replies of some types are lost after the command was executed.
//! All that goes the other way: [`None`] here.

use std::time::{Duration, UNIX_EPOCH};

use tango_client::{
    AttrDataFormat, AttrQuality, AttrValue, AttributeData, CommandData, TangoDevState,
};
use tango_wire::cdr::{decode_text, encode_text};
use tango_wire::types::{
    AttributeConfig, AttributeFormat, AttributeReading, DataType, DevState, Quality, Value,
};

/// The argument of a command.
pub(super) fn argument(value: &Value) -> Option<CommandData> {
    Some(match value {
        Value::Void => CommandData::Void,
        Value::Bool(truth) => CommandData::Boolean(*truth),
        Value::Short(number) => CommandData::Short(*number),
        Value::Long(number) => CommandData::Long(*number),
        Value::Long64(number) => CommandData::Long64(*number),
        Value::Float(number) => CommandData::Float(*number),
        Value::Double(number) => CommandData::Double(*number),
        Value::UShort(number) => CommandData::UShort(*number),
        Value::ULong(number) => CommandData::ULong(*number),
        Value::ULong64(number) => CommandData::ULong64(*number),
        Value::String(text) => CommandData::String(octets(text)?),
        _ => return None,
    })
}

/// Whether a reply of that type comes back as it was given.
pub(super) fn is_reply(data_type: DataType) -> bool {
    matches!(
        data_type,
        DataType::Void
            | DataType::Boolean
            | DataType::Short
            | DataType::Long
            | DataType::Long64
            | DataType::Float
            | DataType::Double
            | DataType::UShort
            | DataType::ULong
            | DataType::ULong64
            | DataType::String
            | DataType::State
            | DataType::VarStringArray
            | DataType::VarLongStringArray
            | DataType::VarDoubleStringArray
    )
}

/// The reply of a command, of a type that [`is_reply`] knows.
pub(super) fn reply(data: CommandData) -> Option<Value> {
    Some(match data {
        CommandData::Void => Value::Void,
        CommandData::Boolean(truth) => Value::Bool(truth),
        CommandData::Short(number) => Value::Short(number),
        CommandData::Long(number) => Value::Long(number),
        CommandData::Long64(number) => Value::Long64(number),
        CommandData::Float(number) => Value::Float(number),
        CommandData::Double(number) => Value::Double(number),
        CommandData::UShort(number) => Value::UShort(number),
        CommandData::ULong(number) => Value::ULong(number),
        CommandData::ULong64(number) => Value::ULong64(number),
        CommandData::String(octets) => Value::String(decode_text(&octets)),
        CommandData::State(state) => Value::State(from_state(state)),
        CommandData::StringArray(texts) => Value::Strings(decoded(texts)),
        CommandData::LongStringArray(numbers, texts) => Value::LongStrings(numbers, decoded(texts)),
        CommandData::DoubleStringArray(numbers, texts) => {
            Value::DoubleStrings(numbers, decoded(texts))
        }
        _ => return None,
    })
}

/// The value to write to an attribute that is a scalar.
pub(super) fn written(value: &Value) -> Option<AttrValue> {
    Some(match value {
        Value::Bool(truth) => AttrValue::Boolean(*truth),
        Value::Short(number) => AttrValue::Short(*number),
        Value::Long(number) => AttrValue::Long(*number),
        Value::Long64(number) => AttrValue::Long64(*number),
        Value::Float(number) => AttrValue::Float(*number),
        Value::Double(number) => AttrValue::Double(*number),
        Value::UChar(number) => AttrValue::UChar(*number),
        Value::UShort(number) => AttrValue::UShort(*number),
        Value::ULong(number) => AttrValue::ULong(*number),
        Value::ULong64(number) => AttrValue::ULong64(*number),
        Value::String(text) => AttrValue::String(octets(text)?),
        Value::State(state) => AttrValue::State(to_state(*state)),
        _ => return None,
    })
}

/// Whether an attribute can be read: scalars but for enumerated and encoded ones, and texts and
/// states in any form.
pub(super) fn is_read(config: &AttributeConfig) -> bool {
    match config.data_type {
        DataType::String | DataType::State => true,
        DataType::Enum | DataType::Encoded => false,
        _ => config.format == AttributeFormat::Scalar,
    }
}

/// The reading of an attribute that [`is_read`] knows.
pub(super) fn reading(data: AttributeData) -> Option<AttributeReading> {
    let value = match data.data {
        AttrValue::Boolean(truth) => Value::Bool(truth),
        AttrValue::Short(number) => Value::Short(number),
        AttrValue::Long(number) => Value::Long(number),
        AttrValue::Long64(number) => Value::Long64(number),
        AttrValue::Float(number) => Value::Float(number),
        AttrValue::Double(number) => Value::Double(number),
        AttrValue::UChar(number) => Value::UChar(number),
        AttrValue::UShort(number) => Value::UShort(number),
        AttrValue::ULong(number) => Value::ULong(number),
        AttrValue::ULong64(number) => Value::ULong64(number),
        AttrValue::String(octets) => Value::String(decode_text(&octets)),
        AttrValue::State(state) => Value::State(from_state(state)),
        AttrValue::StringArray(texts) => Value::Strings(decoded(texts)),
        AttrValue::StateArray(states) => {
            Value::States(states.into_iter().map(from_state).collect())
        }
        _ => return None,
    };
    let seconds = u64::try_from(data.time_stamp.sec).unwrap_or(0);
    let nanoseconds = u32::try_from(data.time_stamp.nsec).unwrap_or(0);
    let time = UNIX_EPOCH + Duration::new(seconds, nanoseconds);
    let size = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    let mut reading = AttributeReading::new(data.name, value, time);
    reading.dimension = (size(data.dim_x), size(data.dim_y));
    reading.format = match data.format {
        AttrDataFormat::Scalar => AttributeFormat::Scalar,
        AttrDataFormat::Spectrum => AttributeFormat::Spectrum,
        AttrDataFormat::Image => AttributeFormat::Image,
    };
    reading.quality = match data.quality {
        AttrQuality::Valid => Quality::Valid,
        AttrQuality::Invalid => Quality::Invalid,
        AttrQuality::Alarm => Quality::Alarm,
        AttrQuality::Changing => Quality::Changing,
        AttrQuality::Warning => Quality::Warning,
    };
    Some(reading)
}

/// What Tango can't express tango-wire refuses, and says why.
pub(super) fn octets(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    encode_text(text, &mut octets).ok().map(|()| octets)
}

pub(super) fn decoded(texts: Vec<Vec<u8>>) -> Vec<String> {
    texts.iter().map(|octets| decode_text(octets)).collect()
}

/// Both in the order of their numbers.
const STATES: [(TangoDevState, DevState); 14] = [
    (TangoDevState::On, DevState::On),
    (TangoDevState::Off, DevState::Off),
    (TangoDevState::Close, DevState::Close),
    (TangoDevState::Open, DevState::Open),
    (TangoDevState::Insert, DevState::Insert),
    (TangoDevState::Extract, DevState::Extract),
    (TangoDevState::Moving, DevState::Moving),
    (TangoDevState::Standby, DevState::Standby),
    (TangoDevState::Fault, DevState::Fault),
    (TangoDevState::Init, DevState::Init),
    (TangoDevState::Running, DevState::Running),
    (TangoDevState::Alarm, DevState::Alarm),
    (TangoDevState::Disable, DevState::Disable),
    (TangoDevState::Unknown, DevState::Unknown),
];

fn from_state(state: TangoDevState) -> DevState {
    let pair = STATES.iter().find(|(theirs, _)| *theirs == state);
    pair.map_or(DevState::Unknown, |(_, ours)| *ours)
}

fn to_state(state: DevState) -> TangoDevState {
    let pair = STATES.iter().find(|(_, ours)| *ours == state);
    pair.map_or(TangoDevState::Unknown, |(theirs, _)| *theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_go_as_they_are_and_come_back_so() {
        for value in [
            Value::Void,
            Value::Bool(true),
            Value::Short(-5),
            Value::Long(i32::MIN),
            Value::Long64(i64::MIN),
            Value::Float(1.5),
            Value::Double(-0.25),
            Value::UShort(u16::MAX),
            Value::ULong(u32::MAX),
            Value::ULong64(u64::MAX),
            Value::String("nö".into()),
        ] {
            let sent = argument(&value).expect("it is carried");
            assert_eq!(reply(sent), Some(value.clone()));
            assert!(is_reply(value.data_type()), "{value:?}");
        }
    }

    #[test]
    fn what_the_crate_would_panic_at_cut_off_or_free_wrongly_does_not_get_to_it() {
        for value in [
            Value::State(DevState::On),
            Value::UChar(1),
            Value::Bools(vec![true]),
            Value::Doubles(Vec::new()),
            Value::Strings(vec!["a".into()]),
            Value::LongStrings(vec![1], vec!["a".into()]),
            Value::String("nothing\0behind this".into()),
            Value::String("5 €".into()),
        ] {
            assert_eq!(argument(&value), None);
        }
        for lost in [
            DataType::UChar,
            DataType::VarBooleanArray,
            DataType::VarStateArray,
            DataType::VarDoubleArray,
            DataType::Encoded,
            DataType::Enum,
            DataType::Other(99),
        ] {
            assert!(!is_reply(lost), "{lost}");
        }
        assert_eq!(written(&Value::String("\0".into())), None);
        assert_eq!(written(&Value::Shorts(vec![1])), None);
    }

    #[test]
    fn scalars_texts_and_states_are_read_that_way_and_nothing_else() {
        let is_carried = |config| is_read(&config);
        let of = |data_type| AttributeConfig::new("x", data_type);
        assert!(is_carried(of(DataType::Double)));
        assert!(is_carried(of(DataType::String).spectrum(4)));
        assert!(is_carried(of(DataType::State).image(4, 4)));
        assert!(!is_carried(of(DataType::Double).spectrum(4)));
        assert!(!is_carried(of(DataType::Enum)));
        assert!(!is_carried(of(DataType::Encoded)));
    }

    #[test]
    fn states_are_the_same_both_ways() {
        for (theirs, ours) in STATES {
            assert_eq!((from_state(theirs), to_state(ours)), (ours, theirs));
            assert_eq!(theirs.to_string(), ours.name());
        }
    }
}
