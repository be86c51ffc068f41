//! Values from the wire, as the harness holds them.

use std::sync::Arc;

use harness_core::device::{Quality, Reading, Severity, StackFrame};
use harness_core::{EnumValue, Value};
use tango_wire::types as wire;

use crate::control_model::DevState;

/// The words for the numbers of an enumerated attribute, from 0; empty for other attributes.
pub(super) type Labels = Arc<[Arc<str>]>;

/// A reading of an attribute.
pub(super) fn reading(reading: wire::AttributeReading, labels: &Labels) -> Reading {
    let (columns, rows) = reading.dimension;
    let value = labelled(reading.value, labels);
    let value = match value {
        Value::List(elements) if reading.format == wire::AttributeFormat::Image => {
            image(elements, columns, rows)
        }
        value => value,
    };
    Reading::new(value)
        .with_quality(quality(reading.quality))
        .with_server_time(reading.time)
}

/// The value of a command, or of an attribute that is not enumerated.
pub(super) fn value(value: wire::Value) -> Value {
    use wire::Value as Wire;
    match value {
        Wire::Void => Value::Void,
        Wire::Bool(truth) => truth.into(),
        Wire::Short(number) => number.into(),
        Wire::Long(number) => number.into(),
        Wire::Long64(number) => number.into(),
        Wire::Float(number) => number.into(),
        Wire::Double(number) => number.into(),
        Wire::UChar(number) => number.into(),
        Wire::UShort(number) => number.into(),
        Wire::ULong(number) => number.into(),
        Wire::ULong64(number) => number.into(),
        Wire::String(text) => text.into(),
        Wire::State(state) => DevState::from(state).into(),
        Wire::Encoded { format, data } => {
            Value::List(vec![Value::String(format), Value::Bytes(data)])
        }
        Wire::Bools(elements) => elements.into(),
        Wire::Shorts(elements) => elements.into(),
        Wire::Longs(elements) => elements.into(),
        Wire::Longs64(elements) => elements.into(),
        Wire::Floats(elements) => elements.into(),
        Wire::Doubles(elements) => elements.into(),
        Wire::Chars(bytes) => Value::Bytes(bytes),
        Wire::UShorts(elements) => elements.into(),
        Wire::ULongs(elements) => elements.into(),
        Wire::ULongs64(elements) => elements.into(),
        Wire::Strings(elements) => elements.into(),
        Wire::States(elements) => elements.into_iter().map(DevState::from).collect(),
        Wire::LongStrings(numbers, texts) => Value::List(vec![numbers.into(), texts.into()]),
        Wire::DoubleStrings(numbers, texts) => Value::List(vec![numbers.into(), texts.into()]),
    }
}

/// The value of an attribute; numbers become members of its enumeration.
fn labelled(value: wire::Value, labels: &Labels) -> Value {
    if labels.is_empty() {
        return self::value(value);
    }
    match value {
        number @ (wire::Value::Short(_) | wire::Value::Shorts(_)) => {
            member(self::value(number), labels)
        }
        other => self::value(other),
    }
}

/// A number, or each of several, as a member of an enumeration with these labels; anything else,
/// and without labels, as it is.
pub(super) fn member(value: Value, labels: &Labels) -> Value {
    let number = match value {
        value if labels.is_empty() => return value,
        Value::List(elements) => {
            let elements = elements.into_iter();
            return elements.map(|element| member(element, labels)).collect();
        }
        Value::Int(number) => number,
        Value::Enum(unlabelled) if unlabelled.label.is_none() => unlabelled.number,
        other => return other,
    };
    let label = usize::try_from(number)
        .ok()
        .and_then(|index| labels.get(index));
    Value::Enum(match label {
        Some(label) => EnumValue::labelled(number, Arc::clone(label)),
        None => EnumValue::new(number),
    })
}

/// A number, or each of several, as a device state; anything else as it is.
pub(super) fn state(value: Value) -> Value {
    match value {
        Value::List(elements) => elements.into_iter().map(state).collect(),
        other @ (Value::Int(_) | Value::Enum(EnumValue { label: None, .. })) => {
            let state = other.as_int().and_then(DevState::from_number);
            state.map_or(other, Value::from)
        }
        other => other,
    }
}

/// Rows of an image, which travel one after the other.
fn image(elements: Vec<Value>, columns: u32, rows: u32) -> Value {
    let columns = usize::try_from(columns).unwrap_or(usize::MAX);
    if columns == 0 || rows == 0 {
        return Value::List(Vec::new());
    }
    elements
        .chunks(columns)
        .map(|row| Value::List(row.to_vec()))
        .collect()
}

fn quality(quality: wire::Quality) -> Quality {
    match quality {
        wire::Quality::Valid => Quality::Valid,
        wire::Quality::Invalid => Quality::Invalid,
        wire::Quality::Alarm => Quality::Alarm,
        wire::Quality::Changing => Quality::Changing,
        wire::Quality::Warning => Quality::Warning,
    }
}

/// The error stack of a device, the most specific frame first, as it travels.
pub(super) fn stack(failed: &wire::DevFailed) -> Vec<StackFrame> {
    let frame = |error: &wire::DevError| StackFrame {
        reason: error.reason.clone(),
        description: error.description.clone(),
        origin: error.origin.clone(),
        severity: match error.severity {
            wire::Severity::Warning => Severity::Warning,
            wire::Severity::Error => Severity::Error,
            wire::Severity::Panic => Severity::Panic,
        },
    };
    failed.0.iter().map(frame).collect()
}

impl From<wire::DevState> for DevState {
    fn from(state: wire::DevState) -> DevState {
        match state {
            wire::DevState::On => DevState::On,
            wire::DevState::Off => DevState::Off,
            wire::DevState::Close => DevState::Close,
            wire::DevState::Open => DevState::Open,
            wire::DevState::Insert => DevState::Insert,
            wire::DevState::Extract => DevState::Extract,
            wire::DevState::Moving => DevState::Moving,
            wire::DevState::Standby => DevState::Standby,
            wire::DevState::Fault => DevState::Fault,
            wire::DevState::Init => DevState::Init,
            wire::DevState::Running => DevState::Running,
            wire::DevState::Alarm => DevState::Alarm,
            wire::DevState::Disable => DevState::Disable,
            wire::DevState::Unknown => DevState::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn labels(words: &[&str]) -> Labels {
        words.iter().map(|word| Arc::from(*word)).collect()
    }

    fn read(value: wire::Value, labels: &Labels) -> Value {
        reading(wire::AttributeReading::new("x", value, UNIX_EPOCH), labels).value
    }

    #[test]
    fn enumerated_attributes_get_the_words_of_the_device() {
        let words = labels(&["EMPTY", "RESOURCING"]);
        let member = read(wire::Value::Short(1), &words);
        assert_eq!(member.as_str(), Some("RESOURCING"));
        assert_eq!(member.as_int(), Some(1));
        let beyond = read(wire::Value::Short(7), &words);
        assert_eq!((beyond.as_str(), beyond.as_int()), (None, Some(7)));
        assert!(matches!(
            read(wire::Value::Short(1), &labels(&[])),
            Value::Int(1)
        ));
        assert_eq!(read(wire::Value::Void, &words), Value::Void);
        let several = read(wire::Value::Shorts(vec![1, 0]), &words);
        assert_eq!(several, Value::from(["RESOURCING", "EMPTY"]));
    }

    #[test]
    fn a_number_that_a_test_gives_gets_the_word_of_the_device() {
        let words = labels(&["EMPTY", "RESOURCING"]);
        assert_eq!(member(1.into(), &words).as_str(), Some("RESOURCING"));
        let bare = Value::Enum(EnumValue::new(0));
        assert_eq!(member(bare, &words).as_str(), Some("EMPTY"));
        assert_eq!(member("IDLE".into(), &words).as_str(), Some("IDLE"));
        assert!(matches!(member(1.into(), &labels(&[])), Value::Int(1)));
    }

    #[test]
    fn states_have_words_of_their_own() {
        for state in wire::DevState::ALL {
            let value = read(wire::Value::State(state), &labels(&[]));
            assert_eq!(value.as_str(), Some(state.name()));
            assert_eq!(value.as_int(), Some(state.number().into()));
        }
    }

    #[test]
    fn images_have_rows_and_pairs_have_two_lists() {
        let mut image = wire::AttributeReading::new(
            "map",
            wire::Value::Longs(vec![1, 2, 3, 4, 5, 6]),
            UNIX_EPOCH,
        );
        image.format = wire::AttributeFormat::Image;
        image.dimension = (3, 2);
        assert_eq!(
            reading(image, &labels(&[])).value,
            Value::from([[1, 2, 3], [4, 5, 6]])
        );
        let pair = value(wire::Value::LongStrings(vec![2], vec!["id".into()]));
        assert_eq!(pair, Value::List(vec![[2].into(), ["id"].into()]));
    }
}
