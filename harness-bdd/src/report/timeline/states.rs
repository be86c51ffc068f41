//! The attributes of a device: bars of those that are states, and when they are not heard.

use std::collections::BTreeMap;

use harness_core::{Event, Signal, Value};

use super::{
    clock::shortened,
    data::{Moment, Silence, SilenceKind, StateBar, StateTrack},
    known::KnownAttribute,
};

/// How the attributes are ordered that people look at first.
const FIRST: [&str; 6] = [
    "obsstate",
    "state",
    "telescopestate",
    "dishmode",
    "pointingstate",
    "healthstate",
];

/// Whether a value is drawn as a bar: it is a member of an enumeration, or text of an attribute
/// whose name says that it is a state or a mode.
pub(super) fn is_state(attribute: &str, value: &Value) -> bool {
    match value {
        Value::Enum(_) => true,
        Value::String(text) => {
            let name = attribute.to_ascii_lowercase();
            (name.ends_with("state") || name.ends_with("mode")) && !text.is_empty()
        }
        _ => false,
    }
}

/// What was heard of the attributes of one device.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    tracks: BTreeMap<String, StateTrack>,
    silences: Vec<Silence>,
    moments: Vec<Moment>,
}

impl Attributes {
    /// How it was in the beginning.
    pub(super) fn begin(&mut self, at: f64, known: &KnownAttribute) {
        if let Some(value) = &known.value {
            let note = Some("known before".to_owned());
            self.push(at, &known.name, value.to_string(), note);
        }
        if let Some((kind, reason)) = &known.silence {
            self.silent(at, &known.name, *kind, reason);
        }
    }

    /// Takes in what a subscription said; `is_told` if it is shown elsewhere. Whether it is
    /// something that the device did.
    pub(super) fn hear(&mut self, at: f64, begin: f64, event: &Event, is_told: bool) -> bool {
        let attribute = &*event.attribute;
        match &event.signal {
            Signal::Lost { reason } => self.silent(at, attribute, SilenceKind::Lost, reason),
            Signal::StillLost { lasting, reason } => {
                let since = (at - lasting.as_secs_f64()).max(begin);
                self.silent(since, attribute, SilenceKind::Lost, reason);
            }
            Signal::Gap { missed, reason } => {
                let reason = match missed {
                    Some(missed) => format!("{missed} events missed: {reason}"),
                    None => reason.clone(),
                };
                self.silent(at, attribute, SilenceKind::Gap, &reason);
            }
            Signal::Error(_) => self.moments.push(Moment {
                at,
                text: shortened(event.to_string()),
                failed: true,
            }),
            _ => return self.value(at, begin, event, is_told),
        }
        true
    }

    fn value(&mut self, at: f64, begin: f64, event: &Event, is_told: bool) -> bool {
        let attribute = &*event.attribute;
        let Some(reading) = event.reading() else {
            return false;
        };
        self.heard(at, attribute);
        let is_change = event.change().is_some();
        if !is_state(attribute, &reading.value) && !self.is_track(attribute) {
            if is_change && !is_told {
                self.moments.push(Moment {
                    at,
                    text: shortened(event.to_string()),
                    failed: false,
                });
            }
            return is_change;
        }
        if !self.is_track(attribute) && !matches!(event.signal, Signal::Initial(_)) {
            let before = event.previous.as_ref();
            if let Some(before) = before.filter(|value| is_state(attribute, value)) {
                let note = Some("known before".to_owned());
                self.push(begin, attribute, before.to_string(), note);
            }
        }
        let note = match event.signal {
            Signal::Initial(_) => Some("when it was subscribed to".to_owned()),
            Signal::Back(_) => Some("read after events were missing".to_owned()),
            _ => None,
        };
        // with what the device says of its quality, if that is not valid
        self.push(at, attribute, reading.to_string(), note);
        is_change
    }

    fn is_track(&self, attribute: &str) -> bool {
        self.tracks.contains_key(&attribute.to_ascii_lowercase())
    }

    /// Begins a bar, unless the last one is the same.
    fn push(&mut self, at: f64, attribute: &str, value: String, note: Option<String>) {
        let track = self
            .tracks
            .entry(attribute.to_ascii_lowercase())
            .or_insert_with(|| StateTrack {
                attribute: attribute.to_owned(),
                bars: Vec::new(),
            });
        if track.bars.last().is_none_or(|last| last.value != value) {
            let value = shortened(value);
            track.bars.push(StateBar { at, value, note });
        }
    }

    fn silent(&mut self, at: f64, attribute: &str, kind: SilenceKind, reason: &str) {
        if self.open(attribute).is_none() {
            self.silences.push(Silence {
                at,
                until: None,
                attribute: attribute.to_owned(),
                kind,
                reason: reason.to_owned(),
            });
        }
    }

    fn heard(&mut self, at: f64, attribute: &str) {
        if let Some(silence) = self.open(attribute) {
            silence.until = Some(at);
        }
    }

    fn open(&mut self, attribute: &str) -> Option<&mut Silence> {
        self.silences.iter_mut().rev().find(|silence| {
            silence.until.is_none() && silence.attribute.eq_ignore_ascii_case(attribute)
        })
    }

    /// The bars, those first that people look at first; the silences; and all else.
    pub(super) fn finish(self) -> (Vec<StateTrack>, Vec<Silence>, Vec<Moment>) {
        let mut tracks: Vec<_> = self.tracks.into_values().collect();
        tracks.sort_by_key(|track| {
            let is_it = |name: &&str| track.attribute.eq_ignore_ascii_case(name);
            FIRST.iter().position(is_it).unwrap_or(FIRST.len())
        });
        (tracks, self.silences, self.moments)
    }
}
