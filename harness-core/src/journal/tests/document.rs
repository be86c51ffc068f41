//! Holds `docs/journal.md` to what is really written.

use std::time::{Duration, SystemTime};

use serde_json::Value as Json;

use super::super::{EntryKind, Journal, LogLine, Phase, SCHEMA_VERSION};
use super::file::Shelf;
use crate::device::{DeviceErrorKind, StackFrame};
use crate::value::EnumValue;
use crate::{DeviceError, Event, Reading, Signal, Value};

const DOCUMENT: &str = include_str!("../../../../docs/journal.md");
const SUBARRAY: &str = "low-tmc/subarray/01";
const ID: &str = "1700000000.1_1_Configure";
const EXECUTING: &str =
    r#"{"uid": "1700000000.1_1_Configure", "name": "Configure", "progress": 33}"#;

/// The heading under which a kind of entry is described. A new kind must be added to the document.
fn heading(kind: &EntryKind) -> &'static str {
    match kind {
        EntryKind::Command { .. } => "### `command`",
        EntryKind::Reply { .. } => "### `reply`",
        EntryKind::Event(event) => match event.signal {
            Signal::Initial(_) => "`initial`",
            Signal::Change(_) => "`change`",
            Signal::Error(_) => "`error`",
            Signal::Lost { .. } => "`lost`",
            Signal::StillLost { .. } => "`still_lost`",
            Signal::Gap { .. } => "`gap`",
            Signal::Back(_) => "`back`",
        },
        EntryKind::Log(_) => "### `log`",
        EntryKind::State { .. } => "### `state`",
        EntryKind::Step { .. } => "### `step`",
        EntryKind::Fault { .. } => "### `fault`",
        EntryKind::Note { .. } => "### `note`",
    }
}

/// The entries of which the document shows the lines, in its order.
fn examples() -> Vec<EntryKind> {
    let member = |number, label| Value::Enum(EnumValue::labelled(number, label));
    let taken = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let reading = |number, label| Reading::new(member(number, label)).with_server_time(taken);
    let event = |signal, previous| {
        let attribute = match &signal {
            Signal::Change(reading) if reading.value.as_str().is_none() => "lrcExecuting",
            _ => "obsState",
        };
        EntryKind::Event(Event::new(
            SUBARRAY.into(),
            attribute.into(),
            signal,
            previous,
        ))
    };
    let refused = DeviceError::refused(SUBARRAY, "Configure")
        .with_frame(StackFrame::new("CommandNotAllowed", "not in EMPTY"));
    let silent = DeviceError::new(DeviceErrorKind::TimedOut, SUBARRAY, "read obsState");
    let reply = |to, outcome| EntryKind::Reply {
        device: SUBARRAY.into(),
        command: "Configure".into(),
        to,
        outcome,
    };
    let step = |phase| EntryKind::Step {
        name: "Configure on low-tmc/subarray/01".into(),
        phase,
    };
    let fault = |phase| EntryKind::Fault {
        description: "low-csp/subarray/01 answers nothing".into(),
        phase,
    };
    let accepted = Value::from(vec![Value::from([2]), Value::from([ID])]);
    let executing = Value::from([EXECUTING]);
    vec![
        step(Phase::Started),
        EntryKind::Command {
            device: SUBARRAY.into(),
            command: "Configure".into(),
            argument: "{\"scan_type\": \"target:a\"}".into(),
        },
        reply(1, Ok(accepted)),
        reply(1, Err(refused)),
        event(Signal::Initial(reading(2, "IDLE")), None),
        event(
            Signal::Change(reading(3, "CONFIGURING")),
            Some(member(2, "IDLE")),
        ),
        event(
            Signal::Change(Reading::new(executing)),
            Some(Value::from(Vec::<Value>::new())),
        ),
        event(Signal::Error(silent), Some(member(3, "CONFIGURING"))),
        event(
            Signal::Lost {
                reason: "the server closed the connection".into(),
            },
            Some(member(3, "CONFIGURING")),
        ),
        event(
            Signal::StillLost {
                lasting: Duration::from_secs(10),
                reason: "connection refused".into(),
            },
            Some(member(3, "CONFIGURING")),
        ),
        event(
            Signal::Gap {
                missed: Some(2),
                reason: "the counter jumped from 7 to 10".into(),
            },
            Some(member(3, "CONFIGURING")),
        ),
        event(
            Signal::Back(reading(4, "READY")),
            Some(member(3, "CONFIGURING")),
        ),
        step(Phase::Finished),
        step(Phase::Failed {
            reason: "Configure on low-tmc/subarray/01: what was expected was not seen within 30s"
                .into(),
        }),
        EntryKind::State {
            subject: SUBARRAY.into(),
            state: "READY".into(),
        },
        fault(Phase::Started),
        fault(Phase::Finished),
        EntryKind::Note {
            text: "Given subarray 1 is in obsState READY".into(),
        },
        EntryKind::Log(
            LogLine::new(SUBARRAY, "INFO", "Transaction[txn-1]: Enter[Configure]").at(taken),
        ),
    ]
}

/// What differs from run to run is made the same.
fn without_times(mut line: Json) -> Json {
    for time in ["wall", "started", "at_seconds", "harness"] {
        if let Some(value) = line.get_mut(time) {
            *value = Json::Null;
        }
    }
    line
}

fn documented() -> Vec<Json> {
    let mut blocks = DOCUMENT.split("```json\n");
    blocks.next();
    let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

async fn written() -> Vec<Json> {
    let shelf = Shelf::default();
    let journal = Journal::new().with_narrator(|kind: &EntryKind| match kind {
        EntryKind::Event(event) if &*event.attribute == "lrcExecuting" => {
            Some(format!("Configure (id {ID}): IN_PROGRESS, 33 %"))
        }
        EntryKind::Reply { outcome: Ok(_), .. } => {
            Some(format!("Configure answered QUEUED, id {ID}"))
        }
        _ => None,
    });
    journal.write_to(shelf.clone()).unwrap();
    for kind in examples() {
        journal.append(kind);
    }
    journal.flush().await.unwrap();
    shelf.lines()
}

#[tokio::test]
async fn every_example_of_the_document_is_what_is_written() {
    let mut documented = documented();
    let left_out = documented.pop().unwrap();
    let line = serde_json::to_value(super::super::line::LeftOut { entries: 17 }).unwrap();
    assert_eq!(left_out, line);
    let written = written().await;
    for (example, line) in documented.iter().zip(&written) {
        assert_eq!(
            without_times(example.clone()),
            without_times(line.clone()),
            "\nthe document should show\n{line}\n"
        );
    }
    assert_eq!(documented.len(), written.len());
}

#[test]
fn every_kind_of_entry_is_documented_with_an_example() {
    let examples = examples();
    for kind in &examples {
        assert!(
            DOCUMENT.contains(heading(kind)),
            "{} is missing",
            heading(kind)
        );
    }
    let shown: std::collections::HashSet<_> = examples.iter().map(heading).collect();
    // seven signals and seven other kinds: see `heading`
    assert_eq!(shown.len(), 14, "an example is missing");
}

#[test]
fn the_document_is_of_this_version() {
    assert!(DOCUMENT.contains(&format!("**version {SCHEMA_VERSION}**")));
    let numbered = documented()
        .into_iter()
        .skip(1)
        .filter_map(|line| line["sequence"].as_u64());
    assert!(numbered.eq(0..examples().len() as u64));
}
