//! What is expected of a change, and what came nearest to it, in words.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::behind::Behind;
use super::change_tracking::{Broken, Hold, Nearest, Tracking};
use super::changes::Changes;
use super::count::Times;
use super::subject::Verdict;
use super::{Watch, WatchEnd};
use crate::device::Reading;
use crate::event::Event;
use crate::failure::{Clock, Failure};
use crate::journal::Entry;

/// Writes what is expected of each device.
pub(super) struct Predicate<'a>(pub(super) &'a Changes);

impl Display for Predicate<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let expected = self.0;
        if expected.count.is_never() {
            f.write_str("never ")?;
        }
        f.write_str("changes")?;
        if let Some(from) = &expected.from {
            write!(f, " from {}", expected.subject.words(from))?;
        }
        if let Some(to) = &expected.to {
            write!(f, " to {}", expected.subject.words(to))?;
        }
        for matcher in &expected.matchers {
            write!(f, ", matching {}", matcher.name().unwrap_or_default())?;
        }
        write!(f, "{}", expected.count)?;
        if let Some(duration) = expected.stays_for {
            write!(f, " and stays for {}", humantime::format_duration(duration))?;
        }
        if let Some(duration) = expected.for_at_least {
            let watched = match expected.count.is_never() {
                true => "",
                false => ", watched",
            };
            let duration = humantime::format_duration(duration);
            write!(f, "{watched} for at least {duration}")?;
        }
        Ok(())
    }
}

/// The account of what was expected of each device, met or not. `end` is why the watch gave no more
/// entries, if it was looked at to its end.
pub(super) fn tell(
    expected: &Changes,
    tracked: &[Tracking<'_>],
    watch: &Watch,
    end: Option<&WatchEnd>,
    behind: &Behind<'_>,
) -> Failure {
    let clock = Clock::since(watch.mark());
    let subject = &expected.subject;
    // all was well, for too short a time
    let too_short = end.is_some() && expected.verdict(tracked) == Verdict::Holds;
    let nearest = tracked.iter().map(|tracking| match tracking.verdict() {
        Verdict::Holds if too_short => {
            let watched = to_millis(watch.mark().instant().elapsed());
            let watched = humantime::format_duration(watched);
            Some(format!("so far, but it was only watched for {watched}"))
        }
        Verdict::Holds => None,
        Verdict::Open | Verdict::Fails => Some(tracking.told(&clock, behind)),
    });
    let account = Failure::new(format!("{subject} did not change as expected"));
    let account = subject.account(account, &expected.predicate().to_string(), nearest);
    let advice = tracked.iter().filter_map(|one| one.advice(behind));
    advice.fold(account, Failure::with_advice)
}

impl Tracking<'_> {
    /// What came nearest, or what is wrong.
    pub(super) fn told(&self, clock: &Clock, behind: &Behind<'_>) -> String {
        match &self.broken {
            None => self.told_nearest(clock, behind),
            Some(Broken::TooMany(entry)) if self.expected.count.is_never() => {
                self.change(clock, entry)
            }
            Some(Broken::TooMany(entry)) => format!(
                "{}, the one too many {}",
                Times(self.matched),
                self.change(clock, entry)
            ),
            Some(Broken::Missed(entry)) => {
                let event = entry.event().map(ToString::to_string).unwrap_or_default();
                let at = clock.seconds(entry.instant);
                format!("events may have been missed: {event} at {at:+.3} s")
            }
            Some(Broken::Deaf(reason)) => {
                format!("events may have been missed: the subscription was lost before ({reason})")
            }
            Some(Broken::Panicked(entry, panic)) => {
                format!("{}, at which {panic}", self.change(clock, entry))
            }
        }
    }

    /// What came nearest within the watch, and what would have been as expected behind it.
    fn told_nearest(&self, clock: &Clock, behind: &Behind<'_>) -> String {
        let is_expected = |entry: &Entry, event: &Event| self.is_match(entry, event);
        let is_seen = self.matched >= self.expected.count.least();
        let late = match &self.nearest {
            // then it only did not stay
            Nearest::Matched(_) if is_seen => None,
            _ => behind.told(self.device, clock, is_expected),
        };
        match (late, &self.nearest) {
            (None, _) => self.told_within(clock, behind),
            (Some(late), Nearest::NoChange) => late,
            (Some(late), _) => format!("{}; {late}", self.told_within(clock, behind)),
        }
    }

    fn told_within(&self, clock: &Clock, behind: &Behind<'_>) -> String {
        let least = self.expected.count.least();
        match &self.nearest {
            Nearest::NoChange => match behind.value_before(self.device) {
                Some(value) => behind.no_change(value),
                None => self.told_unchanged(),
            },
            Nearest::OtherChange(entry) => format!("last change {}", self.change(clock, entry)),
            Nearest::OtherPrevious(entry) => self.change(clock, entry),
            Nearest::NotMatching(entry, index) => {
                let matcher = self.expected.matchers.get(*index);
                let name = matcher.and_then(|matcher| matcher.name());
                let change = self.change(clock, entry);
                format!("{change}, not matching {}", name.unwrap_or_default())
            }
            Nearest::Matched(entry) if self.matched < least => {
                let (seen, change) = (self.matched, self.change(clock, entry));
                format!("{seen} of {least} times, last {change}")
            }
            Nearest::Matched(entry) => match self.hold {
                Hold::Unknown => {
                    let change = self.change(clock, entry);
                    format!("{change}, then events may have been missed")
                }
                _ => format!("{}, too late to be seen to stay", self.change(clock, entry)),
            },
            Nearest::Left(matched, left) => {
                let stayed = left.instant.saturating_duration_since(matched.instant);
                let stayed = humantime::format_duration(to_millis(stayed));
                let (matched, left) = (self.change(clock, matched), self.change(clock, left));
                format!("{matched}, stayed for {stayed}, then {left}")
            }
        }
    }

    fn told_unchanged(&self) -> String {
        match (self.latest(), self.lost()) {
            (Some(reading), None) => format!("no change; it is {}", self.reading(&reading)),
            (Some(reading), Some(reason)) => format!(
                "nothing can be heard: the subscription is lost ({reason}); it was {}",
                self.reading(&reading)
            ),
            (None, _) => "no value was ever received".to_owned(),
        }
    }

    fn change(&self, clock: &Clock, entry: &Entry) -> String {
        self.expected.subject.change(clock, entry)
    }

    fn reading(&self, reading: &Reading) -> String {
        self.expected.subject.reading(reading)
    }

    fn latest(&self) -> Option<Reading> {
        let attribute = &self.expected.subject.attribute;
        self.device.tracer().latest(self.device.name(), attribute)
    }

    fn lost(&self) -> Option<String> {
        let attribute = &self.expected.subject.attribute;
        self.device.tracer().lost(self.device.name(), attribute)
    }

    /// What to look at, when nothing at all was seen.
    pub(super) fn advice(&self, behind: &Behind<'_>) -> Option<String> {
        let expected = self.expected;
        let nothing_seen = matches!(self.nearest, Nearest::NoChange);
        if !nothing_seen || self.verdict() != Verdict::Open {
            return None;
        }
        let there = match behind.value_before(self.device) {
            Some(value) => Reading::new(value.clone()),
            None => self.latest()?,
        };
        // a matcher that panics has nothing to advise
        let is_there = expected.to.as_ref()?.matches(&there).unwrap_or(false);
        is_there.then(|| {
            format!(
                "{} had that value already and did not change; \
                 if being there is enough, use is_in_state",
                expected.subject.one(self.device)
            )
        })
    }
}

/// Nobody reads nanoseconds.
pub(super) fn to_millis(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
