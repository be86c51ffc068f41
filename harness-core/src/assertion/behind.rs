//! What is recorded behind the end of a watch: it does not count, and is told as such.

use super::subject::Subject;
use super::{WatchEnd, WatchedEntries};
use crate::device::Reading;
use crate::event::Event;
use crate::failure::Clock;
use crate::journal::Entry;
use crate::tracer::TracedDevice;
use crate::value::Value;

/// The changes of a subject behind the last entry that an assertion was given.
pub(super) struct Behind<'a> {
    subject: &'a Subject,
    changes: Vec<Entry>,
    end: End,
}

/// What ended the watch.
#[derive(Clone, Copy)]
enum End {
    Stop,
    Deadline,
    /// Nothing that was still to come could mend it, or mattered.
    Decision,
}

impl<'a> Behind<'a> {
    /// What follows the entries given so far; `end` is why there were no more, if they were looked
    /// at to their end.
    pub(super) fn new(
        entries: &WatchedEntries<'_>,
        end: Option<&WatchEnd>,
        subject: &'a Subject,
    ) -> Self {
        let mut changes = Vec::new();
        entries.visit_rest(|entry| {
            let is_change = entry
                .event()
                .is_some_and(|event| subject.position(event).is_some() && event.change().is_some());
            if is_change {
                changes.push(entry.clone());
            }
        });
        Self {
            subject,
            changes,
            end: match end {
                Some(WatchEnd::Stopped(_)) => End::Stop,
                Some(WatchEnd::TimedOut) => End::Deadline,
                Some(WatchEnd::Decided) | None => End::Decision,
            },
        }
    }

    fn of<'b>(&'b self, device: &'b TracedDevice) -> impl Iterator<Item = (&'b Entry, &'b Event)> {
        let events = self
            .changes
            .iter()
            .filter_map(|entry| Some((entry, entry.event()?)));
        events.filter(|(_, event)| event.device == *device.name())
    }

    /// The first change of the device that is as expected: `changed to IDLE at +0.250 s, too late`.
    pub(super) fn told(
        &self,
        device: &TracedDevice,
        clock: &Clock,
        is_expected: impl Fn(&Entry, &Event) -> bool,
    ) -> Option<String> {
        let (entry, event) = self
            .of(device)
            .find(|(entry, event)| is_expected(entry, event))?;
        let value = self.subject.reading(event.reading()?);
        let at = clock.seconds(entry.instant);
        let why = match self.end {
            End::Stop => "after the stop",
            End::Deadline => "too late",
            End::Decision => "when it had failed already",
        };
        Some(format!("changed to {value} at {at:+.3} s, {why}"))
    }

    /// The value that the device had at the end, if it changed since.
    pub(super) fn value_before<'b>(&'b self, device: &'b TracedDevice) -> Option<&'b Value> {
        let (_, event) = self.of(device).next()?;
        event.previous.as_ref()
    }

    /// `no change in time; it was EMPTY`, for a value that has changed since.
    pub(super) fn no_change(&self, value: &Value) -> String {
        let when = match self.end {
            End::Stop => "before the stop",
            End::Deadline => "in time",
            End::Decision => "before it had failed",
        };
        let reading = self.subject.reading(&Reading::new(value.clone()));
        format!("no change {when}; it was {reading}")
    }
}
