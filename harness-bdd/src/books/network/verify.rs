//! Looking whether all is well again.

use harness_core::{Signal, Timeout, journal::EntryKind};

use super::{
    flow::{Flow, nodes},
    quantity::time,
};
use crate::{BoxError, Context, HasTelescope, phrase::words};

/// The attribute that every device answers.
const STATE: &str = "State";

pub(super) async fn recovers<W: HasTelescope>(
    world: &mut W,
    context: Context,
) -> Result<(), BoxError> {
    let words = words(&context)?;
    let session = world.session();
    let names = match words.who("who") {
        Some(who) => nodes(session, who)?,
        None => session
            .telescope()?
            .devices()
            .map(|(_, traced)| traced.name().to_string())
            .collect(),
    };
    let part = Flow::of(session, &words)?.part;
    let telescope = session.telescope()?;
    let within = time(&words, "time", "")?.unwrap_or(telescope.config().timeouts().command);
    let timeout = Timeout::new(within);
    let devices = telescope.devices().map(|(_, traced)| traced);
    for device in devices.filter(|traced| names.iter().any(|name| **name == **traced.name())) {
        let probe = || async { device.device().read(STATE).await };
        let recovery = part.recovers_within(timeout.clone(), probe).await;
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
        .map(|who| nodes(session, who))
        .transpose()?;
    let mark = match session.first_when() {
        Some(when) => when.mark.clone(),
        None => return Err("nothing was done yet: this line needs a When before it".into()),
    };
    let is_meant = |device: &str| {
        names
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name == device))
    };
    let journal = session.telescope()?.tracer().journal();
    let entries = journal.since(&mark);
    let gaps = entries.iter().filter_map(|entry| match &*entry.kind {
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
    });
    let gaps: Vec<String> = gaps.collect();
    match gaps.is_empty() {
        true => Ok(()),
        false => Err(format!("events may have been lost:\n  {}", gaps.join("\n  ")).into()),
    }
}
