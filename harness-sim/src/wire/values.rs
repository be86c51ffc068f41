//! Values between the device and the wire.

use std::sync::Arc;

use harness_tango::control_model;
use tango_wire::types::{DevState, Value};

use crate::attribute::AttributeValue;

/// The value as it travels; an image's rows stand one after the other.
pub(super) fn to_wire(value: AttributeValue) -> Value {
    match value {
        AttributeValue::State(state) => Value::State(state_to_wire(state)),
        AttributeValue::ObsState(state) => enumerated(state.number()),
        AttributeValue::AdminMode(mode) => enumerated(mode.number()),
        AttributeValue::HealthState(health) => enumerated(health.number()),
        AttributeValue::DishMode(mode) => enumerated(mode.number()),
        AttributeValue::PointingState(state) => enumerated(state.number()),
        AttributeValue::Band(band) => enumerated(band.number()),
        AttributeValue::Flag(flag) => Value::Bool(flag),
        AttributeValue::Number(number) => Value::Long64(number),
        AttributeValue::Numbers(numbers) => Value::Longs(numbers),
        AttributeValue::Text(text) => Value::String(carried(&text)),
        AttributeValue::Texts(texts) => Value::Strings(owned(&texts)),
        AttributeValue::Pairs(rows) => Value::Strings(owned(rows.as_flattened())),
    }
}

/// The state as it travels.
pub(super) fn state_to_wire(state: control_model::DevState) -> DevState {
    // both sides know the same fourteen
    u32::try_from(state.number())
        .ok()
        .and_then(|number| DevState::try_from(number).ok())
        .unwrap_or(DevState::Unknown)
}

/// The number that a client sent for an enumeration, in whichever type it chose.
pub(super) fn number(value: &Value) -> Option<i64> {
    match *value {
        Value::Short(number) => Some(number.into()),
        Value::Long(number) => Some(number.into()),
        Value::Long64(number) => Some(number),
        Value::UChar(number) => Some(number.into()),
        Value::UShort(number) => Some(number.into()),
        Value::ULong(number) => Some(number.into()),
        Value::State(state) => Some((state as u32).into()),
        _ => None,
    }
}

fn enumerated(number: i64) -> Value {
    // the vocabularies have a dozen words at most
    Value::Short(i16::try_from(number).unwrap_or(i16::MAX))
}

fn owned(texts: &[Arc<str>]) -> Vec<String> {
    texts.iter().map(|text| carried(text)).collect()
}

/// The text as Tango can carry it, in ISO-8859-1 without NUL: other characters, which JSON can
/// bring in, become what JSON would escape them to. Else neither a read nor an event could tell.
fn carried(text: &str) -> String {
    let mut carried = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\u{1}'..='\u{ff}') {
            carried.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                carried.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    carried
}

#[cfg(test)]
mod tests {
    use harness_tango::control_model::{DevState, ObsState};

    use super::{AttributeValue, Value, state_to_wire, to_wire};

    #[test]
    fn states_keep_their_names() {
        for state in DevState::ALL {
            assert_eq!(state_to_wire(*state).name(), state.label());
        }
    }

    #[test]
    fn enumerations_travel_as_their_number_and_rows_one_after_the_other() {
        assert_eq!(
            to_wire(AttributeValue::ObsState(ObsState::Restarting)),
            Value::Short(10)
        );
        let rows = vec![["a".into(), "1".into()], ["b".into(), "2".into()]];
        assert_eq!(
            to_wire(AttributeValue::Pairs(rows)),
            Value::Strings(vec!["a".into(), "1".into(), "b".into(), "2".into()])
        );
    }
}
