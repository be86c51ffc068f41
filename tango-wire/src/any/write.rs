use super::type_code::kind;
use crate::cdr::Writer;
use crate::types::{DevState, Value};

/// Writes an any, its type described in full as omniORB does.
pub fn write_any(writer: &mut Writer, value: &Value) {
    macro_rules! basic {
        ($kind:ident, $write:ident, $value:expr) => {{
            writer.u32(kind::$kind);
            writer.$write($value)
        }};
    }
    macro_rules! array {
        ($name:literal, $kind:ident, $write:ident, $items:expr) => {{
            array_type(writer, $name, kind::$kind);
            writer.$write($items)
        }};
    }
    match value {
        Value::Void => writer.u32(kind::NULL),
        Value::Bool(value) => basic!(BOOLEAN, bool, *value),
        Value::Short(value) => basic!(SHORT, i16, *value),
        Value::Long(value) => basic!(LONG, i32, *value),
        Value::Long64(value) => basic!(LONG64, i64, *value),
        Value::Float(value) => basic!(FLOAT, f32, *value),
        Value::Double(value) => basic!(DOUBLE, f64, *value),
        Value::UChar(value) => basic!(OCTET, u8, *value),
        Value::UShort(value) => basic!(USHORT, u16, *value),
        Value::ULong(value) => basic!(ULONG, u32, *value),
        Value::ULong64(value) => basic!(ULONG64, u64, *value),
        Value::String(value) => {
            string_type(writer);
            writer.string(value);
        }
        Value::State(state) => {
            state_type(writer);
            state.write(writer);
        }
        Value::Bools(items) => array!("DevVarBooleanArray", BOOLEAN, bools, items),
        Value::Shorts(items) => array!("DevVarShortArray", SHORT, i16s, items),
        Value::Longs(items) => array!("DevVarLongArray", LONG, i32s, items),
        Value::Longs64(items) => array!("DevVarLong64Array", LONG64, i64s, items),
        Value::Floats(items) => array!("DevVarFloatArray", FLOAT, f32s, items),
        Value::Doubles(items) => array!("DevVarDoubleArray", DOUBLE, f64s, items),
        Value::Chars(items) => array!("DevVarCharArray", OCTET, bytes, items),
        Value::UShorts(items) => array!("DevVarUShortArray", USHORT, u16s, items),
        Value::ULongs(items) => array!("DevVarULongArray", ULONG, u32s, items),
        Value::ULongs64(items) => array!("DevVarULong64Array", ULONG64, u64s, items),
        Value::Strings(items) => array!("DevVarStringArray", STRING, strings, items),
        Value::States(items) => {
            alias_type(writer, "DevVarStateArray", |writer| {
                writer.u32(kind::SEQUENCE);
                writer.encapsulation(|writer| {
                    state_type(writer);
                    writer.u32(0);
                });
            });
            writer.sequence(items, |writer, state| state.write(writer));
        }
        Value::LongStrings(longs, strings) => {
            struct_type(
                writer,
                "DevVarLongStringArray",
                ["lvalue", "svalue"],
                |writer, member| match member {
                    0 => array_type(writer, "DevVarLongArray", kind::LONG),
                    _ => array_type(writer, "DevVarStringArray", kind::STRING),
                },
            );
            writer.i32s(longs);
            writer.strings(strings);
        }
        Value::DoubleStrings(doubles, strings) => {
            struct_type(
                writer,
                "DevVarDoubleStringArray",
                ["dvalue", "svalue"],
                |writer, member| match member {
                    0 => array_type(writer, "DevVarDoubleArray", kind::DOUBLE),
                    _ => array_type(writer, "DevVarStringArray", kind::STRING),
                },
            );
            writer.f64s(doubles);
            writer.strings(strings);
        }
        Value::Encoded { format, data } => {
            let names = ["encoded_format", "encoded_data"];
            struct_type(writer, "DevEncoded", names, |writer, member| match member {
                0 => alias_type(writer, "DevString", string_type),
                _ => array_type(writer, "DevVarCharArray", kind::OCTET),
            });
            writer.string(format);
            writer.bytes(data);
        }
    }
}

/// Writes a repository id and the name it ends in.
fn identity(writer: &mut Writer, name: &str) {
    writer.string(&format!("IDL:Tango/{name}:1.0"));
    writer.string(name);
}

fn string_type(writer: &mut Writer) {
    writer.u32(kind::STRING);
    writer.u32(0); // unbounded
}

fn state_type(writer: &mut Writer) {
    writer.u32(kind::ENUM);
    writer.encapsulation(|writer| {
        identity(writer, "DevState");
        writer.strings(&DevState::names());
    });
}

fn alias_type(writer: &mut Writer, name: &str, of: impl FnOnce(&mut Writer)) {
    writer.u32(kind::ALIAS);
    writer.encapsulation(|writer| {
        identity(writer, name);
        of(writer);
    });
}

fn array_type(writer: &mut Writer, name: &str, item: u32) {
    alias_type(writer, name, |writer| {
        writer.u32(kind::SEQUENCE);
        writer.encapsulation(|writer| {
            if item == kind::STRING {
                string_type(writer);
            } else {
                writer.u32(item);
            }
            writer.u32(0); // unbounded
        });
    });
}

/// Describes a struct of two members; `member_type` describes the member of that number.
fn struct_type(
    writer: &mut Writer,
    name: &str,
    members: [&str; 2],
    member_type: impl Fn(&mut Writer, usize),
) {
    writer.u32(kind::STRUCT);
    writer.encapsulation(|writer| {
        identity(writer, name);
        writer.count(members.len());
        for (index, member) in members.into_iter().enumerate() {
            writer.string(member);
            member_type(writer, index);
        }
    });
}
