//! The words for the numbers of an enumerated attribute.

use std::sync::Arc;

use crate::value::{EnumValue, Value};

/// The labels of an enumerated attribute, for the numbers from 0 on.
#[derive(Clone, Debug)]
pub(super) struct Labels(Arc<[Arc<str>]>);

impl Labels {
    /// A number or a label as a member of the enumeration, and each of a list; what is neither
    /// stays as it is.
    pub(super) fn labelled(&self, value: Value) -> Value {
        match value {
            Value::List(elements) => elements
                .into_iter()
                .map(|element| self.labelled(element))
                .collect(),
            Value::Int(number) => self.member(number).map_or(value, Value::Enum),
            Value::Enum(EnumValue {
                number,
                label: None,
            }) => self.member(number).map_or(value, Value::Enum),
            Value::String(text) => match self.called(&text) {
                Some(member) => Value::Enum(member),
                None => Value::String(text),
            },
            other => other,
        }
    }

    fn member(&self, number: i64) -> Option<EnumValue> {
        let label = self.0.get(usize::try_from(number).ok()?)?;
        Some(EnumValue::labelled(number, Arc::clone(label)))
    }

    fn called(&self, text: &str) -> Option<EnumValue> {
        let is_it = |label: &Arc<str>| label.eq_ignore_ascii_case(text);
        let index = self.0.iter().position(is_it)?;
        self.member(i64::try_from(index).ok()?)
    }
}

impl<L: Into<Arc<str>>> FromIterator<L> for Labels {
    fn from_iter<I: IntoIterator<Item = L>>(labels: I) -> Self {
        Self(labels.into_iter().map(Into::into).collect())
    }
}
