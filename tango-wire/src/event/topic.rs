//! The events of one topic: told apart from their duplicates, counted, and turned into notices.

use super::{EventNotice, read_event};
use crate::zmtp::Message;

/// What is remembered of a topic.
#[derive(Debug, Default)]
pub(super) struct Topic {
    latest: Option<Message>,
    counter: Option<u32>,
}

impl Topic {
    /// What a message says: at most a gap and an event, nothing if it is a duplicate.
    pub(super) fn notices(&mut self, message: Message) -> Vec<EventNotice> {
        if self.latest.as_ref() == Some(&message) {
            return Vec::new();
        }
        let event = read_event(&message);
        self.latest = Some(message);
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                let reason = format!("an event could not be read: {}", with_sources(&error));
                return vec![EventNotice::Gap {
                    missed: Some(1),
                    reason,
                }];
            }
        };
        let mut notices = Vec::with_capacity(2);
        if let Some(before) = self.counter.replace(event.counter) {
            notices.extend(gap(before, event.counter));
        }
        notices.push(match event.outcome {
            Ok(reading) => EventNotice::Change(reading),
            Err(failure) => EventNotice::Error(failure),
        });
        notices
    }
}

/// What a step of the counter says. One that stands still says nothing: some servers never move it.
fn gap(before: u32, now: u32) -> Option<EventNotice> {
    /// A step of more than half the range is one back.
    const BACK: u32 = u32::MAX / 2;
    let (missed, reason) = match now.wrapping_sub(before) {
        0 | 1 => return None,
        step @ 2..=BACK => (
            Some(u64::from(step) - 1),
            format!("the counter of events went from {before} to {now}"),
        ),
        _ => (
            None,
            format!("the counter of events went back from {before} to {now}"),
        ),
    };
    Some(EventNotice::Gap { missed, reason })
}

/// An error and what caused it, in one line.
pub(super) fn with_sources(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ChangeEvent, write_event};
    use crate::types::{AttributeReading, Value};
    use std::time::{Duration, UNIX_EPOCH};

    fn reading(value: i16) -> AttributeReading {
        let second = u64::from(value.unsigned_abs());
        AttributeReading::new(
            "x",
            Value::Short(value),
            UNIX_EPOCH + Duration::from_secs(second),
        )
    }

    fn message(counter: u32, value: i16) -> Message {
        write_event(
            "t.idl5_change",
            &ChangeEvent {
                counter,
                outcome: Ok(reading(value)),
            },
        )
        .unwrap()
    }

    fn change(value: i16) -> EventNotice {
        EventNotice::Change(reading(value))
    }

    #[test]
    fn the_first_event_sent_twice_is_told_once() {
        let mut topic = Topic::default();
        assert_eq!(topic.notices(message(1, 5)), [change(5)]);
        assert_eq!(topic.notices(message(1, 5)), []);
        assert_eq!(topic.notices(message(2, 6)), [change(6)]);
    }

    #[test]
    fn a_counter_that_never_moves_loses_nothing() {
        let mut topic = Topic::default();
        for value in [1, 2, 3] {
            assert_eq!(topic.notices(message(0, value)), [change(value)]);
        }
    }

    #[test]
    fn a_jump_of_the_counter_is_a_gap() {
        let mut topic = Topic::default();
        topic.notices(message(1, 1));
        let notices = topic.notices(message(5, 2));
        assert!(
            matches!(
                notices[0],
                EventNotice::Gap {
                    missed: Some(3),
                    ..
                }
            ),
            "{notices:?}"
        );
        assert_eq!(notices[1], change(2));
        let notices = topic.notices(message(2, 3));
        assert!(
            matches!(notices[0], EventNotice::Gap { missed: None, .. }),
            "{notices:?}"
        );
        topic.notices(message(u32::MAX, 4));
        assert_eq!(topic.notices(message(0, 5)), [change(5)]);
    }

    #[test]
    fn an_event_that_can_not_be_read_is_a_gap() {
        let mut topic = Topic::default();
        let mut parts = message(1, 1).into_parts();
        parts[3].truncate(20);
        let notices = topic.notices(Message::new(parts));
        let [
            EventNotice::Gap {
                missed: Some(1),
                reason,
            },
        ] = &notices[..]
        else {
            panic!("{notices:?}");
        };
        assert!(reason.contains("octets needed"), "{reason}");
    }
}
