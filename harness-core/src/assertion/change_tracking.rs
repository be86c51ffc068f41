//! Following one device's attribute towards the changes that are expected of it.

use tokio::time::Instant;

use super::changes::Changes;
use super::closing::Awaited;
use super::matcher::MatcherPanic;
use super::subject::Verdict;
use super::{Assertion, Matcher, Watch};
use crate::device::Reading;
use crate::event::{Event, Signal};
use crate::journal::Entry;
use crate::tracer::TracedDevice;

/// How far one device has come.
pub(super) struct Tracking<'a> {
    pub(super) expected: &'a Changes,
    pub(super) device: &'a TracedDevice,
    /// How many changes were as expected.
    pub(super) matched: usize,
    pub(super) hold: Hold,
    /// Whether all that must be seen was seen; it stays.
    settled: bool,
    /// What can not be mended.
    pub(super) broken: Option<Broken>,
    /// What came nearest; only put into words when the assertion fails.
    pub(super) nearest: Nearest,
}

/// Whether the attribute stays as it changed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Hold {
    /// It has not changed as expected, or has left again.
    No,
    Since(Instant),
    /// It changed as expected, but events may have been missed since.
    Unknown,
}

/// Why the expectation can not hold any more.
pub(super) enum Broken {
    /// The change that was one too many.
    TooMany(Entry),
    /// Events may have been missed: nobody knows how many changes there were.
    Missed(Entry),
    /// From the beginning, for the reason that the subscription told.
    Deaf(String),
    Panicked(Entry, MatcherPanic),
}

/// What came nearest to the expectation, from far to near.
pub(super) enum Nearest {
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
        let attribute = &expected.subject.attribute;
        let lost = match expected.count.most().is_some() {
            true => device.tracer().lost(device.name(), attribute),
            false => None,
        };
        Self {
            expected,
            device,
            matched: 0,
            hold: Hold::No,
            settled: expected.count.least() == 0,
            broken: lost.map(Broken::Deaf),
            nearest: Nearest::NoChange,
        }
    }

    /// What is known so far. Without an upper bound it stays, once it is not open; with one,
    /// what holds may still fail.
    pub(super) fn verdict(&self) -> Verdict {
        match (&self.broken, self.settled) {
            (Some(_), _) => Verdict::Fails,
            (None, true) => Verdict::Holds,
            (None, false) => Verdict::Open,
        }
    }

    /// When the attribute will have stayed for long enough, if it stays.
    pub(super) fn holds_until(&self) -> Option<Instant> {
        match (self.hold, self.expected.stays_for) {
            (Hold::Since(since), Some(duration)) if !self.settled => since.checked_add(duration),
            _ => None,
        }
    }

    /// Has seen enough if the attribute has stayed until `moment` for long enough.
    pub(super) fn settle(&mut self, moment: Instant) {
        self.settled |= self.holds_until().is_some_and(|until| until <= moment);
    }

    /// Looks at an event of the attribute.
    pub(super) fn observe(&mut self, entry: &Entry, event: &Event) {
        let bounded = self.expected.count.most().is_some();
        if self.broken.is_some() || (self.settled && !bounded) {
            return;
        }
        if bounded && leaves_doubt(&event.signal) {
            self.broken = Some(Broken::Missed(entry.clone()));
            return;
        }
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
    }

    /// Whether the device gave no value where one is expected: nobody knows, then.
    fn is_unknown(&self, reading: &Reading) -> bool {
        let to = self.expected.to.as_ref();
        to.is_some_and(|to| to.is_unknown(reading))
    }

    fn observe_change(&mut self, entry: &Entry, event: &Event, reading: &Reading) {
        let nearest = match self.compare(entry, event, reading) {
            Err(panic) => {
                self.broken = Some(Broken::Panicked(entry.clone(), panic));
                return;
            }
            Ok(nearest) => nearest,
        };
        if let Nearest::Matched(_) = nearest {
            self.matched += 1;
            self.nearest = nearest;
            if self.matched >= self.expected.count.least() {
                self.hold = Hold::Since(entry.instant);
                self.settled |= self.expected.stays_for.is_none();
            }
            let most = self.expected.count.most();
            if most.is_some_and(|most| self.matched > most) {
                self.broken = Some(Broken::TooMany(entry.clone()));
            }
        } else if self.hold == Hold::No {
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

    /// Whether an event is a change as expected, without looking at it any further.
    pub(super) fn is_match(&self, entry: &Entry, event: &Event) -> bool {
        event.change().is_some_and(|reading| {
            // one that panics is told when it is awaited
            let nearest = self.compare(entry, event, reading);
            matches!(nearest, Ok(Nearest::Matched(_)))
        })
    }

    /// How near a change is to what is expected.
    fn compare(
        &self,
        entry: &Entry,
        event: &Event,
        reading: &Reading,
    ) -> Result<Nearest, MatcherPanic> {
        let Changes {
            to, from, matchers, ..
        } = self.expected;
        if let Some(to) = to
            && !to.matches(reading)?
        {
            return Ok(Nearest::OtherChange(entry.clone()));
        }
        if let Some(from) = from
            && !fits_previous(from, event)?
        {
            return Ok(Nearest::OtherPrevious(entry.clone()));
        }
        for (index, matcher) in matchers.iter().enumerate() {
            if !matcher.matches(reading)? {
                return Ok(Nearest::NotMatching(entry.clone(), index));
            }
        }
        Ok(Nearest::Matched(entry.clone()))
    }
}

/// Whether events before this one may have been missed.
pub(super) fn leaves_doubt(signal: &Signal) -> bool {
    match signal {
        // an initial value within the watch means that it was not watched from its beginning
        Signal::Initial(_)
        | Signal::Lost { .. }
        | Signal::StillLost { .. }
        | Signal::Gap { .. }
        | Signal::Back(_) => true,
        Signal::Change(_) | Signal::Error(_) => false,
    }
}

fn fits_previous(from: &Matcher, event: &Event) -> Result<bool, MatcherPanic> {
    match &event.previous {
        Some(previous) => from.matches(&Reading::new(previous)),
        None => Ok(false),
    }
}

/// When something with an upper bound has been watched for long enough.
pub(super) struct Ending {
    /// The moment until which it must be watched, as long as that is not reached.
    open_until: Option<Instant>,
    is_enough: bool,
    awaited: Option<Awaited>,
}

impl Ending {
    pub(super) fn new(expected: &Changes, watch: &Watch) -> Self {
        let begun = watch.mark().instant();
        let open_until = expected
            .for_at_least
            .map(|duration| begun.checked_add(duration).unwrap_or(begun));
        let awaited = match expected.is_judged_last() {
            true => watch.awaits(open_until.is_some()),
            false => None,
        };
        Self {
            open_until,
            is_enough: false,
            awaited,
        }
    }

    /// All that must be seen was seen.
    pub(super) fn enough(&mut self) {
        self.is_enough = true;
        self.let_go();
    }

    /// The next moment to stop at.
    pub(super) fn next(&self) -> Option<Instant> {
        self.open_until
    }

    /// It was watched until `moment`.
    pub(super) fn settle(&mut self, moment: Instant) {
        self.open_until = self.open_until.filter(|until| *until > moment);
        self.let_go();
    }

    pub(super) fn is_reached(&self) -> bool {
        self.open_until.is_none()
    }

    fn let_go(&mut self) {
        if self.is_enough && self.is_reached() {
            self.awaited = None;
        }
    }
}
