//! Values that go one way or the other are the same values.

use harness_core::device::{DeviceErrorKind, Quality};
use harness_core::{Device, Value};
use harness_tango::control_model::DevState;
use harness_tango::device::TangoRsDevice;

use crate::device_of_types::{ECHOED, ECHOED_BY_WIRE, device, given, server};

/// Values at the edges of what a type holds; lists also empty, which `tango-client` must not see.
fn edges(command: &str) -> Vec<Value> {
    match command {
        "EchoBoolean" => vec![true.into(), false.into()],
        "EchoShort" => vec![i16::MIN.into(), i16::MAX.into()],
        "EchoFloat" => vec![0.5.into(), (-1.5).into()],
        "EchoULong" => vec![0.into(), u32::MAX.into()],
        "EchoULong64" => vec![0.into(), u64::MAX.into()],
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

/// Has it echo values of this type, each by both ways; `calls` of them through cppTango.
async fn echoed(device: &TangoRsDevice, command: &str, calls: u64) {
    for value in edges(command) {
        let before = device.calls_through_cpp_tango();
        let echoed = device.command(command, value.clone()).await;
        assert_eq!(echoed.unwrap(), value, "{command}");
        let made = device.calls_through_cpp_tango() - before;
        assert_eq!(made, calls, "calls of {command} through cppTango");
        let by_wire = device.wire().command(command, value.clone()).await;
        assert_eq!(by_wire.unwrap(), value, "{command} by wire");
    }
}

#[tokio::test]
async fn numbers_truth_values_and_texts_go_through_cpp_tango_and_come_back_the_same() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    for (command, _) in ECHOED {
        echoed(&device, command, 1).await;
    }
}

#[tokio::test]
async fn what_cpp_tango_is_not_given_goes_through_the_wire_and_comes_back_the_same() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    for (command, _) in ECHOED_BY_WIRE {
        echoed(&device, command, 0).await;
    }
}

#[tokio::test]
async fn states_and_texts_with_numbers_come_through_cpp_tango_whether_empty_or_not() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    for (name, _, _) in given() {
        let (give, tell) = (format!("Give{name}"), format!("Tell{name}"));
        let calls = [
            (&give, Value::Void),
            (&tell, "full".into()),
            (&tell, "empty".into()),
        ];
        for (command, argument) in calls {
            let before = device.calls_through_cpp_tango();
            let reply = device.command(command, argument.clone()).await.unwrap();
            assert_eq!(device.calls_through_cpp_tango(), before + 1, "{command}");
            let by_wire = device.wire().command(command, argument).await;
            assert_eq!(reply, by_wire.unwrap(), "{command}");
        }
    }
    let empty = device.command("TellStrings", "empty".into()).await;
    assert_eq!(empty.unwrap(), Value::List(Vec::new()));
    let nothing = device.command("TellLongStrings", "empty".into()).await;
    let list = || Value::List(Vec::new());
    assert_eq!(nothing.unwrap(), Value::List(vec![list(), list()]));
}

/// An attribute, a value for it, and how many of a write and a read of it go through cppTango.
fn written() -> [(&'static str, Value, u64); 14] {
    [
        ("boolean", true.into(), 2),
        ("short", (-32768).into(), 2),
        ("ulong64", u64::MAX.into(), 2),
        ("uchar", 255.into(), 2),
        ("float", 1.5.into(), 2),
        ("double", (-0.25).into(), 2),
        ("text", "nö ÿ".into(), 2),
        ("text", "".into(), 2),
        ("colour", "GREEN".into(), 0),
        ("row", [0.5, 1.5].into(), 0),
        ("row", Value::List(Vec::new()), 0),
        ("words", ["", "nö"].into(), 1),
        ("words", Value::List(Vec::new()), 1),
        ("map", [[1, 2], [3, 4]].into(), 0),
    ]
}

#[tokio::test]
async fn attributes_of_every_type_and_form_are_written_and_read_the_same_both_ways() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    for (name, value, calls) in written() {
        let before = device.calls_through_cpp_tango();
        device.write(name, value.clone()).await.unwrap();
        let reading = device.read(name).await.unwrap();
        let made = device.calls_through_cpp_tango() - before;
        assert_eq!(made, calls, "calls for {name} through cppTango");
        let by_wire = device.wire().read(name).await.unwrap();
        assert_eq!(reading.value, value, "{name}");
        assert_eq!(by_wire.value, value, "{name}");
        assert_eq!(reading.quality, Quality::Valid);
        assert!(reading.server_time.is_some() && by_wire.server_time.is_some());
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
    let before = device.calls_through_cpp_tango();
    let reading = device.read("double").await.unwrap();
    assert_eq!((reading.value, reading.quality), (1.into(), Quality::Valid));
    let made = device.calls_through_cpp_tango() - before;
    assert_eq!(made, 0, "it was not left to the wire");
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
