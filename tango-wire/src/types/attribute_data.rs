//! The union that carries an attribute's values: the read part, then the set point.

use super::{DevState, Value};
use crate::cdr::{CdrError, Reader, Writer};

/// What the union holds. Scalars are arrays of one or two items here.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AttributeData {
    /// An array value, or the one state of the attribute `State`.
    Values(Value),
    /// Formats and octets.
    Encoded(Vec<(String, Vec<u8>)>),
    /// No value.
    Nothing,
}

impl AttributeData {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<AttributeData, CdrError> {
        Ok(AttributeData::Values(match reader.u32()? {
            0 => Value::Bools(reader.bools()?),
            1 => Value::Shorts(reader.i16s()?),
            2 => Value::Longs(reader.i32s()?),
            3 => Value::Longs64(reader.i64s()?),
            4 => Value::Floats(reader.f32s()?),
            5 => Value::Doubles(reader.f64s()?),
            6 => Value::Chars(reader.bytes()?.to_vec()),
            7 => Value::UShorts(reader.u16s()?),
            8 => Value::ULongs(reader.u32s()?),
            9 => Value::ULongs64(reader.u64s()?),
            10 => Value::Strings(reader.strings()?),
            11 => Value::States(reader.sequence(4, DevState::read)?),
            12 => Value::State(DevState::read(reader)?),
            13 => {
                let read =
                    |reader: &mut Reader<'_>| Ok((reader.string()?, reader.bytes()?.to_vec()));
                return Ok(AttributeData::Encoded(reader.sequence(8, read)?));
            }
            14 => {
                reader.bool()?;
                return Ok(AttributeData::Nothing);
            }
            value => {
                return Err(CdrError::Unknown {
                    what: "attribute value type",
                    value,
                });
            }
        }))
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        let value = match self {
            AttributeData::Values(value) => value,
            AttributeData::Encoded(items) => {
                writer.u32(13);
                writer.sequence(items, |writer, (format, data)| {
                    writer.string(format);
                    writer.bytes(data);
                });
                return;
            }
            AttributeData::Nothing => {
                writer.u32(14);
                writer.bool(true);
                return;
            }
        };
        macro_rules! arm {
            ($number:literal, $write:ident, $items:expr) => {{
                writer.u32($number);
                writer.$write($items)
            }};
        }
        match value {
            Value::Bools(items) => arm!(0, bools, items),
            Value::Shorts(items) => arm!(1, i16s, items),
            Value::Longs(items) => arm!(2, i32s, items),
            Value::Longs64(items) => arm!(3, i64s, items),
            Value::Floats(items) => arm!(4, f32s, items),
            Value::Doubles(items) => arm!(5, f64s, items),
            Value::Chars(items) => arm!(6, bytes, items),
            Value::UShorts(items) => arm!(7, u16s, items),
            Value::ULongs(items) => arm!(8, u32s, items),
            Value::ULongs64(items) => arm!(9, u64s, items),
            Value::Strings(items) => arm!(10, strings, items),
            Value::States(items) => {
                writer.u32(11);
                writer.sequence(items, |writer, state| state.write(writer));
            }
            Value::State(state) => {
                writer.u32(12);
                state.write(writer);
            }
            other => writer.fail(CdrError::Unsupported {
                what: format!("an attribute of {}", other.data_type()),
            }),
        }
    }

    /// Joins the read part and the set point into what travels.
    pub(super) fn join(value: Value, set_point: Option<Value>) -> Result<AttributeData, CdrError> {
        let array = match value.into_array() {
            Value::Void => return Ok(AttributeData::Nothing),
            Value::Encoded { format, data } => {
                let mut items = vec![(format, data)];
                if let Some(Value::Encoded { format, data }) = set_point {
                    items.push((format, data));
                }
                return Ok(AttributeData::Encoded(items));
            }
            array => array,
        };
        let mut array = array;
        if let Some(set_point) = set_point.filter(|value| *value != Value::Void) {
            let of = array.data_type();
            if !array.append(set_point.into_array()) {
                let what = format!("a set point of another type than its value ({of})");
                return Err(CdrError::Unsupported { what });
            }
        }
        Ok(AttributeData::Values(array))
    }

    /// Splits what travelled into the read part (`count` items) and the set point.
    pub(super) fn split(
        self,
        count: usize,
        scalar: bool,
    ) -> Result<(Value, Option<Value>), CdrError> {
        let (mut value, mut set_point) = match self {
            AttributeData::Nothing => return Ok((Value::Void, None)),
            AttributeData::Values(mut value) => {
                let set_point = value.split_off(count);
                (value, set_point)
            }
            AttributeData::Encoded(items) => {
                let encoded = |(format, data)| Value::Encoded { format, data };
                let mut items = items.into_iter().map(encoded);
                let value = items.next().unwrap_or(Value::Void);
                let set_point = items.next();
                if items.next().is_some() || (count > 1 && set_point.is_some()) {
                    let what = "arrays of DevEncoded in attributes".to_owned();
                    return Err(CdrError::Unsupported { what });
                }
                (value, set_point)
            }
        };
        if scalar {
            value = value.into_scalar();
            set_point = set_point.map(Value::into_scalar);
        }
        Ok((value, set_point))
    }
}
