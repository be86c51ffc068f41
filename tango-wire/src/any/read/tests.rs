use super::*;
use crate::any::write_any;
use crate::cdr::{ByteOrder, Writer};
use proptest::prelude::*;

fn written(value: &Value, order: ByteOrder) -> Vec<u8> {
    let mut writer = Writer::new(order);
    write_any(&mut writer, value);
    writer.finish().unwrap()
}

fn read(octets: &[u8]) -> Result<Value, CdrError> {
    read_any(&mut Reader::new(octets, ByteOrder::Little))
}

fn text() -> impl Strategy<Value = String> {
    "[ -~]{0,12}"
}

fn state() -> impl Strategy<Value = DevState> {
    (0..14u32).prop_map(|number| DevState::try_from(number).unwrap())
}

fn value() -> impl Strategy<Value = Value> {
    let texts = || proptest::collection::vec(text(), 0..6);
    prop_oneof![
        Just(Value::Void),
        any::<bool>().prop_map(Value::Bool),
        any::<i16>().prop_map(Value::Short),
        any::<i32>().prop_map(Value::Long),
        any::<i64>().prop_map(Value::Long64),
        (-1e9..1e9f32).prop_map(Value::Float),
        (-1e9..1e9f64).prop_map(Value::Double),
        any::<u8>().prop_map(Value::UChar),
        any::<u16>().prop_map(Value::UShort),
        any::<u32>().prop_map(Value::ULong),
        any::<u64>().prop_map(Value::ULong64),
        text().prop_map(Value::String),
        state().prop_map(Value::State),
        (text(), any::<Vec<u8>>()).prop_map(|(format, data)| Value::Encoded { format, data }),
        any::<Vec<bool>>().prop_map(Value::Bools),
        any::<Vec<i16>>().prop_map(Value::Shorts),
        any::<Vec<i32>>().prop_map(Value::Longs),
        any::<Vec<i64>>().prop_map(Value::Longs64),
        proptest::collection::vec(-1e9..1e9f32, 0..9).prop_map(Value::Floats),
        proptest::collection::vec(-1e9..1e9f64, 0..9).prop_map(Value::Doubles),
        any::<Vec<u8>>().prop_map(Value::Chars),
        any::<Vec<u16>>().prop_map(Value::UShorts),
        any::<Vec<u32>>().prop_map(Value::ULongs),
        any::<Vec<u64>>().prop_map(Value::ULongs64),
        texts().prop_map(Value::Strings),
        proptest::collection::vec(state(), 0..6).prop_map(Value::States),
        (any::<Vec<i32>>(), texts()).prop_map(|(longs, texts)| Value::LongStrings(longs, texts)),
        (proptest::collection::vec(-1e9..1e9f64, 0..6), texts())
            .prop_map(|(doubles, texts)| Value::DoubleStrings(doubles, texts)),
    ]
}

#[test]
fn simple_values_are_written_as_omniorb_writes_them() {
    assert_eq!(written(&Value::Void, ByteOrder::Little), [0; 4]);
    let string = b"\x12\0\0\0\0\0\0\0\x03\0\0\0ab\0";
    assert_eq!(
        written(&Value::String("ab".to_owned()), ByteOrder::Little),
        string
    );
    // the TypeCode of DevState takes 220 octets, that of DevVarLongStringArray 8 + 0x11c
    assert_eq!(
        written(&Value::State(DevState::Fault), ByteOrder::Little).len(),
        220 + 4
    );
    let pair = written(&Value::LongStrings(vec![], vec![]), ByteOrder::Little);
    assert_eq!(pair[..8], [15, 0, 0, 0, 0x1c, 1, 0, 0]);
    assert_eq!(pair.len(), 8 + 0x11c + 8);
}

#[test]
fn void_and_bare_and_nameless_types_are_read() {
    assert_eq!(read(&[1, 0, 0, 0]), Ok(Value::Void));
    let mut bare = Writer::new(ByteOrder::Little);
    bare.u32(19);
    bare.encapsulation(|inner| {
        inner.u32(18);
        inner.u32(0);
        inner.u32(0);
    });
    bare.strings(&["a"]);
    assert_eq!(
        read(&bare.finish().unwrap()),
        Ok(Value::Strings(vec!["a".to_owned()]))
    );
}

#[test]
fn types_without_end_and_types_unknown_are_errors() {
    fn nest(writer: &mut Writer, depth: usize) {
        writer.u32(19);
        writer.encapsulation(|inner| {
            if depth > 0 {
                nest(inner, depth - 1);
            }
        });
    }
    let mut writer = Writer::new(ByteOrder::Little);
    nest(&mut writer, 40);
    let error = read(&writer.finish().unwrap());
    assert_eq!(error, Err(CdrError::NestedTooDeep { limit: 16 }));
    assert!(matches!(
        read(&[0xff; 8]),
        Err(CdrError::Unsupported { .. })
    ));
    assert!(matches!(
        read(&[14, 0, 0, 0]),
        Err(CdrError::Unsupported { .. })
    ));
    let mut state = written(&Value::State(DevState::On), ByteOrder::Little);
    *state.last_mut().unwrap() = 1;
    assert!(matches!(
        read(&state),
        Err(CdrError::Unknown {
            what: "device state",
            ..
        })
    ));
}

proptest! {
    #[test]
    fn every_value_comes_back_in_both_orders(value in value(), offset in 0usize..8) {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let mut writer = Writer::new(order);
            writer.raw(&vec![0; offset]);
            write_any(&mut writer, &value);
            let octets = writer.finish().unwrap();
            let mut reader = Reader::new(&octets, order);
            reader.take(offset).unwrap();
            prop_assert_eq!(read_any(&mut reader).unwrap(), value.clone());
            prop_assert_eq!(reader.remaining(), 0);
        }
    }

    #[test]
    fn damaged_values_are_read_without_panic(value in value(), at: usize, with: u8, cut: usize) {
        let mut octets = written(&value, ByteOrder::Little);
        let length = octets.len();
        octets[at % length] = with;
        octets.truncate(cut % (length + 1));
        let _ = read(&octets);
    }

    #[test]
    fn any_octets_are_read_without_panic(octets: Vec<u8>) {
        let _ = read(&octets);
    }
}
