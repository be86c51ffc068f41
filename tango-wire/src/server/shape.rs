//! Values, held against what their attributes declare.

use super::answer::unsendable;
use crate::{
    cdr::check_text,
    types::{AttributeConfig, AttributeFormat, DataType, DevFailed, Value},
};

/// True if a value of type `found` may stand where `declared` is declared: an enumerated value
/// travels as a short.
pub(super) fn same_type(declared: DataType, found: DataType) -> bool {
    match declared {
        DataType::Enum => found == DataType::Short,
        DataType::ConstString => found == DataType::String,
        declared => declared == found,
    }
}

/// The shape of a value for an attribute of this format: columns and rows.
///
/// # Errors
/// The value has another type than the attribute, or a shape that the format does not have.
pub(super) fn dimension(
    config: &AttributeConfig,
    value: &Value,
    columns: Option<u32>,
) -> Result<(u32, u32), DevFailed> {
    if *value == Value::Void {
        return Ok((0, 0));
    }
    check_type(config, value)?;
    let refusal = |problem| Err(refusal(config, "API_IncompatibleAttrDataType", problem));
    let count = value.item_count().map(number);
    match (config.format, count) {
        (AttributeFormat::Scalar | AttributeFormat::Unknown, None | Some(1)) => Ok((1, 0)),
        (AttributeFormat::Scalar | AttributeFormat::Unknown, Some(count)) => {
            refusal(format!("is a scalar, the value has {count} items"))
        }
        (AttributeFormat::Spectrum, count) => Ok((count.unwrap_or(1), 0)),
        (AttributeFormat::Image, Some(0)) => Ok((0, 0)),
        (AttributeFormat::Image, count) => {
            let count = count.unwrap_or(1);
            match columns {
                Some(columns) if columns > 0 && count % columns == 0 => {
                    Ok((columns, count / columns))
                }
                Some(columns) => refusal(format!(
                    "is an image: {count} items are no rows of {columns}"
                )),
                None => refusal("is an image: how long are its rows?".to_owned()),
            }
        }
    }
}

/// Checks the type of a value, or of a set point.
///
/// # Errors
/// It is not the attribute's.
pub(super) fn check_type(config: &AttributeConfig, value: &Value) -> Result<(), DevFailed> {
    let (declared, found) = (config.data_type, value.element_type());
    if same_type(declared, found) {
        return Ok(());
    }
    let problem = format!("is of {declared}, not of {found}");
    Err(refusal(config, "API_IncompatibleAttrDataType", problem))
}

/// Checks the texts of a value: one that cannot be sent must not take with it what else a client
/// has asked for.
///
/// # Errors
/// A character of it cannot be sent.
pub(super) fn check_sendable(value: &Value) -> Result<(), DevFailed> {
    let outcome = match value {
        Value::String(text) | Value::Encoded { format: text, .. } => check_text(text),
        Value::Strings(texts) => texts.iter().try_for_each(|text| check_text(text)),
        _ => Ok(()),
    };
    outcome.map_err(|error| unsendable(&error))
}

/// Checks what a client wants to write to a spectrum or image, and the numbers of an enumeration.
/// `dimension` is what the client says: columns and rows.
///
/// # Errors
/// As cppTango 10.3 has them: `API_WAttrOutsideLimit` if it is larger than the attribute, or has a
/// number without a label; `API_AttrIncorrectDataNumber` if an image has other items than its
/// columns and rows say.
pub(super) fn check_written(
    config: &AttributeConfig,
    value: &Value,
    dimension: (u32, u32),
) -> Result<(), DevFailed> {
    let count = number(value.item_count().unwrap_or(1));
    let (columns, rows) = match config.format {
        AttributeFormat::Scalar | AttributeFormat::Unknown => (1, 0),
        // how many there are is seen
        AttributeFormat::Spectrum => (count, 0),
        AttributeFormat::Image => {
            let (columns, rows) = dimension;
            if columns.checked_mul(rows.max(1)) != Some(count) {
                let problem =
                    format!("is an image: {columns} columns and {rows} rows are no {count} items");
                return Err(refusal(config, "API_AttrIncorrectDataNumber", problem));
            }
            dimension
        }
    };
    for (length, limit, what) in [
        (columns, config.max_columns, "columns"),
        (rows, config.max_rows, "rows"),
    ] {
        if i64::from(length) > i64::from(limit) {
            let problem = format!("has {limit} {what} at most, not {length}");
            return Err(refusal(config, "API_WAttrOutsideLimit", problem));
        }
    }
    if config.data_type == DataType::Enum {
        check_labels(config, value)?;
    }
    Ok(())
}

fn check_labels(config: &AttributeConfig, value: &Value) -> Result<(), DevFailed> {
    let labels = config.enum_labels.len();
    let numbers = match value {
        Value::Short(number) => std::slice::from_ref(number),
        Value::Shorts(numbers) => numbers.as_slice(),
        _ => &[],
    };
    let unknown = |&&number: &&i16| usize::try_from(number).map_or(true, |number| number >= labels);
    match numbers.iter().find(unknown) {
        Some(number) => {
            let problem = match labels.checked_sub(1) {
                Some(last) => format!("has the labels 0 to {last}, not {number}"),
                None => format!("has no labels, and none for {number}"),
            };
            Err(refusal(config, "API_WAttrOutsideLimit", problem))
        }
        None => Ok(()),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn refusal(config: &AttributeConfig, reason: &str, problem: String) -> DevFailed {
    let words = format!("attribute {} {problem}", config.name);
    DevFailed::new(reason, words, "tango_wire::server")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_must_fit_the_declaration() {
        let scalar = AttributeConfig::new("obsState", DataType::Enum);
        let spectrum = AttributeConfig::new("lrc", DataType::String).spectrum(10);
        let image = AttributeConfig::new("beam", DataType::Double).image(10, 10);
        let strings = Value::Strings(vec!["a".into(), "b".into()]);
        let doubles = Value::Doubles(vec![0.0; 6]);
        assert_eq!(dimension(&scalar, &Value::Short(1), None), Ok((1, 0)));
        assert_eq!(dimension(&scalar, &Value::Void, None), Ok((0, 0)));
        assert!(dimension(&scalar, &Value::Long(1), None).is_err());
        assert!(dimension(&scalar, &Value::Shorts(vec![1, 2]), None).is_err());
        assert_eq!(dimension(&spectrum, &strings, None), Ok((2, 0)));
        assert_eq!(dimension(&image, &doubles, Some(3)), Ok((3, 2)));
        assert!(dimension(&image, &doubles, Some(4)).is_err());
        assert!(dimension(&image, &doubles, None).is_err());
        let empty = Value::Doubles(Vec::new());
        for columns in [None, Some(0), Some(3)] {
            assert_eq!(dimension(&image, &empty, columns), Ok((0, 0)));
        }
    }
}
