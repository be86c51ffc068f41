//! The device: its attributes. `everything.py` is the same in Python.

use std::collections::{BTreeSet, HashMap};
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use tango_wire::server::{BoxFuture, EventPublisher, ReadingToServe, Servant};
use tango_wire::types::{DevError, DisplayLevel, EventKind, WriteMode};
use tango_wire::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Quality, Value};

use crate::commands;
use crate::values::{COLOURS, elements, encoded_nothing, two_rows};

/// Words beyond ASCII, and beyond Latin-1.
pub(crate) const WORDS: &str = "nö € ÿ";

/// Pushed by commands, in events of every kind but periodic ones.
const PUSHED: [&str; 6] = ["count", "text", "row", "invalid", "colour", "grid"];

/// One of everything.
pub(crate) struct Everything {
    pub(crate) name: String,
    pub(crate) events: EventPublisher,
    state: Mutex<State>,
}

/// What changes.
#[derive(Debug, Default)]
struct State {
    number: i32,
    /// How often `polled` was read.
    polls: i32,
    held: HashMap<String, Value>,
    /// The length of a row of an image that was written.
    columns: HashMap<String, u32>,
    /// Attributes that a client added.
    added: BTreeSet<String>,
}

impl Everything {
    pub(crate) fn new(name: String, events: EventPublisher) -> Everything {
        Everything {
            name,
            events,
            state: Mutex::default(),
        }
    }

    pub(crate) fn set_number(&self, number: i32) {
        self.state().number = number;
    }

    pub(crate) fn add(&self, attribute: String) {
        self.state().added.insert(attribute);
    }

    pub(crate) fn remove(&self, attribute: &str) {
        self.state().added.remove(attribute);
    }

    /// Pushes the events of `polled` as a real server's polling does, until the task is dropped.
    pub(crate) async fn poll(self: Arc<Self>) {
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        loop {
            for kinds in [
                &[EventKind::Change, EventKind::Archive][..],
                &[EventKind::Change, EventKind::Archive, EventKind::Periodic],
            ] {
                tick.tick().await;
                let Ok(reading) = self.reading("polled") else {
                    continue;
                };
                for &kind in kinds {
                    let pushed =
                        self.events
                            .push_event(kind, &self.name, "polled", reading.clone());
                    if let Err(error) = pushed {
                        eprintln!("polled: {error}");
                    }
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was written to an attribute, or what it begins with.
    fn held(&self, attribute: &str, first: Value) -> Value {
        self.state().held.get(attribute).cloned().unwrap_or(first)
    }

    /// A reading with its set point.
    fn written(&self, attribute: &str, first: Value) -> ReadingToServe {
        let value = self.held(attribute, first);
        ReadingToServe::new(value.clone()).with_set_point(value)
    }

    /// The value of an attribute that is pushed.
    pub(crate) fn reading(&self, attribute: &str) -> Result<ReadingToServe, DevFailed> {
        let number = self.state().number;
        let half = f64::from(number) / 2.0;
        Ok(match attribute {
            "count" => Value::Long(number).into(),
            "text" => Value::String(number.to_string()).into(),
            "row" => Value::Doubles(vec![f64::from(number), half]).into(),
            "grid" => ReadingToServe::new(Value::UShorts(vec![1, 2, 3, 4, 5, 6])).with_columns(3),
            "colour" => Value::Short(i16::try_from(number % 3).unwrap_or(0)).into(),
            "invalid" => ReadingToServe::invalid(),
            "polled" => {
                let mut state = self.state();
                state.polls += 1;
                Value::Long(state.polls).into()
            }
            "quality_alarm" => with_quality(Quality::Alarm),
            "quality_warning" => with_quality(Quality::Warning),
            "quality_changing" => with_quality(Quality::Changing),
            "dated" => {
                let time = UNIX_EPOCH + Duration::from_micros(1_234_567_890_250_000);
                ReadingToServe::new(Value::Double(1.0)).with_time(time)
            }
            "failing" => return Err(two_levels("the attribute")),
            "crashing" => panic!("{WORDS}"),
            "refusing" => self.written(attribute, Value::Double(0.0)),
            "limited" | "configured" => self.written(attribute, Value::Double(0.0)),
            "write_only" => self.written(attribute, Value::Long(0)),
            "infinite" => Value::Doubles(vec![f64::INFINITY, f64::NEG_INFINITY, f64::NAN]).into(),
            "large" => Value::Doubles((0..300_000).map(f64::from).collect()).into(),
            added if self.state().added.contains(added) => Value::Long(7).into(),
            typed => return self.typed(typed),
        })
    }

    /// The reading of an attribute whose name is its type and format.
    fn typed(&self, attribute: &str) -> Result<ReadingToServe, DevFailed> {
        if attribute == "encoded_scalar" {
            return Ok(self.written(attribute, encoded_nothing()));
        }
        let (element, form) = attribute.split_once('_').unwrap_or((attribute, ""));
        let element = elements().into_iter().find(|known| known.name == element);
        let Some(element) = element else {
            return Err(DevFailed::new(
                "Everything_Unknown",
                attribute,
                "everything",
            ));
        };
        let first = match form {
            "scalar" => element.values.clone().into_scalar(),
            "spectrum" => element.values.clone(),
            _ => two_rows(&element.values),
        };
        let reading = if element.data_type == DataType::State {
            ReadingToServe::new(first)
        } else {
            self.written(attribute, first)
        };
        let items = reading.value.item_count().unwrap_or(0);
        Ok(match form {
            "image" => {
                let written = self.state().columns.get(attribute).copied();
                let first = u32::try_from(items / 2).unwrap_or(1);
                reading.with_columns(written.unwrap_or(first))
            }
            _ => reading,
        })
    }
}

/// An error stack of two levels.
pub(crate) fn two_levels(words: &str) -> DevFailed {
    DevFailed::new(
        "Everything_First",
        format!("first {words}"),
        "everything.first",
    )
    .with(DevError::new(
        "Everything_Second",
        format!("second {words}"),
        "everything.second",
    ))
}

fn with_quality(quality: Quality) -> ReadingToServe {
    ReadingToServe::new(Value::Double(1.0)).with_quality(quality)
}

impl Servant for Everything {
    fn class(&self) -> String {
        "Everything".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        commands::declared()
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        let mut all = attributes();
        let added = self.state().added.clone();
        all.extend(
            added
                .into_iter()
                .map(|name| AttributeConfig::new(name, DataType::Long)),
        );
        all
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn status(&self) -> String {
        "all of it, nö".to_owned()
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(commands::run(self, name, argument))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(async move { self.reading(attribute) })
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        if attribute == "refusing" {
            let failed = DevFailed::new(
                "Everything_Refused",
                format!("not {value:?}"),
                "write_refusing",
            );
            return Box::pin(ready(Err(failed)));
        }
        self.state().held.insert(attribute.to_owned(), value);
        Box::pin(ready(Ok(())))
    }

    fn write_image<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
        columns: u32,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        let mut state = self.state();
        state.columns.insert(attribute.to_owned(), columns);
        drop(state);
        self.write(attribute, value)
    }

    fn sends(&self, attribute: &str, kind: EventKind) -> bool {
        use EventKind::{Alarm, Archive, Change, DataReady, Periodic, User};
        match kind {
            User => true,
            Change | Archive => attribute == "polled" || PUSHED.contains(&attribute),
            Alarm | DataReady => PUSHED.contains(&attribute),
            Periodic => attribute == "polled",
            _ => false,
        }
    }

    fn init(&self) -> BoxFuture<'_, Result<(), DevFailed>> {
        let mut state = self.state();
        let added = std::mem::take(&mut state.added);
        *state = State {
            added,
            ..State::default()
        };
        Box::pin(ready(Ok(())))
    }
}

fn attributes() -> Vec<AttributeConfig> {
    use DataType::{Double, Encoded, Enum, Long, String, UShort};
    let mut all = vec![
        AttributeConfig::new("count", Long),
        AttributeConfig::new("text", String),
        AttributeConfig::new("row", Double).spectrum(4),
        AttributeConfig::new("grid", UShort).image(4, 4),
        AttributeConfig::new("colour", Enum).with_enum_labels(COLOURS),
        AttributeConfig::new("polled", Long),
        AttributeConfig::new("encoded_scalar", Encoded).read_write(),
        AttributeConfig::new("infinite", Double).spectrum(4),
        AttributeConfig::new("large", Double).spectrum(1_000_000),
        AttributeConfig::new("refusing", Double).read_write(),
        configured(),
    ];
    for name in [
        "invalid",
        "quality_alarm",
        "quality_warning",
        "quality_changing",
        "dated",
        "failing",
        "crashing",
    ] {
        all.push(AttributeConfig::new(name, Double));
    }
    let mut limited = AttributeConfig::new("limited", Double).read_write();
    (limited.minimum, limited.maximum) = ("0".to_owned(), "10".to_owned());
    let mut write_only = AttributeConfig::new("write_only", Long).read_write();
    write_only.writable = WriteMode::Write;
    all.extend([limited, write_only]);
    for element in elements() {
        for form in ["scalar", "spectrum", "image"] {
            let name = format!("{}_{form}", element.name);
            let mut config = AttributeConfig::new(name, element.data_type);
            if element.data_type != DataType::State {
                config = config.read_write();
            }
            if element.data_type == Enum {
                config = config.with_enum_labels(COLOURS);
            }
            all.push(match form {
                "scalar" => config,
                "spectrum" => config.spectrum(64),
                _ => config.image(64, 8),
            });
        }
    }
    all
}

/// An attribute of which everything is set.
fn configured() -> AttributeConfig {
    let mut config = AttributeConfig::new("configured", DataType::Double).read_write();
    config.level = DisplayLevel::Expert;
    for (field, words) in [
        (&mut config.label, "Motor nö"),
        (&mut config.description, "a description of it"),
        (&mut config.unit, "mm"),
        (&mut config.standard_unit, "0.001"),
        (&mut config.display_unit, "m"),
        (&mut config.display_format, "%5.1f"),
        (&mut config.minimum, "-100"),
        (&mut config.maximum, "100"),
        (&mut config.alarm.minimum_alarm, "-90"),
        (&mut config.alarm.maximum_alarm, "90"),
        (&mut config.alarm.minimum_warning, "-80"),
        (&mut config.alarm.maximum_warning, "80"),
        (&mut config.alarm.delta_value, "1"),
        (&mut config.alarm.delta_time, "2000"),
        (&mut config.events.absolute_change, "0.5"),
        (&mut config.events.relative_change, "2"),
        (&mut config.events.archive_absolute_change, "3"),
        (&mut config.events.archive_relative_change, "4"),
        (&mut config.events.archive_period, "5000"),
        (&mut config.events.period, "1500"),
    ] {
        words.clone_into(field);
    }
    config
}
