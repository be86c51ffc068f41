//! Where changes of attributes go.

use super::{Attribute, AttributeValue};

/// Where a simulated device sends every change of an attribute, in order: the wire, or a test.
///
/// It is called while the device is locked, and so must neither block nor call back. A closure
/// will do.
pub trait AttributePort: Send + Sync {
    /// Takes a change of an attribute.
    fn push(&self, attribute: Attribute, value: AttributeValue);

    /// Whether anyone would notice a change of the attribute; if not, none is prepared.
    fn wants(&self, attribute: Attribute) -> bool {
        let _ = attribute;
        true
    }
}

impl<F: Fn(Attribute, AttributeValue) + Send + Sync> AttributePort for F {
    fn push(&self, attribute: Attribute, value: AttributeValue) {
        self(attribute, value);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::{Arc, Mutex};

    use super::{Attribute, AttributePort, AttributeValue};

    /// A port that remembers all changes.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct RecordedChanges {
        changes: Arc<Mutex<Vec<(Attribute, AttributeValue)>>>,
    }

    impl RecordedChanges {
        /// The changes since the last call.
        pub(crate) fn take(&self) -> Vec<(Attribute, AttributeValue)> {
            std::mem::take(&mut self.changes.lock().unwrap())
        }

        /// Whether the device that reports here still exists.
        pub(crate) fn is_shared(&self) -> bool {
            Arc::strong_count(&self.changes) > 1
        }

        /// The changes since the last call, one line each, without those of the second protocol of
        /// long running commands, which hold moments.
        pub(crate) fn take_lines(&self) -> Vec<String> {
            self.take()
                .into_iter()
                .filter(|(attribute, _)| {
                    !matches!(
                        attribute,
                        Attribute::LrcQueue
                            | Attribute::LrcExecuting
                            | Attribute::LrcFinished
                            | Attribute::LrcEvent
                    )
                })
                .map(|(attribute, value)| line(attribute, &value))
                .collect()
        }
    }

    impl AttributePort for RecordedChanges {
        fn push(&self, attribute: Attribute, value: AttributeValue) {
            self.changes.lock().unwrap().push((attribute, value));
        }
    }

    /// An id is shown as its command and its number: `Configure#2`.
    fn line(attribute: Attribute, value: &AttributeValue) -> String {
        let text = match value {
            AttributeValue::Texts(texts) => texts
                .iter()
                .map(|text| short(text))
                .collect::<Vec<_>>()
                .join(" "),
            AttributeValue::Pairs(rows) => rows
                .iter()
                .map(|[first, second]| format!("{first}({second})"))
                .collect::<Vec<_>>()
                .join(" "),
            other => other.to_string(),
        };
        format!("{attribute}: {text}")
    }

    fn short(text: &str) -> String {
        match text.split('_').collect::<Vec<_>>()[..] {
            [time, number, command] if time.parse::<f64>().is_ok() => format!("{command}#{number}"),
            _ => text.to_owned(),
        }
    }
}
