//! The device: its commands.

use std::time::{Duration, SystemTime};

use tango_wire::server::{EventError, ReadingToServe};
use tango_wire::{CommandInfo, DataType, DevFailed, Quality, Value};
use tokio::time::sleep;

use crate::everything::{Everything, WORDS, two_levels};
use crate::values::echoes;

/// What the device says about its commands.
pub(crate) fn declared() -> Vec<CommandInfo> {
    use DataType::{Double, Long, String, VarStringArray, Void};
    let mut all: Vec<CommandInfo> = echoes()
        .into_iter()
        .map(|(kind, _)| CommandInfo::new(kind.to_string().replace("Dev", "Echo"), kind, kind))
        .collect();
    for (name, input, output) in [
        ("Peer", Void, VarStringArray),
        ("Lacks", Void, VarStringArray),
        ("EchoVoid", Void, Void),
        ("Slow", Double, Void),
        ("Fail", String, Void),
        ("Crash", String, Void),
        ("Push", VarStringArray, Void),
        ("PushAlternately", Long, Void),
        ("PushError", String, Void),
        ("PushInvalid", String, Void),
        ("PushAndDie", Long, Void),
    ] {
        all.push(CommandInfo::new(name, input, output));
    }
    all
}

pub(crate) async fn run(
    device: &Everything,
    name: &str,
    argument: Value,
) -> Result<Value, DevFailed> {
    match (name, argument) {
        ("Peer", _) => Ok(words(["tango-wire", env!("CARGO_PKG_VERSION"), ""])),
        ("Lacks", _) => Ok(words(["kinds of events but change"])),
        ("Slow", Value::Double(seconds)) => {
            sleep(Duration::from_secs_f64(seconds)).await;
            Ok(Value::Void)
        }
        ("Fail", Value::String(words)) => Err(two_levels(&words)),
        ("Crash", Value::String(words)) => panic!("{words}{WORDS}"),
        ("Push", Value::Strings(arguments)) => push(device, &arguments).await,
        ("PushAlternately", Value::Long(times)) => alternately(device, times),
        ("PushError", Value::String(kind)) => {
            is_change(&kind)?;
            let failure = DevFailed::new("Everything_Pushed", "pushed nö", "everything.PushError");
            pushed(device.events.push_error(&device.name, "count", &failure))
        }
        ("PushInvalid", Value::String(kind)) => {
            is_change(&kind)?;
            push_reading(device, "invalid", ReadingToServe::invalid())
        }
        ("PushAndDie", Value::Long(times)) => {
            for number in 1..=times {
                push_reading(device, "count", Value::Long(number).into())?;
            }
            sleep(Duration::from_millis(200)).await;
            std::process::abort()
        }
        (_, argument) => Ok(argument),
    }
}

/// Pushes events back to back: kind, attribute, how many.
async fn push(device: &Everything, arguments: &[String]) -> Result<Value, DevFailed> {
    let [kind, attribute, times] = arguments else {
        return Err(wrong("kind, attribute and how many are due"));
    };
    is_change(kind)?;
    let times: i32 = times.parse().map_err(|_| wrong("how many is no number"))?;
    for number in 1..=times {
        device.set_number(number);
        push_reading(device, attribute, device.reading(attribute)?)?;
    }
    Ok(Value::Void)
}

/// Pushes change events of three attributes in turn.
fn alternately(device: &Everything, times: i32) -> Result<Value, DevFailed> {
    for number in 1..=times {
        device.set_number(number);
        for attribute in ["count", "text", "row"] {
            let value = device.reading(attribute)?.value;
            let now = SystemTime::now();
            pushed(
                device
                    .events
                    .push_change(&device.name, attribute, value, Quality::Valid, now),
            )?;
        }
    }
    Ok(Value::Void)
}

fn push_reading(
    device: &Everything,
    attribute: &str,
    reading: ReadingToServe,
) -> Result<Value, DevFailed> {
    pushed(device.events.push_reading(&device.name, attribute, reading))
}

fn pushed(outcome: Result<(), EventError>) -> Result<Value, DevFailed> {
    outcome
        .map(|()| Value::Void)
        .map_err(|error| wrong(&error.to_string()))
}

/// Room for more: the other kinds of events, once the server can push them.
fn is_change(kind: &str) -> Result<(), DevFailed> {
    match kind {
        "change" => Ok(()),
        other => Err(DevFailed::new(
            "Everything_NoSuchKind",
            other,
            "everything.Push",
        )),
    }
}

fn wrong(words: &str) -> DevFailed {
    DevFailed::new("Everything_Wrong", words, "everything")
}

fn words<const N: usize>(words: [&str; N]) -> Value {
    Value::Strings(words.map(str::to_owned).to_vec())
}
