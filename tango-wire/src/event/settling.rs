//! The order of the first things that a subscription tells.
//!
//! While a subscription is being made, events are held back, since what it begins with must come
//! first. Nothing may be lost then, and nothing may go back to an older value.

use super::content::EventContent;
use crate::types::DevFailed;

/// An event that was held back, or is handed over.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Held<T> {
    /// The server's count of the events of this topic.
    pub(crate) counter: u32,
    /// What it brought, or the error that the device pushed in its place.
    pub(crate) content: Result<T, DevFailed>,
}

impl<T> Held<T> {
    /// How many events there are up to the last one for which `is_it` is true.
    pub(super) fn last_for_which(held: &[Self], is_it: impl Fn(&T) -> bool) -> usize {
        let last = held
            .iter()
            .rposition(|event| event.content.as_ref().is_ok_and(&is_it));
        last.map_or(0, |last| last + 1)
    }
}

/// The first things that a subscription tells, in order.
#[derive(Debug, PartialEq)]
pub(crate) struct Settled<T: EventContent> {
    /// What it begins with.
    pub(crate) first: T::Current,
    /// The count of the event that brought it, if one did.
    pub(crate) counter: Option<u32>,
    /// What comes after it; what no event brought has no count.
    pub(crate) then: Vec<(Option<u32>, Result<T, DevFailed>)>,
}

impl<T: EventContent> Settled<T> {
    /// What was read is told first, and every event after it.
    pub(super) fn before_all(held: Vec<Held<T>>, current: T::Current) -> Self {
        Self {
            first: current,
            counter: None,
            then: held.into_iter().map(counted).collect(),
        }
    }
}

impl<T: EventContent<Current = T>> Settled<T> {
    /// The first `count` events led to what was read. The first of them that has a value is the one
    /// to begin with, the others follow, and so does what was read, unless the last of them brought
    /// it already.
    pub(super) fn among(
        mut held: Vec<Held<T>>,
        count: usize,
        current: T,
        same: impl Fn(&T, &T) -> bool,
    ) -> Self {
        let later = held.split_off(count);
        let brought_it = held
            .iter()
            .rev()
            .find_map(|event| event.content.as_ref().ok())
            .is_some_and(|last| same(last, &current));
        let mut led = held.into_iter();
        // errors before the first value are older than what the subscription begins with
        let begin = led
            .by_ref()
            .find_map(|event| Some((event.counter, event.content.ok()?)));
        let Some((counter, first)) = begin else {
            return Self::before_all(later, current);
        };
        let mut then: Vec<_> = led.map(counted).collect();
        if !brought_it {
            then.push((None, Ok(current)));
        }
        then.extend(later.into_iter().map(counted));
        Self {
            first,
            counter: Some(counter),
            then,
        }
    }
}

fn counted<T>(event: Held<T>) -> (Option<u32>, Result<T, DevFailed>) {
    (Some(event.counter), event.content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{AttributeConfig, DataReady, DataType, EventKind};

    fn config(unit: &str) -> AttributeConfig {
        let mut config = AttributeConfig::new("power", DataType::Double);
        config.unit = unit.to_owned();
        config
    }

    fn held(units: &[&str]) -> Vec<Held<AttributeConfig>> {
        let event = |(unit, counter): (&&str, u32)| Held {
            counter,
            content: match *unit {
                "error" => Err(DevFailed(Vec::new())),
                unit => Ok(config(unit)),
            },
        };
        units.iter().zip(1..).map(event).collect()
    }

    /// What is told, in order, each with the count of its event.
    fn told(events: &[&str], current: &str) -> Vec<(Option<u32>, String)> {
        let settled =
            AttributeConfig::settle(EventKind::AttributeConfig, held(events), config(current));
        let mut told = vec![(settled.counter, settled.first.unit)];
        told.extend(settled.then.into_iter().map(|(counter, content)| {
            let unit = content.map_or("error".to_owned(), |config| config.unit);
            (counter, unit)
        }));
        told
    }

    fn expected(told: &[(Option<u32>, &str)]) -> Vec<(Option<u32>, String)> {
        let owned = |&(counter, unit): &(_, &str)| (counter, unit.to_owned());
        told.iter().map(owned).collect()
    }

    #[test]
    fn what_was_read_stands_where_an_event_brought_it() {
        assert_eq!(
            told(&["a", "b", "c"], "b"),
            expected(&[(Some(1), "a"), (Some(2), "b"), (Some(3), "c")])
        );
        assert_eq!(
            told(&["a", "b"], "0"),
            expected(&[(None, "0"), (Some(1), "a"), (Some(2), "b")])
        );
        assert_eq!(told(&[], "0"), expected(&[(None, "0")]));
    }

    #[test]
    fn an_error_older_than_the_beginning_is_left_out_and_a_later_one_is_not() {
        assert_eq!(
            told(&["error", "a", "error", "b", "error"], "b"),
            expected(&[
                (Some(2), "a"),
                (Some(3), "error"),
                (Some(4), "b"),
                (Some(5), "error")
            ])
        );
    }

    #[test]
    fn what_cannot_be_read_comes_as_it_was_sent() {
        let ready = |counter| DataReady {
            name: "power".to_owned(),
            data_type: DataType::Double,
            counter,
        };
        let events = vec![
            Held {
                counter: 4,
                content: Ok(ready(10)),
            },
            Held {
                counter: 5,
                content: Ok(ready(11)),
            },
        ];
        let settled = DataReady::settle(EventKind::DataReady, events, ());
        assert_eq!(settled.counter, None);
        assert_eq!(
            settled.then,
            [(Some(4), Ok(ready(10))), (Some(5), Ok(ready(11)))]
        );
    }
}
