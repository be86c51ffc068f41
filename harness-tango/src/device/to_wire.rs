//! Values of the harness in the type that a command or attribute wants.

use harness_core::Value;
use tango_wire::types::{self as wire, DataType, DevState};
use thiserror::Error;

use super::from_wire::Labels;

/// A value that can not be sent in the type that is wanted.
#[derive(Clone, Debug, Error)]
#[error("{value} can not be sent as {wanted}")]
pub(super) struct ConversionError {
    value: Value,
    wanted: String,
}

impl ConversionError {
    fn new(value: &Value, wanted: impl ToString) -> ConversionError {
        ConversionError {
            value: value.clone(),
            wanted: wanted.to_string(),
        }
    }
}

/// The argument of a command.
pub(super) fn argument(value: &Value, wanted: DataType) -> Result<wire::Value, ConversionError> {
    convert(value, wanted, &Labels::from([]))
}

/// The value to write to an attribute: a list is a spectrum, a list of lists an image, whose rows
/// travel one after the other. With an image comes the number of its columns.
pub(super) fn attribute(
    value: &Value,
    config: &wire::AttributeConfig,
    labels: &Labels,
) -> Result<(wire::Value, Option<u32>), ConversionError> {
    let wanted = config.data_type;
    match config.format {
        wire::AttributeFormat::Spectrum => {
            convert(value, array_of(wanted), labels).map(|value| (value, None))
        }
        wire::AttributeFormat::Image => {
            let error = || ConversionError::new(value, format!("an image of {wanted}"));
            let rows = value.as_list().ok_or_else(error)?;
            let mut elements = Vec::new();
            let mut columns = None;
            for row in rows {
                let row = row.as_list().ok_or_else(error)?;
                if columns.is_some_and(|columns| columns != row.len()) {
                    return Err(error());
                }
                columns = Some(row.len());
                elements.extend_from_slice(row);
            }
            let columns = u32::try_from(columns.unwrap_or(0)).map_err(|_| error())?;
            let flat = convert(&Value::List(elements), array_of(wanted), labels)?;
            Ok((flat, Some(columns)))
        }
        wire::AttributeFormat::Scalar | wire::AttributeFormat::Unknown => {
            convert(value, wanted, labels).map(|value| (value, None))
        }
    }
}

/// The type of an array of these.
fn array_of(element: DataType) -> DataType {
    match element {
        DataType::Boolean => DataType::VarBooleanArray,
        DataType::Short | DataType::Enum => DataType::VarShortArray,
        DataType::Long => DataType::VarLongArray,
        DataType::Long64 => DataType::VarLong64Array,
        DataType::Float => DataType::VarFloatArray,
        DataType::Double => DataType::VarDoubleArray,
        DataType::UChar => DataType::VarCharArray,
        DataType::UShort => DataType::VarUShortArray,
        DataType::ULong => DataType::VarULongArray,
        DataType::ULong64 => DataType::VarULong64Array,
        DataType::String | DataType::ConstString => DataType::VarStringArray,
        DataType::State => DataType::VarStateArray,
        other => other,
    }
}

fn convert(
    value: &Value,
    wanted: DataType,
    labels: &Labels,
) -> Result<wire::Value, ConversionError> {
    use wire::Value as Wire;
    let error = || ConversionError::new(value, wanted);
    let converted = match wanted {
        DataType::Void => value.is_void().then_some(Wire::Void),
        DataType::Boolean => boolean(value).map(Wire::Bool),
        DataType::Short | DataType::Enum => short(value, labels).map(Wire::Short),
        DataType::Long => whole(value).map(Wire::Long),
        DataType::Long64 => whole(value).map(Wire::Long64),
        DataType::UChar => whole(value).map(Wire::UChar),
        DataType::UShort => whole(value).map(Wire::UShort),
        DataType::ULong => whole(value).map(Wire::ULong),
        DataType::ULong64 => unsigned(value).map(Wire::ULong64),
        DataType::Float => float(value).map(Wire::Float),
        DataType::Double => value.as_float().map(Wire::Double),
        DataType::String | DataType::ConstString => text(value).map(Wire::String),
        DataType::State => state(value).map(Wire::State),
        DataType::VarBooleanArray => each(value, boolean).map(Wire::Bools),
        DataType::VarShortArray => each(value, |value| short(value, labels)).map(Wire::Shorts),
        DataType::VarLongArray => each(value, whole).map(Wire::Longs),
        DataType::VarLong64Array => each(value, whole).map(Wire::Longs64),
        DataType::VarCharArray => bytes(value).map(Wire::Chars),
        DataType::VarUShortArray => each(value, whole).map(Wire::UShorts),
        DataType::VarULongArray => each(value, whole).map(Wire::ULongs),
        DataType::VarULong64Array => each(value, unsigned).map(Wire::ULongs64),
        DataType::VarFloatArray => each(value, float).map(Wire::Floats),
        DataType::VarDoubleArray => each(value, Value::as_float).map(Wire::Doubles),
        DataType::VarStringArray => each(value, text).map(Wire::Strings),
        DataType::VarStateArray => each(value, state).map(Wire::States),
        DataType::VarLongStringArray => {
            pair(value, whole).map(|(numbers, texts)| Wire::LongStrings(numbers, texts))
        }
        DataType::VarDoubleStringArray => {
            pair(value, Value::as_float).map(|(numbers, texts)| Wire::DoubleStrings(numbers, texts))
        }
        DataType::Encoded => encoded(value),
        _ => None,
    };
    converted.ok_or_else(error)
}

/// A whole number that fits; an enumeration by its number.
fn whole<N: TryFrom<i64>>(value: &Value) -> Option<N> {
    value.as_int().and_then(|number| N::try_from(number).ok())
}

fn unsigned(value: &Value) -> Option<u64> {
    match value {
        Value::UInt(number) => Some(*number),
        other => whole(other),
    }
}

/// A number, or the word for one of an enumerated attribute.
fn short(value: &Value, labels: &Labels) -> Option<i16> {
    let by_label = value.as_str().and_then(|word| {
        labels
            .iter()
            .position(|label| label.eq_ignore_ascii_case(word))
    });
    match by_label {
        Some(index) => i16::try_from(index).ok(),
        None => whole(value),
    }
}

/// A truth value, or one of the numbers 0 and 1.
fn boolean(value: &Value) -> Option<bool> {
    value.as_bool().or(match value.as_int() {
        Some(0) => Some(false),
        Some(1) => Some(true),
        _ => None,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "asked for: the nearest float of 32 bits"
)]
fn float(value: &Value) -> Option<f32> {
    value.as_float().map(|number| number as f32)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// By word, or by number.
fn state(value: &Value) -> Option<DevState> {
    match value.as_str() {
        Some(word) => word.parse().ok(),
        None => whole::<u32>(value).and_then(|number| DevState::try_from(number).ok()),
    }
}

fn each<T>(value: &Value, element: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_list()?.iter().map(element).collect()
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Bytes(bytes) => Some(bytes.clone()),
        other => each(other, whole),
    }
}

fn pair<T>(value: &Value, number: impl Fn(&Value) -> Option<T>) -> Option<(Vec<T>, Vec<String>)> {
    match value.as_list()? {
        [numbers, texts] => Some((each(numbers, number)?, each(texts, text)?)),
        _ => None,
    }
}

fn encoded(value: &Value) -> Option<wire::Value> {
    match value.as_list()? {
        [format, data] => Some(wire::Value::Encoded {
            format: text(format)?,
            data: bytes(data)?,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tango_wire::types::AttributeConfig;

    use super::*;
    use crate::control_model::AdminMode;

    fn sent(value: impl Into<Value>, wanted: DataType) -> Option<wire::Value> {
        argument(&value.into(), wanted).ok()
    }

    #[test]
    fn values_take_the_type_that_is_wanted() {
        use wire::Value as Wire;
        assert_eq!(sent(5, DataType::Double), Some(Wire::Double(5.0)));
        assert_eq!(sent(5.0, DataType::Long), Some(Wire::Long(5)));
        assert_eq!(
            sent(u64::MAX, DataType::ULong64),
            Some(Wire::ULong64(u64::MAX))
        );
        assert_eq!(sent(1, DataType::Boolean), Some(Wire::Bool(true)));
        assert_eq!(sent("on", DataType::State), Some(Wire::State(DevState::On)));
        assert_eq!(sent(8, DataType::State), Some(Wire::State(DevState::Fault)));
        assert_eq!(sent((), DataType::Void), Some(Wire::Void));
        assert_eq!(
            sent([1, 2], DataType::VarCharArray),
            Some(Wire::Chars(vec![1, 2]))
        );
        assert_eq!(
            sent(
                vec![Value::from([2]), Value::from(["id"])],
                DataType::VarLongStringArray
            ),
            Some(Wire::LongStrings(vec![2], vec!["id".into()]))
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        for (value, wanted) in [
            (Value::from(70_000), DataType::Short),
            (Value::from(-1), DataType::ULong),
            (Value::from(1.5), DataType::Long),
            (Value::from("5"), DataType::Long),
            (Value::from(5), DataType::String),
            (Value::from(2), DataType::Boolean),
            (Value::from("text"), DataType::Void),
            (Value::Void, DataType::String),
            (Value::from(5), DataType::VarLongArray),
            (Value::from("a"), DataType::PipeBlob),
        ] {
            assert!(argument(&value, wanted).is_err(), "{value} as {wanted}");
        }
        let error = argument(&Value::from("x"), DataType::Long).unwrap_err();
        assert_eq!(error.to_string(), "x can not be sent as DevLong");
    }

    #[test]
    fn enumerated_attributes_are_written_by_word_or_number() {
        let labels: Labels = ["ONLINE", "OFFLINE"].into_iter().map(Arc::from).collect();
        let config = AttributeConfig::new("adminMode", DataType::Enum);
        let written = |value: Value| attribute(&value, &config, &labels).ok();
        let offline = Some((wire::Value::Short(1), None));
        assert_eq!(written("offline".into()), offline);
        assert_eq!(written(1.into()), offline);
        assert_eq!(written(AdminMode::Offline.into()), offline);
        assert_eq!(written("BROKEN".into()), None);
    }

    #[test]
    fn images_are_written_row_by_row() {
        let config = AttributeConfig::new("map", DataType::Long).image(3, 2);
        let none = Labels::from([]);
        let image = Value::from([[1, 2, 3], [4, 5, 6]]);
        assert_eq!(
            attribute(&image, &config, &none).ok(),
            Some((wire::Value::Longs(vec![1, 2, 3, 4, 5, 6]), Some(3)))
        );
        let ragged = Value::List(vec![[1, 2].into(), [3].into()]);
        assert!(attribute(&ragged, &config, &none).is_err());
    }
}
