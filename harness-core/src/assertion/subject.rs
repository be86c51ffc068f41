//! What most assertions are about: one attribute of some devices.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use futures_util::future::join_all;

use crate::event::Event;
use crate::failure::{Expected, Failure};
use crate::tracer::TracedDevice;

/// How many devices are named in a line before the rest is counted.
const NAMED: usize = 3;

/// One attribute of some devices.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) devices: Vec<TracedDevice>,
    pub(super) attribute: Arc<str>,
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
}

/// `low-tmc/subarray/01 obsState`, with several devices `a/b/1, a/b/2 obsState`.
impl Display for Subject {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
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

/// Watches the attribute of all devices, asking them at the same time; all that can not be
/// watched are reported.
pub(super) async fn watch_all(subject: &Subject) -> Result<(), Failure> {
    let asked = subject
        .devices
        .iter()
        .map(|device| device.watch(&subject.attribute));
    let failures: Vec<_> = join_all(asked)
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
