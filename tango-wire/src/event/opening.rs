//! How a subscription begins: the reading, and the events that came before it was there.

use super::EventNotice;
use crate::types::{AttributeReading, DevFailed};

/// How a subscription begins, or goes on after a loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opening {
    /// For the first time.
    First,
    /// Again, after events were lost for that reason.
    Again { reason: String },
}

impl Opening {
    /// Puts the reading in its place among the events that were kept meanwhile.
    pub(super) fn notices(
        self,
        outcome: Result<AttributeReading, DevFailed>,
        kept: Vec<EventNotice>,
    ) -> Vec<EventNotice> {
        let mut notices = Vec::with_capacity(kept.len() + 2);
        let first: fn(AttributeReading) -> EventNotice = match self {
            Opening::First => EventNotice::Initial,
            Opening::Again { reason } => {
                notices.push(EventNotice::Gap {
                    missed: None,
                    reason,
                });
                EventNotice::Back
            }
        };
        let reading = match outcome {
            Ok(reading) => reading,
            Err(failure) => {
                notices.push(EventNotice::Error(failure));
                notices.extend(kept);
                return notices;
            }
        };
        let earlier = |notice: &EventNotice| matches!(notice, EventNotice::Change(change) if change.time <= reading.time);
        let count = kept.iter().rposition(earlier).map_or(0, |last| last + 1);
        let mut kept = kept.into_iter();
        let mut latest: Option<AttributeReading> = None;
        for notice in kept.by_ref().take(count) {
            notices.push(match notice {
                EventNotice::Change(change) => {
                    let is_first = latest.replace(change.clone()).is_none();
                    if is_first {
                        first(change)
                    } else {
                        EventNotice::Change(change)
                    }
                }
                other => other,
            });
        }
        match latest {
            None => notices.push(first(reading)),
            Some(latest) if is_same(&latest, &reading) => {}
            Some(_) => notices.push(EventNotice::Change(reading)),
        }
        notices.extend(kept);
        notices
    }
}

/// True if a reading says nothing new after a change event.
fn is_same(change: &AttributeReading, reading: &AttributeReading) -> bool {
    change.value == reading.value && change.quality == reading.quality
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Quality, Value};
    use std::time::{Duration, UNIX_EPOCH};

    fn at(second: u64, value: i16) -> AttributeReading {
        AttributeReading::new(
            "obsState",
            Value::Short(value),
            UNIX_EPOCH + Duration::from_secs(second),
        )
    }

    fn change(second: u64, value: i16) -> EventNotice {
        EventNotice::Change(at(second, value))
    }

    #[test]
    fn without_events_the_reading_is_initial() {
        let notices = Opening::First.notices(Ok(at(5, 1)), vec![]);
        assert_eq!(notices, [EventNotice::Initial(at(5, 1))]);
    }

    #[test]
    fn later_events_follow_the_reading() {
        let notices = Opening::First.notices(Ok(at(5, 1)), vec![change(6, 2), change(7, 1)]);
        assert_eq!(
            notices,
            [EventNotice::Initial(at(5, 1)), change(6, 2), change(7, 1)]
        );
    }

    #[test]
    fn earlier_events_are_not_lost_and_nothing_runs_backwards() {
        let kept = vec![change(3, 1), change(4, 2), change(6, 3)];
        let notices = Opening::First.notices(Ok(at(5, 2)), kept.clone());
        assert_eq!(
            notices,
            [EventNotice::Initial(at(3, 1)), change(4, 2), change(6, 3)]
        );

        // a change the device sent no event for
        let notices = Opening::First.notices(Ok(at(5, 9)), kept);
        let expected = [
            EventNotice::Initial(at(3, 1)),
            change(4, 2),
            change(5, 9),
            change(6, 3),
        ];
        assert_eq!(notices, expected);
    }

    #[test]
    fn an_event_of_the_same_time_and_value_is_not_told_twice() {
        let notices = Opening::First.notices(Ok(at(5, 2)), vec![change(5, 2), change(6, 3)]);
        assert_eq!(notices, [EventNotice::Initial(at(5, 2)), change(6, 3)]);
    }

    #[test]
    fn a_quality_that_differs_is_told() {
        let alarm = AttributeReading {
            quality: Quality::Alarm,
            ..at(5, 2)
        };
        let notices = Opening::First.notices(Ok(alarm.clone()), vec![change(4, 2)]);
        assert_eq!(
            notices,
            [EventNotice::Initial(at(4, 2)), EventNotice::Change(alarm)]
        );
    }

    #[test]
    fn errors_and_gaps_keep_their_place() {
        let error = EventNotice::Error(DevFailed::new("R", "D", "O"));
        let kept = vec![error.clone(), change(3, 1), error.clone(), change(6, 2)];
        let notices = Opening::First.notices(Ok(at(5, 1)), kept);
        let expected = [
            error.clone(),
            EventNotice::Initial(at(3, 1)),
            error,
            change(6, 2),
        ];
        assert_eq!(notices, expected);
    }

    #[test]
    fn after_a_loss_a_gap_comes_first_and_the_value_is_back() {
        let reason = "the server was started again".to_owned();
        let gap = EventNotice::Gap {
            missed: None,
            reason: reason.clone(),
        };
        let again = Opening::Again { reason };
        let notices = again.notices(Ok(at(5, 1)), vec![change(6, 2)]);
        assert_eq!(notices, [gap, EventNotice::Back(at(5, 1)), change(6, 2)]);
    }

    #[test]
    fn an_attribute_that_can_not_be_read_begins_with_its_error() {
        let failure = DevFailed::new("R", "D", "O");
        let notices = Opening::First.notices(Err(failure.clone()), vec![change(6, 2)]);
        assert_eq!(notices, [EventNotice::Error(failure), change(6, 2)]);
    }
}
