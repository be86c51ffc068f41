use super::type_code::TypeCode;
use crate::cdr::{CdrError, Reader};
use crate::types::{DevState, Value};

/// Reads an any.
///
/// Types are told by their structure, not by their names, because peers may leave those empty:
/// a struct of longs and strings is a DevVarLongStringArray, an enumeration a DevState.
///
/// # Errors
/// The octets are not an any, or of a type that no command takes or gives.
pub fn read_any(reader: &mut Reader<'_>) -> Result<Value, CdrError> {
    let type_code = TypeCode::read(reader)?;
    Ok(match &type_code {
        TypeCode::Void => Value::Void,
        TypeCode::Short => Value::Short(reader.i16()?),
        TypeCode::Long => Value::Long(reader.i32()?),
        TypeCode::UShort => Value::UShort(reader.u16()?),
        TypeCode::ULong => Value::ULong(reader.u32()?),
        TypeCode::Float => Value::Float(reader.f32()?),
        TypeCode::Double => Value::Double(reader.f64()?),
        TypeCode::Boolean => Value::Bool(reader.bool()?),
        TypeCode::Octet => Value::UChar(reader.u8()?),
        TypeCode::Long64 => Value::Long64(reader.i64()?),
        TypeCode::ULong64 => Value::ULong64(reader.u64()?),
        TypeCode::String => Value::String(reader.string()?),
        TypeCode::Enumeration => Value::State(DevState::read(reader)?),
        TypeCode::Sequence(item) => read_sequence(reader, item)?,
        TypeCode::Struct(members) => read_struct(reader, members)?,
    })
}

fn read_sequence(reader: &mut Reader<'_>, item: &TypeCode) -> Result<Value, CdrError> {
    Ok(match item {
        TypeCode::Short => Value::Shorts(reader.i16s()?),
        TypeCode::Long => Value::Longs(reader.i32s()?),
        TypeCode::UShort => Value::UShorts(reader.u16s()?),
        TypeCode::ULong => Value::ULongs(reader.u32s()?),
        TypeCode::Float => Value::Floats(reader.f32s()?),
        TypeCode::Double => Value::Doubles(reader.f64s()?),
        TypeCode::Boolean => Value::Bools(reader.bools()?),
        TypeCode::Octet => Value::Chars(reader.bytes()?.to_vec()),
        TypeCode::Long64 => Value::Longs64(reader.i64s()?),
        TypeCode::ULong64 => Value::ULongs64(reader.u64s()?),
        TypeCode::String => Value::Strings(reader.strings()?),
        TypeCode::Enumeration => Value::States(reader.sequence(4, DevState::read)?),
        TypeCode::Void | TypeCode::Struct(_) | TypeCode::Sequence(_) => {
            return Err(CdrError::Unsupported {
                what: format!("an any of a sequence of {item}"),
            });
        }
    })
}

fn read_struct(reader: &mut Reader<'_>, members: &[TypeCode]) -> Result<Value, CdrError> {
    let is_sequence_of =
        |member: &TypeCode, item| matches!(member, TypeCode::Sequence(of) if **of == item);
    match members {
        [first, second] if is_sequence_of(second, TypeCode::String) => {
            if is_sequence_of(first, TypeCode::Long) {
                return Ok(Value::LongStrings(reader.i32s()?, reader.strings()?));
            }
            if is_sequence_of(first, TypeCode::Double) {
                return Ok(Value::DoubleStrings(reader.f64s()?, reader.strings()?));
            }
        }
        [TypeCode::String, octets] if is_sequence_of(octets, TypeCode::Octet) => {
            let format = reader.string()?;
            return Ok(Value::Encoded {
                format,
                data: reader.bytes()?.to_vec(),
            });
        }
        _ => {}
    }
    Err(CdrError::Unsupported {
        what: format!("an any of a struct of {} members", members.len()),
    })
}

#[cfg(test)]
mod tests;
