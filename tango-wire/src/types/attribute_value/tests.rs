use super::*;
use crate::cdr::ByteOrder;
use crate::types::DevState;
use proptest::prelude::*;
use std::time::Duration;

fn round_trip(value: &AttributeValue, version: AttributeVersion, order: ByteOrder) {
    let mut writer = Writer::new(order);
    value.write(&mut writer, version);
    let octets = writer.finish().unwrap();
    let mut reader = Reader::new(&octets, order);
    assert_eq!(
        AttributeValue::read(&mut reader, version).as_ref(),
        Ok(value)
    );
    assert_eq!(reader.remaining(), 0);
}

fn reading(value: Value) -> AttributeReading {
    AttributeReading::new(
        "power",
        value,
        UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789),
    )
}

#[test]
fn readings_of_every_shape_come_back() {
    let image = AttributeReading {
        format: AttributeFormat::Image,
        dimension: (3, 2),
        ..reading(Value::UShorts((0..6).collect()))
    };
    let writable_image = image
        .clone()
        .with_set_point(Value::UShorts((0..8).collect()), Some(2));
    let writable = AttributeReading {
        quality: Quality::Changing,
        ..reading(Value::Double(1.5)).with_set_point(Value::Double(2.0), None)
    };
    let writable_row = reading(Value::Strings(vec!["a".to_owned(), "b".to_owned()]))
        .with_set_point(Value::Strings(vec!["c".to_owned()]), None);
    assert_eq!(writable_image.set_point_dimension, (2, 4));
    assert_eq!(writable.set_point_dimension, (1, 0));
    assert_eq!(writable_row.set_point_dimension, (1, 0));
    let encoded = Value::Encoded {
        format: "json".to_owned(),
        data: b"{}\x00\xff".to_vec(),
    };
    for reading in [
        image,
        writable_image,
        writable,
        writable_row,
        reading(Value::State(DevState::Fault)),
        reading(Value::States(vec![DevState::On, DevState::Alarm])),
        reading(Value::Bool(true)),
        reading(Value::Longs64(vec![])),
        reading(encoded),
        AttributeReading {
            quality: Quality::Invalid,
            ..reading(Value::Void)
        },
    ] {
        let value = AttributeValue {
            name: reading.name.clone(),
            outcome: Ok(reading),
        };
        for order in [ByteOrder::Little, ByteOrder::Big] {
            round_trip(&value, AttributeVersion::Five, order);
            round_trip(&value, AttributeVersion::Four, order);
        }
    }
}

#[test]
fn a_failed_reading_keeps_its_stack() {
    let failure = DevFailed::new("API_AttrNotFound", "no such attribute", "device.cpp");
    let value = AttributeValue {
        name: "nothing".to_owned(),
        outcome: Err(failure),
    };
    round_trip(&value, AttributeVersion::Five, ByteOrder::Little);
}

#[test]
fn a_scalar_without_a_value_has_no_set_point_on_its_way_and_an_empty_spectrum_has() {
    let written = |reading: &AttributeReading| {
        let mut writer = Writer::new(ByteOrder::Little);
        reading.write(&mut writer, AttributeVersion::Five);
        writer.finish().unwrap()
    };
    let read = |octets: &[u8]| {
        let mut reader = Reader::new(octets, ByteOrder::Little);
        let value = AttributeValue::read(&mut reader, AttributeVersion::Five).unwrap();
        value.outcome.unwrap()
    };
    // what came with dimensions of 0 in front of its only item
    let mut octets = written(&reading(Value::Double(1.5)));
    let dimensions = octets.len() - 20;
    octets[dimensions] = 0;
    octets[dimensions + 8] = 1;
    let odd = read(&octets);
    assert_eq!(odd.value, Value::Void);
    assert_eq!(odd.set_point, Some(Value::Double(1.5)));
    assert_eq!(odd.set_point_dimension, (1, 0));
    // goes out as cppTango sends what has no value: nothing, and all dimensions 0
    let again = read(&written(&odd));
    assert_eq!((again.value, again.set_point), (Value::Void, None));
    assert_eq!(again.dimension, (0, 0));
    let octets = written(&odd);
    assert_eq!(octets[..4], [14, 0, 0, 0]);
    assert_eq!(octets[octets.len() - 20..], [0; 20]);

    let empty = reading(Value::Doubles(vec![]));
    let empty = empty.with_set_point(Value::Doubles(vec![1.0, 2.0]), None);
    assert_eq!(read(&written(&empty)), empty);
}

#[test]
fn an_enumeration_travels_as_a_short_with_its_own_type() {
    // obsState = 1 as PyTango 10.3 sent it, its garbage padding included
    let octets = b"\x01\0\0\0\x01\0\0\0\x01\0\xdb\x17\0\0\0\0\0\0\0\0\x1d\0\0\0\x8e\xac\0\x6b\
        \x0d\x42\0\0\xde\x02\0\0\x09\0\0\0obsState\0\x06\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
        \0\0\0\0";
    let mut reader = Reader::new(octets, ByteOrder::Little);
    let value = AttributeValue::read(&mut reader, AttributeVersion::Five).unwrap();
    let reading = value.outcome.unwrap();
    assert_eq!(value.name, "obsState");
    assert_eq!(reading.value, Value::Short(1));
    assert_eq!(reading.data_type, DataType::Enum);
    assert_eq!(reading.set_point, None);
    assert_eq!(reading.dimension, (1, 0));
    assert_eq!(
        reading.time,
        UNIX_EPOCH + Duration::new(0x6b00_ac8e, 0x420d * 1000 + 0x2de)
    );
    assert_eq!(reader.remaining(), 0);
}

proptest! {
    #[test]
    fn any_octets_are_read_without_panic(octets: Vec<u8>, branch in 0u8..16, five: bool) {
        let version = if five { AttributeVersion::Five } else { AttributeVersion::Four };
        let _ = AttributeValue::read(&mut Reader::new(&octets, ByteOrder::Little), version);
        let directed = [&[branch, 0, 0, 0][..], &octets].concat();
        let _ = AttributeValue::read(&mut Reader::new(&directed, ByteOrder::Little), version);
    }
}
