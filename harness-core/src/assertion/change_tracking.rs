//! Following one device's attribute towards the changes that are expected of it.

use std::time::Duration;

use tokio::time::Instant;

use super::Watch;
use super::changes::Changes;
use crate::device::Reading;
use crate::event::{Event, Signal};
use crate::failure::{Clock, Expected, Failure};
use crate::journal::Entry;
use crate::tracer::TracedDevice;

/// How far one device has come.
pub(super) struct Tracking<'a> {
    expected: &'a Changes,
    device: &'a TracedDevice,
    /// How many changes were as expected.
    matched: usize,
    hold: Hold,
    settled: bool,
    /// What came nearest; only put into words when the assertion fails.
    nearest: Nearest,
}

/// Whether the attribute stays as it changed.
#[derive(Clone, Copy, PartialEq)]
enum Hold {
    /// It has not changed as expected, or has left again.
    No,
    Since(Instant),
    /// It changed as expected, but events may have been missed since.
    Unknown,
}

/// What came nearest to the expectation, from far to near.
enum Nearest {
    NoChange,
    OtherChange(Entry),
    /// The right value, but from another one.
    OtherPrevious(Entry),
    /// The right value, but not for this matcher.
    NotMatching(Entry, usize),
    Matched(Entry),
    /// The right change, and what ended it.
    Left(Entry, Entry),
}

impl Nearest {
    fn rank(&self) -> u8 {
        match self {
            Self::NoChange => 0,
            Self::OtherChange(_) => 1,
            Self::OtherPrevious(_) => 2,
            Self::NotMatching(..) => 3,
            Self::Matched(_) | Self::Left(..) => 4,
        }
    }
}

impl<'a> Tracking<'a> {
    pub(super) fn new(expected: &'a Changes, device: &'a TracedDevice) -> Self {
        Self {
            expected,
            device,
            matched: 0,
            hold: Hold::No,
            settled: expected.times == 0,
            nearest: Nearest::NoChange,
        }
    }

    /// Whether the verdict is reached; it stays.
    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    /// When the attribute will have stayed for long enough, if it stays.
    pub(super) fn holds_until(&self) -> Option<Instant> {
        match (self.hold, self.expected.stays_for) {
            (Hold::Since(since), Some(duration)) if !self.settled => since.checked_add(duration),
            _ => None,
        }
    }

    /// Reaches the verdict if the attribute has stayed until `moment` for long enough.
    pub(super) fn settle(&mut self, moment: Instant) {
        self.settled |= self.holds_until().is_some_and(|until| until <= moment);
    }

    /// Looks at an event of the attribute; true if that settles it.
    pub(super) fn observe(&mut self, entry: &Entry, event: &Event) -> bool {
        match (event.change(), &event.signal) {
            (Some(reading), _) if !self.is_unknown(reading) => {
                self.observe_change(entry, event, reading);
            }
            (Some(_), _)
            | (
                None,
                Signal::Lost { .. }
                | Signal::StillLost { .. }
                | Signal::Gap { .. }
                | Signal::Error(_),
            ) => {
                if matches!(self.hold, Hold::Since(_)) {
                    self.hold = Hold::Unknown;
                }
            }
            // the same value again: what was in doubt is known from now on
            (None, _) if self.hold == Hold::Unknown => self.hold = Hold::Since(entry.instant),
            (None, _) => {}
        }
        self.settled
    }

    /// Whether the device gave no value where one is expected: nobody knows, then.
    fn is_unknown(&self, reading: &Reading) -> bool {
        let to = self.expected.to.as_ref();
        reading.value.is_void() && to.is_some_and(|to| !to.is_void())
    }

    fn observe_change(&mut self, entry: &Entry, event: &Event, reading: &Reading) {
        let Changes {
            to,
            from,
            matchers,
            times,
            stays_for,
            ..
        } = self.expected;
        let to_fits = to.as_ref().is_none_or(|to| *to == reading.value);
        let from_fits = from
            .as_ref()
            .is_none_or(|from| event.previous.as_ref() == Some(from));
        let nearest = if !to_fits {
            Nearest::OtherChange(entry.clone())
        } else if !from_fits {
            Nearest::OtherPrevious(entry.clone())
        } else if let Some(index) = matchers
            .iter()
            .position(|matcher| !(matcher.matches)(reading))
        {
            Nearest::NotMatching(entry.clone(), index)
        } else {
            self.matched += 1;
            self.nearest = Nearest::Matched(entry.clone());
            if self.matched >= *times {
                self.hold = Hold::Since(entry.instant);
                self.settled = stays_for.is_none();
            }
            return;
        };
        if self.hold == Hold::No {
            if nearest.rank() >= self.nearest.rank() {
                self.nearest = nearest;
            }
        } else {
            self.hold = Hold::No;
            if let Nearest::Matched(matched) = &self.nearest {
                self.nearest = Nearest::Left(matched.clone(), entry.clone());
            }
        }
    }

    /// What came nearest, in words.
    fn nearest(&self, clock: &Clock) -> String {
        let event = |entry: &Entry| {
            entry
                .event()
                .map_or_else(String::new, |event| clock.change(entry, event))
        };
        match &self.nearest {
            Nearest::NoChange => match (self.latest(), self.lost()) {
                (Some(reading), None) => format!("no change; it is {reading}"),
                (Some(reading), Some(reason)) => format!(
                    "nothing can be heard: the subscription is lost ({reason}); it was {reading}"
                ),
                (None, _) => "no value was ever received".to_owned(),
            },
            Nearest::OtherChange(entry) => format!("last change {}", event(entry)),
            Nearest::OtherPrevious(entry) => event(entry),
            Nearest::NotMatching(entry, index) => {
                let name = &self.expected.matchers[*index].name;
                format!("{}, not matching {name}", event(entry))
            }
            Nearest::Matched(entry) if self.matched < self.expected.times => {
                format!(
                    "{} of {} times, last {}",
                    self.matched,
                    self.expected.times,
                    event(entry)
                )
            }
            Nearest::Matched(entry) => match self.hold {
                Hold::Unknown => format!("{}, then events may have been missed", event(entry)),
                _ => format!("{}, too late to be seen to stay", event(entry)),
            },
            Nearest::Left(matched, left) => {
                let stayed = left.instant.saturating_duration_since(matched.instant);
                let stayed = humantime::format_duration(to_millis(stayed));
                format!(
                    "{}, stayed for {stayed}, then {}",
                    event(matched),
                    event(left)
                )
            }
        }
    }

    fn latest(&self) -> Option<Reading> {
        self.device
            .tracer()
            .latest(self.device.name(), &self.expected.subject.attribute)
    }

    fn lost(&self) -> Option<String> {
        let attribute = &self.expected.subject.attribute;
        self.device.tracer().lost(self.device.name(), attribute)
    }

    /// What to look at, when nothing at all was seen.
    fn advice(&self) -> Option<String> {
        if !matches!(self.nearest, Nearest::NoChange) {
            return None;
        }
        let (device, attribute) = (self.device.name(), &self.expected.subject.attribute);
        let there = self.latest().map(|reading| reading.value);
        if there.is_some() && there == self.expected.to {
            return Some(format!(
                "{device} {attribute} had that value already and did not change; \
                 if being there is enough, use is_in_state"
            ));
        }
        None
    }
}

/// Adds what was expected of each device, met or not, to an account.
pub(super) fn tell(account: Failure, tracked: &[Tracking<'_>], watch: &Watch) -> Failure {
    let clock = Clock::since(watch.mark());
    tracked.iter().fold(account, |account, tracking| {
        let expected = tracking.expected;
        let (device, attribute) = (tracking.device.name(), &expected.subject.attribute);
        let what = format!("{device} {attribute} {}", expected.predicate());
        if tracking.settled {
            return account.with_expected(Expected::met(what));
        }
        let account =
            account.with_expected(Expected::missing(what).nearest(tracking.nearest(&clock)));
        match tracking.advice() {
            Some(advice) => account.with_advice(advice),
            None => account,
        }
    })
}

/// Nobody reads nanoseconds.
fn to_millis(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
