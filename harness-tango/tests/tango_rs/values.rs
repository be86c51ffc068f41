//! Values that go one way or the other are the same values.

use harness_core::device::{DeviceErrorKind, Quality};
use harness_core::{Device, Value};
use harness_tango::control_model::DevState;

use crate::device_of_types::{ECHOED, device, server};

/// Values at the edges of what a type holds; lists also empty, which `tango-client` must not see.
fn edges(command: &str) -> Vec<Value> {
    match command {
        "EchoBoolean" => vec![true.into(), false.into()],
        "EchoLong" => vec![i32::MIN.into(), 0.into(), i32::MAX.into()],
        "EchoLong64" => vec![i64::MIN.into(), i64::MAX.into()],
        "EchoDouble" => vec![5e-324.into(), (-1.5).into()],
        "EchoUShort" => vec![0.into(), 65535.into()],
        "EchoUChar" => vec![0.into(), 255.into()],
        "EchoString" => vec!["".into(), "nö ÿ".into(), "two\nlines".into()],
        "EchoState" => vec![DevState::On.into(), DevState::Unknown.into()],
        "EchoDoubles" => vec![Value::List(Vec::new()), [0.5, -2.0].into()],
        "EchoBooleans" => vec![Value::List(Vec::new()), [true, false].into()],
        "EchoStrings" => vec![Value::List(Vec::new()), ["", "nö"].into()],
        "EchoLongStrings" => vec![
            Value::List(vec![Value::List(Vec::new()), Value::List(Vec::new())]),
            Value::List(vec![[-1, 2].into(), ["one"].into()]),
        ],
        "EchoEncoded" => vec![
            Value::List(vec!["".into(), Value::Bytes(Vec::new())]),
            Value::List(vec!["raw".into(), Value::Bytes(vec![0, 255])]),
        ],
        other => panic!("{other} is not known here"),
    }
}

#[tokio::test]
async fn arguments_and_replies_of_every_type_are_the_same_both_ways() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    for (command, _) in ECHOED {
        for value in edges(command) {
            let by_cpp_tango = device.command(command, value.clone()).await;
            let by_wire = device.wire().command(command, value.clone()).await;
            assert_eq!(by_wire.unwrap(), value, "{command}");
            assert_eq!(by_cpp_tango.unwrap(), value, "{command}");
        }
    }
}

#[tokio::test]
async fn attributes_of_every_type_and_form_are_written_and_read_the_same_both_ways() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    let written: [(&str, Value); 14] = [
        ("boolean", true.into()),
        ("short", (-32768).into()),
        ("ulong64", u64::MAX.into()),
        ("uchar", 255.into()),
        ("float", 1.5.into()),
        ("double", (-0.25).into()),
        ("text", "nö ÿ".into()),
        ("text", "".into()),
        ("colour", "GREEN".into()),
        ("row", [0.5, 1.5].into()),
        ("row", Value::List(Vec::new())),
        ("words", ["", "nö"].into()),
        ("words", Value::List(Vec::new())),
        ("map", [[1, 2], [3, 4]].into()),
    ];
    for (name, value) in written {
        device.write(name, value.clone()).await.unwrap();
        let by_cpp_tango = device.read(name).await.unwrap();
        let by_wire = device.wire().read(name).await.unwrap();
        assert_eq!(by_cpp_tango.value, value, "{name}");
        assert_eq!(by_wire.value, value, "{name}");
        assert_eq!(by_cpp_tango.quality, Quality::Valid);
        assert!(by_cpp_tango.server_time.is_some() && by_wire.server_time.is_some());
    }
    let state = device.read("State").await.unwrap().value;
    assert_eq!(state, DevState::Standby.into());
}

/// The crate panics at such a value, which shows in the output of this test, once for each attribute.
#[tokio::test]
async fn a_value_of_invalid_quality_is_read_as_such() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    for name in ["double", "double", "text", "words", "row", "colour"] {
        let reading = device.read(name).await.unwrap();
        assert_eq!(
            (reading.value, reading.quality),
            (Value::Void, Quality::Invalid)
        );
    }
    device.write("double", 1.into()).await.unwrap();
    let reading = device.read("double").await.unwrap();
    assert_eq!((reading.value, reading.quality), (1.into(), Quality::Valid));
}

#[tokio::test]
async fn a_refusal_has_the_words_of_the_device_first_and_those_of_cpp_tango_last() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    let error = device.command("Fail", Value::Void).await.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::Refused);
    assert_eq!(
        error.to_string(),
        "test/types/1 refused Fail: as told (Types_Failed)"
    );
    let reasons: Vec<&str> = error.stack.iter().map(|it| it.reason.as_str()).collect();
    assert_eq!(reasons, ["Types_Failed", "API_CommandFailed"]);
    assert_eq!(error.stack[0].origin, "Fail");
}

#[tokio::test]
async fn what_tango_can_not_express_is_refused_and_nothing_is_cut_off() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    for text in ["behind this\0nothing", "5 €"] {
        let sent = device.command("EchoString", text.into()).await;
        assert_eq!(sent.unwrap_err().kind, DeviceErrorKind::NotSupported);
        let written = device.write("text", text.into()).await;
        assert_eq!(written.unwrap_err().kind, DeviceErrorKind::NotSupported);
    }
    for name in ["", "\0", "Echo\0Long", "Dance"] {
        assert!(device.command(name, Value::Void).await.is_err(), "{name:?}");
        assert!(device.read(name).await.is_err(), "{name:?}");
        assert!(device.property(name).await.is_err(), "{name:?}");
    }
}
