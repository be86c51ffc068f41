//! Follows one attribute, or several in the order in which the server sent their events.

use std::time::Duration;

use tango_wire::types::EventKind;
use tango_wire::{DeviceProxy, Error, EventNotice, EventSubscription, Value};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long an event may take on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(10);
/// For how long nothing more must come.
pub(crate) const QUIET: Duration = Duration::from_millis(300);

/// The notices of all subscriptions it was given, with the attribute's name.
#[derive(Debug)]
pub(crate) struct Follower {
    notices: mpsc::UnboundedReceiver<(&'static str, EventNotice)>,
    into: mpsc::UnboundedSender<(&'static str, EventNotice)>,
    subscriptions: Vec<EventSubscription>,
}

impl Follower {
    pub(crate) fn new() -> Follower {
        let (into, notices) = mpsc::unbounded_channel();
        Follower {
            notices,
            into,
            subscriptions: Vec::new(),
        }
    }

    /// Follows one attribute's changes; the value of now is taken from its notices and returned.
    pub(crate) async fn follow(
        &mut self,
        device: &DeviceProxy,
        attribute: &'static str,
    ) -> Result<EventNotice, Error> {
        self.follow_kind(device, attribute, EventKind::Change).await
    }

    /// The same with events of another kind.
    pub(crate) async fn follow_kind(
        &mut self,
        device: &DeviceProxy,
        attribute: &'static str,
        kind: EventKind,
    ) -> Result<EventNotice, Error> {
        let into = self.into.clone();
        let handler = move |notice| {
            // nobody listens any more at the end
            let _ = into.send((attribute, notice));
        };
        let subscription = device.subscribe_to(attribute, kind, handler).await?;
        self.subscriptions.push(subscription);
        let initial = self.notices.try_recv().map(|(_, notice)| notice);
        Ok(initial.unwrap_or_else(|_| lost("no first notice")))
    }

    /// The next notice, or word that none came.
    pub(crate) async fn next(&mut self, within: Duration) -> (&'static str, EventNotice) {
        match timeout(within, self.notices.recv()).await {
            Ok(Some(notice)) => notice,
            _ => ("", lost("nothing came")),
        }
    }

    /// The next so many notices, as short words: "count 5", "text error", "count gap".
    pub(crate) async fn words(&mut self, count: usize, within: Duration) -> Vec<String> {
        let mut words = Vec::new();
        while words.len() < count {
            let Ok(Some((attribute, notice))) = timeout(within, self.notices.recv()).await else {
                words.push(format!("nothing within {within:?}"));
                break;
            };
            words.push(format!("{attribute} {}", in_words(&notice)));
        }
        words
    }

    /// What comes though nothing should.
    pub(crate) async fn more(&mut self) -> Option<String> {
        let (attribute, notice) = timeout(QUIET, self.notices.recv()).await.ok()??;
        Some(format!("{attribute} {}", in_words(&notice)))
    }

    /// Ends all subscriptions.
    pub(crate) fn stop(&mut self) {
        self.subscriptions.clear();
    }
}

fn lost(reason: &str) -> EventNotice {
    EventNotice::Lost {
        reason: reason.to_owned(),
    }
}

/// A notice in short.
pub(crate) fn in_words(notice: &EventNotice) -> String {
    let short = |value: &Value| match value {
        Value::Long(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Doubles(items) => format!("{items:?}"),
        other => format!("{other:?}"),
    };
    match notice {
        EventNotice::Initial(reading) => format!("initial {}", short(&reading.value)),
        EventNotice::Event(reading) => short(&reading.value),
        EventNotice::Error(failure) => format!("error {failure}"),
        EventNotice::Lost { reason } => format!("lost: {reason}"),
        EventNotice::Gap { missed, reason } => format!("gap of {missed:?}: {reason}"),
        EventNotice::Back(reading) => format!("back {}", short(&reading.value)),
        other => format!("{other:?}"),
    }
}

/// The command that has the device push events back to back.
pub(crate) async fn push(
    device: &DeviceProxy,
    kind: &str,
    attribute: &str,
    times: u32,
) -> Result<(), Error> {
    let arguments = [kind.to_owned(), attribute.to_owned(), times.to_string()];
    device
        .command("Push", Value::Strings(arguments.to_vec()))
        .await
        .map(|_| ())
}
