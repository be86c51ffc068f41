//! What was known of every attribute when a timeline began.

use std::{collections::BTreeMap, sync::Arc};

use harness_core::{
    Event, Signal, Value,
    journal::{Entry, EntryKind},
};

use super::{data::SilenceKind, states::is_state};

/// The last thing heard of each attribute that is a state, and which attributes are not heard.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    attributes: BTreeMap<(Arc<str>, String), KnownAttribute>,
}

/// What is known of one attribute.
#[derive(Clone, Debug)]
pub(super) struct KnownAttribute {
    /// As it is spelled by who watches it.
    pub(super) name: Arc<str>,
    /// Its value, if it is a state.
    pub(super) value: Option<Value>,
    /// What is missing of it, and why.
    pub(super) silence: Option<(SilenceKind, String)>,
}

impl Known {
    /// Learns from an entry that no timeline shows.
    pub(super) fn learn(&mut self, entry: &Entry) {
        if let EntryKind::Event(event) = &*entry.kind {
            self.learn_event(event);
        }
    }

    fn learn_event(&mut self, event: &Event) {
        let silence = match &event.signal {
            Signal::Lost { reason } | Signal::StillLost { reason, .. } => {
                Some((SilenceKind::Lost, reason.clone()))
            }
            Signal::Gap { reason, .. } => Some((SilenceKind::Gap, reason.clone())),
            _ => None,
        };
        let reading = event.reading();
        let value = reading.map(|reading| &reading.value);
        let value = value.filter(|value| is_state(&event.attribute, value));
        let key = (
            Arc::clone(&event.device),
            event.attribute.to_ascii_lowercase(),
        );
        if value.is_none() && silence.is_none() && !self.attributes.contains_key(&key) {
            return;
        }
        let known = self
            .attributes
            .entry(key)
            .or_insert_with(|| KnownAttribute {
                name: Arc::clone(&event.attribute),
                value: None,
                silence: None,
            });
        if let Some(value) = value {
            known.value = Some(value.clone());
        }
        if silence.is_some() || reading.is_some() {
            known.silence = silence;
        }
    }

    /// Every attribute with its device.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &KnownAttribute)> {
        let attributes = self.attributes.iter();
        attributes.map(|((device, _), known)| (device, known))
    }
}
