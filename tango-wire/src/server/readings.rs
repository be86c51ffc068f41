//! The readings of one answer, kept within bounds while they are collected.

use std::sync::Arc;

use super::{
    answer::{ANSWER_LIMIT, Fault},
    quota::{Held, Share},
};
use crate::{
    giop::Completion,
    types::{AttributeValue, DevFailed},
};

/// What every reading takes besides its name and its values, or a little less.
const OVERHEAD: usize = 128;

/// Readings, and their share of the server's memory, given back when this is dropped.
#[derive(Debug)]
pub(super) struct Readings {
    values: Vec<AttributeValue>,
    octets: usize,
    limit: usize,
    held: Held,
    completed: Completion,
}

impl Readings {
    /// None yet. `completed` is what the client is told of its call if there will be no room.
    pub(super) fn new(share: &Arc<Share>, completed: Completion) -> Self {
        Self {
            values: Vec::new(),
            octets: 0,
            limit: ANSWER_LIMIT,
            held: share.nothing(),
            completed,
        }
    }

    /// Takes one more, if the answer may be as long and there is room for it.
    pub(super) fn push(&mut self, value: AttributeValue) -> Result<(), Fault> {
        let octets = octets(&value);
        self.octets = self.octets.saturating_add(octets);
        if self.octets > self.limit {
            return Err(Fault::too_large(self.completed));
        }
        if !self.held.grow(octets) {
            return Err(Fault::no_resources(self.completed));
        }
        self.values.push(value);
        Ok(())
    }

    pub(super) fn values(&self) -> &[AttributeValue] {
        &self.values
    }
}

/// About what a reading takes, in memory as on its way.
fn octets(value: &AttributeValue) -> usize {
    let content = match &value.outcome {
        Ok(reading) => {
            let set_point = reading.set_point.as_ref().map_or(0, |value| value.octets());
            reading.name.len() + reading.value.octets() + set_point
        }
        Err(DevFailed(errors)) => errors
            .iter()
            .map(|error| {
                let words = [&error.reason, &error.description, &error.origin];
                OVERHEAD + words.map(String::len).iter().sum::<usize>()
            })
            .sum(),
    };
    OVERHEAD + value.name.len() + content
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::{
        cdr::{ByteOrder, Writer},
        server::quota::Quota,
        types::{AttributeReading, AttributeVersion, Value},
    };

    fn reading(value: Value) -> AttributeValue {
        AttributeValue {
            name: "x".to_owned(),
            outcome: Ok(AttributeReading::new("x", value, UNIX_EPOCH)),
        }
    }

    #[test]
    fn what_is_counted_is_not_less_than_what_is_sent() {
        let encoded = Value::Encoded {
            format: "f".to_owned(),
            data: vec![7; 1000],
        };
        for value in [
            Value::Void,
            Value::Bool(true),
            Value::String("é".repeat(1000)),
            Value::Strings(vec![String::new(); 1000]),
            Value::Doubles(vec![0.5; 1000]),
            Value::Shorts(vec![7; 1001]),
            encoded,
        ] {
            let reading = reading(value);
            let mut writer = Writer::new(ByteOrder::Little);
            reading.write(&mut writer, AttributeVersion::Five);
            let sent = writer.finish().expect("sendable").len();
            assert!(octets(&reading) >= sent, "{sent} for {reading:?}");
        }
        let failed = AttributeValue {
            name: "x".to_owned(),
            outcome: Err(DevFailed::new("r", "d".repeat(1000), "o")),
        };
        let mut writer = Writer::new(ByteOrder::Little);
        failed.write(&mut writer, AttributeVersion::Five);
        assert!(octets(&failed) >= writer.finish().expect("sendable").len());
    }

    #[test]
    fn an_answer_is_bounded_by_what_clients_take_and_by_what_there_is() {
        let share = Quota::new(1 << 20).share();
        let mut readings = Readings::new(&share, Completion::No);
        readings.limit = 100_000;
        let spectrum = || reading(Value::Chars(vec![0; 30_000]));
        for _ in 0..3 {
            readings.push(spectrum()).expect("room");
        }
        assert!(matches!(readings.push(spectrum()), Err(Fault::Failed(_))));
        assert_eq!(readings.values().len(), 3);

        readings.limit = usize::MAX;
        let fault = loop {
            if let Err(fault) = readings.push(spectrum()) {
                break fault;
            }
        };
        assert!(matches!(fault, Fault::System(_)), "{fault:?}");
        assert!(readings.values().len() < 36);
        assert!(share.hold(1 << 19).is_none());
        drop(readings);
        assert!(share.hold(1 << 20).is_some(), "given back");
    }
}
