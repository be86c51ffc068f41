//! What most assertions are about: one attribute of some devices.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use futures_util::future::join_all;

use super::Matcher;
use crate::device::Reading;
use crate::event::Event;
use crate::failure::{Clock, Expected, Failure};
use crate::journal::Entry;
use crate::tracer::{TracedDevice, TracerError};
use crate::value::Value;

/// How many devices are named in a line before the rest is counted.
pub(super) const NAMED: usize = 3;

/// One attribute of some devices.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) devices: Vec<TracedDevice>,
    pub(super) attribute: Arc<str>,
    /// Whether one of the devices is enough.
    pub(super) any: bool,
}

/// What is known of an expectation, of one device or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Open,
    Holds,
    /// Nothing that is still to come can mend it.
    Fails,
}

impl Subject {
    pub(super) fn new<D: AsRef<TracedDevice>>(
        devices: impl IntoIterator<Item = D>,
        attribute: &str,
    ) -> Self {
        let mut known: Vec<TracedDevice> = Vec::new();
        for device in devices {
            // naming a device twice says nothing more than naming it once
            if !known
                .iter()
                .any(|other| other.name() == device.as_ref().name())
            {
                known.push(device.as_ref().clone());
            }
        }
        Self {
            devices: known,
            attribute: attribute.into(),
            any: false,
        }
    }

    /// Which of the devices an event is from, if it concerns the attribute.
    pub(super) fn position(&self, event: &Event) -> Option<usize> {
        if !event.attribute.eq_ignore_ascii_case(&self.attribute) {
            return None;
        }
        self.devices
            .iter()
            .position(|device| device.name() == &event.device)
    }

    /// Why nothing can be asked of no device, if there is none: it would hold whatever happens.
    pub(super) fn check_named(&self, what: &str) -> Result<(), Failure> {
        if !self.devices.is_empty() {
            return Ok(());
        }
        let account = Failure::new(format!("{self} {what}: no device was named"));
        Err(self.account(account, what, []))
    }

    /// What those of the devices come to; nothing holds for no device.
    pub(super) fn verdict(&self, mut verdicts: impl Iterator<Item = Verdict>) -> Verdict {
        if self.devices.is_empty() {
            return Verdict::Fails;
        }
        // one that decides for all, and what it means if all are of the other kind
        let (decisive, otherwise) = match self.any {
            true => (Verdict::Holds, Verdict::Fails),
            false => (Verdict::Fails, Verdict::Holds),
        };
        let mut all = otherwise;
        loop {
            match verdicts.next() {
                None => return all,
                Some(verdict) if verdict == decisive => return decisive,
                Some(Verdict::Open) => all = Verdict::Open,
                Some(_) => {}
            }
        }
    }

    /// A value in the words of the devices, as far as one of them knows them.
    pub(super) fn labelled(&self, value: &Value) -> Value {
        // text has words already
        if value.as_str().is_some() {
            return value.clone();
        }
        let mut labelled = self
            .devices
            .iter()
            .map(|device| device.labelled(&self.attribute, value));
        let has_words = |value: &Value| value.as_str().is_some();
        labelled.find(has_words).unwrap_or_else(|| value.clone())
    }

    /// A matcher in words, with labels rather than numbers.
    pub(super) fn words(&self, matcher: &Matcher) -> String {
        matcher.describe(&|value| self.labelled(value))
    }

    /// A reading in words, with a label rather than a number.
    pub(super) fn reading(&self, reading: &Reading) -> String {
        let mut reading = reading.clone();
        reading.value = self.labelled(&reading.value);
        reading.to_string()
    }

    /// A change and when it was, with labels rather than numbers: see [`Clock::change`].
    pub(super) fn change(&self, clock: &Clock, entry: &Entry) -> String {
        let Some(event) = entry.event() else {
            return String::new();
        };
        let mut event = event.clone();
        event.previous = event.previous.map(|previous| self.labelled(&previous));
        if let Some(reading) = event.signal.reading_mut() {
            reading.value = self.labelled(&reading.value);
        }
        clock.change(entry, &event)
    }

    /// One of the devices and the attribute.
    pub(super) fn one(&self, device: &TracedDevice) -> String {
        format!("{} {}", device.name(), self.attribute)
    }

    /// What a failure reads again.
    pub(super) fn list(&self) -> Vec<(TracedDevice, Arc<str>)> {
        let attribute = || Arc::clone(&self.attribute);
        let devices = self.devices.iter().cloned();
        devices.map(|device| (device, attribute())).collect()
    }

    /// The last values heard: `now IDLE`, with several devices `now IDLE, READY`.
    pub(super) fn standing(&self) -> Option<String> {
        let latest = self.devices.iter().take(NAMED).map(|device| {
            let reading = device.tracer().latest(device.name(), &self.attribute)?;
            Some(self.reading(&reading))
        });
        let latest: Vec<_> = latest.collect::<Option<_>>()?;
        match self.devices.len().checked_sub(NAMED) {
            _ if latest.is_empty() => None,
            None | Some(0) => Some(format!("now {}", latest.join(", "))),
            Some(more) => Some(format!("now {} and {more} more", latest.join(", "))),
        }
    }

    /// Adds what was expected of the devices: of each, or in one line if one is enough. `predicate`
    /// is what is expected, `nearest` says of each device what came nearest, `None` if it is met.
    pub(super) fn account(
        &self,
        account: Failure,
        predicate: &str,
        nearest: impl IntoIterator<Item = Option<String>>,
    ) -> Failure {
        if self.devices.is_empty() {
            let expected = Expected::missing(format!("{self} {predicate}"));
            return account
                .with_expected(expected.nearest("no device was named"))
                .with_advice(
                    "name at least one device: what is asked of none holds whatever happens",
                );
        }
        let each = self.devices.iter().zip(nearest);
        if !self.any || self.devices.len() == 1 {
            return each.fold(account, |account, (device, nearest)| {
                let what = format!("{} {predicate}", self.one(device));
                account.with_expected(match nearest {
                    None => Expected::met(what),
                    Some(nearest) => Expected::missing(what).nearest(nearest),
                })
            });
        }
        let what = format!("{self} {predicate}");
        let told: Vec<_> = each
            .map(|(device, nearest)| format!("{} {}", device.name(), nearest.unwrap_or_default()))
            .collect();
        account.with_expected(Expected::missing(what).nearest(told.join("; ")))
    }
}

/// `low-tmc/subarray/01 obsState`, with several devices `a/b/1, a/b/2 obsState`.
impl Display for Subject {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.any && self.devices.len() > 1 {
            f.write_str("any of ")?;
        }
        for (index, device) in self.devices.iter().take(NAMED).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", device.name())?;
        }
        match self.devices.len() {
            0 => f.write_str("no device")?,
            count if count > NAMED => write!(f, " and {} more", count - NAMED)?,
            _ => {}
        }
        write!(f, " {}", self.attribute)
    }
}

/// Watches the attribute of all devices, asking them at the same time, and tells of each whether it
/// can be watched.
pub(super) async fn watch_each(subject: &Subject) -> Vec<Result<(), TracerError>> {
    let asked = subject
        .devices
        .iter()
        .map(|device| device.watch(&subject.attribute));
    join_all(asked).await
}

/// Watches the attribute of all devices, asking them at the same time; all that can not be
/// watched are reported, and it is a mistake to name none.
pub(super) async fn watch_all(subject: &Subject) -> Result<(), Failure> {
    subject.check_named("can be watched")?;
    let failures: Vec<_> = watch_each(subject)
        .await
        .into_iter()
        .filter_map(Result::err)
        .collect();
    if failures.is_empty() {
        return Ok(());
    }
    let account = Failure::new(format!("{subject} can not be watched"));
    Err(failures.into_iter().fold(account, |account, error| {
        let what = format!("{} {} can be watched", error.device, error.attribute);
        let expected = Expected::missing(what).nearest(error.source.to_string());
        let account = account.with_expected(expected);
        match error.advice() {
            Some(advice) => account.with_advice(advice),
            None => account,
        }
    }))
}
