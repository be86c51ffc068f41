//! [`Event`]: something a subscription said, as it stands in the record; [`Signal`]: what it said.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

use serde::{Serialize, Serializer};
use tokio::time::Instant;

use crate::device::{DeviceError, Reading, is_same_name};
use crate::value::Value;

/// What a subscription can say.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Signal {
    /// The value the attribute had when it was subscribed to. Never counts as a change.
    Initial(Reading),
    /// The device pushed a value.
    Change(Reading),
    /// The device pushed an error instead of a value.
    Error(DeviceError),
    /// The subscription broke; nothing is heard until [`Signal::Back`].
    Lost {
        /// Why, as far as it is known.
        reason: String,
    },
    /// It has not come back yet; told now and then.
    StillLost {
        /// For how long nothing has been heard; in JSON `lasting_seconds`.
        #[serde(rename = "lasting_seconds", serialize_with = "seconds")]
        lasting: Duration,
        /// Why, as far as it is known.
        reason: String,
    },
    /// Events may have been missed.
    Gap {
        /// How many, when it is known.
        missed: Option<u64>,
        /// How it was noticed.
        reason: String,
    },
    /// The subscription works again (or the gap ended); the value was read anew.
    Back(Reading),
}

impl Signal {
    /// The value it carries, if it carries one.
    pub fn reading(&self) -> Option<&Reading> {
        match self {
            Self::Initial(reading) | Self::Change(reading) | Self::Back(reading) => Some(reading),
            Self::Error(_) | Self::Lost { .. } | Self::StillLost { .. } | Self::Gap { .. } => None,
        }
    }

    /// Like [`Signal::reading`], to be changed.
    pub(crate) fn reading_mut(&mut self) -> Option<&mut Reading> {
        match self {
            Self::Initial(reading) | Self::Change(reading) | Self::Back(reading) => Some(reading),
            Self::Error(_) | Self::Lost { .. } | Self::StillLost { .. } | Self::Gap { .. } => None,
        }
    }
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

/// Something the subscription to one attribute said.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// The canonical name of the device.
    pub device: Arc<str>,
    /// The attribute, spelled as it was first asked for; compare with [`Event::is_from`].
    pub attribute: Arc<str>,
    /// What was said.
    pub signal: Signal,
    /// The last value known before this event; never from an error, nor the lack of a value in an
    /// invalid reading. `None` if none was known.
    pub previous: Option<Value>,
    /// When it arrived, by the monotonic clock.
    #[serde(skip)]
    pub arrived: Instant,
}

impl Event {
    /// An event that arrives now; `previous` is the last value known before it.
    pub fn new(
        device: Arc<str>,
        attribute: Arc<str>,
        signal: Signal,
        previous: Option<Value>,
    ) -> Self {
        Self {
            device,
            attribute,
            signal,
            previous,
            arrived: Instant::now(),
        }
    }

    /// Whether it concerns that attribute of that device; names in any case and form are the same,
    /// see [`plain_name`](crate::device::plain_name).
    pub fn is_from(&self, device: &str, attribute: &str) -> bool {
        self.attribute.eq_ignore_ascii_case(attribute) && is_same_name(&self.device, device)
    }

    /// The value it carries, if it carries one.
    pub fn reading(&self) -> Option<&Reading> {
        self.signal.reading()
    }

    /// The new value, if this event is a change of value.
    ///
    /// A pushed value that equals the one before is not a change, nor is the initial value. The
    /// value found after a gap is a change if it differs from the last one known: the event that
    /// announced it was missed. When no previous value is known, a pushed value is a change; so is the
    /// first one that is pushed after a gap, also if it is the last one known: it was another one
    /// meanwhile.
    pub fn change(&self) -> Option<&Reading> {
        match &self.signal {
            Signal::Change(reading) | Signal::Back(reading)
                if self.previous.as_ref() != Some(&reading.value) =>
            {
                Some(reading)
            }
            _ => None,
        }
    }
}

/// One line without the name of the device: `obsState IDLE -> READY`.
impl Display for Event {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let attribute = &self.attribute;
        match &self.signal {
            Signal::Initial(reading) => write!(f, "{attribute} is {reading} (initial value)"),
            Signal::Change(reading) => match &self.previous {
                Some(previous) if *previous == reading.value => {
                    write!(f, "{attribute} {reading} pushed again")
                }
                Some(previous) => write!(f, "{attribute} {previous} -> {reading}"),
                None => write!(f, "{attribute} -> {reading}"),
            },
            Signal::Error(error) => match error.most_specific() {
                Some(frame) => write!(f, "{attribute} error event: {frame}"),
                None => write!(f, "{attribute} error event: {error}"),
            },
            Signal::Lost { reason } => write!(f, "{attribute} subscription lost: {reason}"),
            Signal::StillLost { lasting, reason } => {
                let seconds = lasting.as_secs();
                write!(f, "{attribute} subscription lost for {seconds} s: {reason}")
            }
            Signal::Gap {
                missed: Some(missed),
                reason,
            } => {
                write!(f, "{attribute} {missed} events missed: {reason}")
            }
            Signal::Gap {
                missed: None,
                reason,
            } => {
                write!(f, "{attribute} events may have been missed: {reason}")
            }
            Signal::Back(reading) => match &self.previous {
                Some(previous) if *previous != reading.value => {
                    write!(f, "{attribute} {previous} -> {reading} (read after a gap)")
                }
                _ => write!(f, "{attribute} is {reading} (read after a gap)"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(signal: Signal, previous: Option<Value>) -> Event {
        Event::new("a/b/c".into(), "obsState".into(), signal, previous)
    }

    fn reading(value: &str) -> Reading {
        Reading::new(value)
    }

    #[test]
    fn only_a_different_value_is_a_change() {
        let idle = Some(Value::from("IDLE"));
        assert!(
            event(Signal::Change(reading("READY")), idle.clone())
                .change()
                .is_some()
        );
        assert!(
            event(Signal::Change(reading("IDLE")), idle.clone())
                .change()
                .is_none()
        );
        assert!(
            event(Signal::Initial(reading("READY")), idle.clone())
                .change()
                .is_none()
        );
        assert!(
            event(Signal::Back(reading("READY")), idle.clone())
                .change()
                .is_some()
        );
        assert!(
            event(Signal::Back(reading("IDLE")), idle)
                .change()
                .is_none()
        );
        assert!(
            event(Signal::Change(reading("IDLE")), None)
                .change()
                .is_some()
        );
    }

    #[test]
    fn names_in_any_case_are_the_same() {
        let event = event(Signal::Change(reading("READY")), None);
        assert!(event.is_from("A/b/C", "OBSSTATE"));
        assert!(event.is_from("tango://host:10000/a/b/c#dbase=no", "obsState"));
        assert!(!event.is_from("a/b/d", "obsState"));
    }

    #[test]
    fn reads_as_one_line() {
        let shown = |signal, previous: &str| event(signal, Some(previous.into())).to_string();
        assert_eq!(
            shown(Signal::Change(reading("READY")), "IDLE"),
            "obsState IDLE -> READY"
        );
        assert_eq!(
            shown(Signal::Change(reading("IDLE")), "IDLE"),
            "obsState IDLE pushed again"
        );
        assert_eq!(
            shown(Signal::Back(reading("READY")), "IDLE"),
            "obsState IDLE -> READY (read after a gap)"
        );
    }
}
