use super::*;
use crate::any::read_any;
use crate::cdr::{ByteOrder, Writer};
use crate::types::Value;

fn read(octets: &[u8], order: ByteOrder) -> Result<TypeCode, CdrError> {
    TypeCode::read(&mut Reader::new(octets, order))
}

/// Writes a reference to the TypeCode whose kind stands at `place`, counted as the writer counts.
fn refer(writer: &mut Writer, place: usize) {
    writer.u32(kind::INDIRECTION);
    let distance = place as i64 - writer.len() as i64;
    writer.i32(distance as i32);
}

/// Writes a struct, each member with `member`, and returns what that gave for each.
fn structure(writer: &mut Writer, members: usize, mut member: impl FnMut(&mut Writer, usize)) {
    writer.u32(kind::STRUCT);
    writer.encapsulation(|content| {
        content.string("");
        content.string("");
        content.count(members);
        for index in 0..members {
            content.string("");
            content.align(4);
            member(content, index);
        }
    });
}

fn sequence(writer: &mut Writer, item: impl FnOnce(&mut Writer)) {
    writer.u32(kind::SEQUENCE);
    writer.encapsulation(|content| {
        content.align(4);
        item(content);
        content.u32(0);
    });
}

#[test]
fn a_reference_stands_for_what_it_refers_to_in_both_orders() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        // the TypeCode does not begin the message: distances are within the stream
        let mut writer = Writer::new(order);
        writer.raw(&[0xee; 12]);
        let mut first = 0;
        structure(&mut writer, 3, |content, index| match index {
            0 => {
                first = content.len();
                sequence(content, |item| item.u32(kind::DOUBLE));
            }
            1 => refer(content, first),
            _ => sequence(content, |item| refer(item, first)),
        });
        let octets = writer.finish().unwrap();
        let mut reader = Reader::new(&octets, order);
        reader.take(12).unwrap();
        let doubles = TypeCode::Sequence(TypeCode::Double.into());
        let expected = [
            doubles.clone(),
            doubles.clone(),
            TypeCode::Sequence(doubles.into()),
        ];
        assert_eq!(
            TypeCode::read(&mut reader),
            Ok(TypeCode::Struct(expected.as_slice().into()))
        );
        assert_eq!(reader.remaining(), 0);
    }
}

#[test]
fn a_reference_may_lead_into_an_earlier_member() {
    // lvalue: sequence of longs, svalue: sequence of a string; the string first as an alias, whose
    // inner TypeCode is then referred to from another encapsulation
    let mut writer = Writer::new(ByteOrder::Big);
    let mut inner = 0;
    structure(&mut writer, 2, |content, index| {
        if index == 0 {
            content.u32(kind::ALIAS);
            content.encapsulation(|alias| {
                alias.string("IDL:Tango/DevString:1.0");
                alias.string("DevString");
                alias.align(4);
                inner = alias.len();
                alias.u32(kind::STRING);
                alias.u32(0);
            });
        } else {
            sequence(content, |item| refer(item, inner));
        }
    });
    let octets = writer.finish().unwrap();
    let strings = TypeCode::Sequence(TypeCode::String.into());
    assert_eq!(
        read(&octets, ByteOrder::Big),
        Ok(TypeCode::Struct([TypeCode::String, strings].into()))
    );
}

#[test]
fn an_any_whose_type_has_a_reference_is_read() {
    let mut writer = Writer::new(ByteOrder::Little);
    let mut longs = 0;
    structure(&mut writer, 2, |content, index| {
        if index == 0 {
            longs = content.len();
            sequence(content, |item| item.u32(kind::LONG));
        } else {
            sequence(content, |item| {
                item.u32(kind::STRING);
                item.u32(0);
            });
        }
    });
    writer.i32s(&[1, -2]);
    writer.strings(&["a"]);
    let octets = writer.finish().unwrap();
    let read = read_any(&mut Reader::new(&octets, ByteOrder::Little));
    let expected = Value::LongStrings(vec![1, -2], vec!["a".to_owned()]);
    assert_eq!(read, Ok(expected));
}

#[test]
fn references_to_nothing_forward_or_around_are_refused() {
    // to itself, to its kind, forward, before the TypeCode, and to the smallest of all numbers
    for distance in [-4, -8, 0, 4, 8, -1000, i32::MIN] {
        let mut writer = Writer::new(ByteOrder::Little);
        structure(&mut writer, 1, |content, _| {
            content.u32(kind::INDIRECTION);
            content.i32(distance);
        });
        let read = read(&writer.finish().unwrap(), ByteOrder::Little);
        assert!(
            matches!(read, Err(CdrError::Unsupported { .. })),
            "{distance}: {read:?}"
        );
    }
    // a sequence of itself: what is not complete cannot be referred to
    let mut writer = Writer::new(ByteOrder::Little);
    sequence(&mut writer, |item| refer(item, 0));
    let read_it = read(&writer.finish().unwrap(), ByteOrder::Little);
    assert!(
        matches!(read_it, Err(CdrError::Unsupported { .. })),
        "{read_it:?}"
    );
    // at the top there is nothing to refer to, not even another any before it
    let mut writer = Writer::new(ByteOrder::Little);
    writer.u32(kind::STRING);
    writer.u32(0);
    refer(&mut writer, 0);
    let octets = writer.finish().unwrap();
    let mut reader = Reader::new(&octets, ByteOrder::Little);
    assert_eq!(TypeCode::read(&mut reader), Ok(TypeCode::String));
    assert!(TypeCode::read(&mut reader).is_err());
}

#[test]
fn references_to_references_do_not_multiply() {
    // each struct has the one before it twice: 2^60 members if they were copied
    let mut writer = Writer::new(ByteOrder::Little);
    let mut last = 0;
    structure(&mut writer, 60, |content, index| {
        let here = content.len();
        if index == 0 {
            sequence(content, |item| item.u32(kind::LONG));
        } else {
            structure(content, 2, |pair, _| refer(pair, last));
        }
        last = here;
    });
    let octets = writer.finish().unwrap();
    let read_it = read(&octets, ByteOrder::Little).unwrap();
    assert_eq!(read_it.to_string(), "struct of 60 members");
    let error = read_any(&mut Reader::new(&octets, ByteOrder::Little)).unwrap_err();
    assert!(error.to_string().len() < 200, "{error}");
}

#[test]
fn a_type_of_too_many_types_is_refused() {
    let wide = |members| {
        let mut writer = Writer::new(ByteOrder::Little);
        structure(&mut writer, members, |content, _| content.u32(kind::LONG));
        read(&writer.finish().unwrap(), ByteOrder::Little)
    };
    assert!(wide(COUNT_LIMIT - 1).is_ok());
    let error = wide(COUNT_LIMIT);
    assert!(
        matches!(error, Err(CdrError::Unsupported { .. })),
        "{error:?}"
    );
}
