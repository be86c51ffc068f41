//! Looking whether all is well again.

use std::time::Duration;

use futures_util::future::join_all;
use harness_core::{Signal, Timeout, TracedDevice, device::is_same_name, journal::EntryKind};
use tokio::time::{Instant, sleep};

use super::{
    flow::{Flow, nodes},
    quantity::time,
};
use crate::{
    BoxError, Context, HasTelescope,
    phrase::words,
    world::{OBS_STATE, STATE, TELESCOPE_STATE},
};

/// What devices push at each change, so that the last event tells what is.
const STATES: [&str; 3] = [OBS_STATE, STATE, TELESCOPE_STATE];

/// How long an event may take after what it tells could be read.
const ON_THEIR_WAY: Duration = Duration::from_secs(2);

/// Before it is read again.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn recovers<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let names = match words.who("who") {
        Some(who) => nodes(session, who, &words)?,
        None => session
            .telescope()?
            .devices()
            .map(|(_, traced)| traced.name().to_string())
            .collect(),
    };
    let part = Flow::of(session, &words)?.part;
    let telescope = session.telescope()?;
    let within = time(&words, "time", "unit")?.unwrap_or(telescope.config().timeouts().command);
    let timeout = Timeout::new(within);
    let devices = telescope.devices().map(|(_, traced)| traced);
    let meant = devices.filter(|traced| names.iter().any(|name| **name == **traced.name()));
    // all at once: over a slow network the time would not do for one after the other
    let recoveries = meant.map(|device| {
        let (part, timeout) = (&part, timeout.clone());
        async move {
            let probe = || async { device.device().read(STATE).await };
            (device, part.recovers_within(timeout, probe).await)
        }
    });
    for (device, recovery) in join_all(recoveries).await {
        let recovery = recovery.map_err(|error| {
            let cause = std::error::Error::source(&error);
            let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
            format!("{} does not answer: {error}{cause}", device.name())
        })?;
        let journal = telescope.tracer().journal();
        journal.note(format!("{} {recovery}", device.name()));
    }
    Ok(())
}

pub(super) async fn nothing_lost<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let names = words
        .who("who")
        .map(|who| nodes(session, who, &words))
        .transpose()?;
    let mark = match session.first_when() {
        Some(when) => when.mark.clone(),
        None => return Err("nothing was done yet: this line needs a When before it".into()),
    };
    let is_meant = |device: &str| {
        names
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| is_same_name(name, device)))
    };
    let telescope = session.telescope()?;
    let devices: Vec<&TracedDevice> = telescope
        .devices()
        .map(|(_, traced)| traced)
        .filter(|traced| is_meant(traced.name()))
        .collect();
    let mut problems = Vec::new();
    let mut is_heard = false;
    for device in devices {
        for attribute in telescope.tracer().watched(device.name()) {
            is_heard = true;
            problems.extend(untold(device, &attribute).await);
        }
    }
    if !is_heard {
        return Err(
            "no events of these devices are listened to, so none can be missed; a line before this \
             one must be about what they do"
                .into(),
        );
    }
    let entries = telescope.tracer().journal().since(&mark);
    problems.extend(entries.iter().filter_map(|entry| match &*entry.kind {
        EntryKind::Event(event) if is_meant(&event.device) => match &event.signal {
            Signal::Gap { missed, reason } => {
                let missed = missed.map_or_else(|| "some".to_owned(), |missed| missed.to_string());
                Some(format!(
                    "{} events of {} of {}: {reason}",
                    missed, event.attribute, event.device
                ))
            }
            _ => None,
        },
        _ => None,
    }));
    match problems.is_empty() {
        true => Ok(()),
        false => Err(format!("events may have been lost:\n  {}", problems.join("\n  ")).into()),
    }
}

/// What is not told of an attribute at present: it is not heard of, or, of a state, it is another than
/// the last event told. Events that are on their way have [`ON_THEIR_WAY`].
async fn untold(device: &TracedDevice, attribute: &str) -> Option<String> {
    let (tracer, name) = (device.tracer(), device.name());
    if let Some(reason) = tracer.lost(name, attribute) {
        return Some(format!(
            "nothing is heard of {attribute} of {name}: {reason}"
        ));
    }
    if !STATES.iter().any(|it| it.eq_ignore_ascii_case(attribute)) {
        return None;
    }
    let deadline = Instant::now() + ON_THEIR_WAY;
    loop {
        let read = match device.read(attribute).await {
            Ok(reading) => reading.value,
            Err(error) => {
                return Some(format!(
                    "{attribute} of {name} can't be read, so nobody knows what its last event was \
                     to tell: {error}"
                ));
            }
        };
        let told = tracer.latest(name, attribute).map(|reading| reading.value);
        match told {
            Some(told) if told == read => return None,
            Some(told) if Instant::now() >= deadline => {
                return Some(format!(
                    "{attribute} of {name} is {read}, and the last event told {told}"
                ));
            }
            None if Instant::now() >= deadline => return None,
            _ => sleep(PAUSE).await,
        }
    }
}
