//! The device: its commands.

use std::time::{Duration, SystemTime};

use tango_wire::server::{EventError, ReadingToServe};
use tango_wire::types::EventKind;
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
        ("AddAttribute", String, Void),
        ("RemoveAttribute", String, Void),
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
        ("Lacks", _) => Ok(Value::Strings(Vec::new())),
        ("Slow", Value::Double(seconds)) => {
            sleep(Duration::from_secs_f64(seconds)).await;
            Ok(Value::Void)
        }
        ("Fail", Value::String(words)) => Err(two_levels(&words)),
        ("Crash", Value::String(words)) => panic!("{words}{WORDS}"),
        ("Push", Value::Strings(arguments)) => push(device, &arguments).await,
        ("PushAlternately", Value::Long(times)) => alternately(device, times),
        ("PushError", Value::String(kind)) => {
            let failure = DevFailed::new("Everything_Pushed", "pushed nö", "everything.PushError");
            let (name, kind) = (&device.name, kind_of(&kind)?);
            pushed(
                device
                    .events
                    .push_event_error(kind, name, "count", &failure),
            )
        }
        ("PushInvalid", Value::String(kind)) => push_reading(
            device,
            kind_of(&kind)?,
            "invalid",
            ReadingToServe::invalid(),
        ),
        ("AddAttribute", Value::String(name)) => {
            device.add(name);
            changed(device)
        }
        ("RemoveAttribute", Value::String(name)) => {
            device.remove(&name);
            changed(device)
        }
        ("PushAndDie", Value::Long(times)) => {
            for number in 1..=times {
                let reading = Value::Long(number).into();
                push_reading(device, EventKind::Change, "count", reading)?;
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
    let kind = kind_of(kind)?;
    let times: i32 = times.parse().map_err(|_| wrong("how many is no number"))?;
    for number in 1..=times {
        device.set_number(number);
        if kind == EventKind::DataReady {
            pushed(
                device
                    .events
                    .push_data_ready(&device.name, attribute, number),
            )?;
        } else {
            push_reading(device, kind, attribute, device.reading(attribute)?)?;
        }
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
    kind: EventKind,
    attribute: &str,
    reading: ReadingToServe,
) -> Result<Value, DevFailed> {
    pushed(
        device
            .events
            .push_event(kind, &device.name, attribute, reading),
    )
}

/// Says that the attributes are others now.
fn changed(device: &Everything) -> Result<Value, DevFailed> {
    pushed(device.events.interface_changed(&device.name).map(|_| ()))
}

fn pushed(outcome: Result<(), EventError>) -> Result<Value, DevFailed> {
    outcome
        .map(|()| Value::Void)
        .map_err(|error| wrong(&error.to_string()))
}

/// The kind of events that a word of the commands' arguments stands for.
fn kind_of(word: &str) -> Result<EventKind, DevFailed> {
    Ok(match word {
        "change" => EventKind::Change,
        "archive" => EventKind::Archive,
        "alarm" => EventKind::Alarm,
        "user" => EventKind::User,
        "data_ready" => EventKind::DataReady,
        other => {
            return Err(DevFailed::new(
                "Everything_NoSuchKind",
                other,
                "everything.Push",
            ));
        }
    })
}

fn wrong(words: &str) -> DevFailed {
    DevFailed::new("Everything_Wrong", words, "everything")
}

fn words<const N: usize>(words: [&str; N]) -> Value {
    Value::Strings(words.map(str::to_owned).to_vec())
}
