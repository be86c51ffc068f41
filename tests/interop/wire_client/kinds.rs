//! Events of the kinds other than change: archive, user, alarm and periodic ones, that data are
//! ready, changes of configurations and of the interface.

use std::error::Error;
use std::time::Duration;

use tango_wire::types::EventKind;
use tango_wire::{DataType, Error as WireError, EventNotice, Quality, Value};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::errors::has_reason;
use crate::follower::{Follower, QUIET, SOON, in_words, push};
use crate::peer::Peer;
use crate::report::Report;

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    pushed(peer, report, EventKind::Archive, "archive").await?;
    pushed(peer, report, EventKind::User, "user").await?;
    if peer.can("alarm events") {
        pushed(peer, report, EventKind::Alarm, "alarm").await?;
    } else {
        // servers before Tango 10 do not know the word
        let refused = subscribed(peer, "count", EventKind::Alarm).await;
        has_reason(report, "alarm", refused, "API_WrongNumberOfArgs");
    }
    for kind in [EventKind::Change, EventKind::Archive, EventKind::Periodic] {
        polled(peer, report, kind).await?;
    }
    data_ready(peer, report).await?;
    if peer.takes_configurations() {
        configuration(peer, report).await?;
    }
    interface(peer, report).await?;
    refusals(peer, report).await;
    Ok(())
}

/// What a subscription's handler passes on.
type Notices<T, C = T> = mpsc::UnboundedReceiver<EventNotice<T, C>>;

/// The handler of a subscription, and the other end of it.
fn channel<T, C>() -> (impl Fn(EventNotice<T, C>), Notices<T, C>) {
    let (into, notices) = mpsc::unbounded_channel();
    let handler = move |notice| {
        // nobody listens any more at the end
        let _ = into.send(notice);
    };
    (handler, notices)
}

/// The next notice of a subscription, which must be an event.
async fn event<T, C>(notices: &mut Notices<T, C>) -> Option<T> {
    match timeout(SOON, notices.recv()).await {
        Ok(Some(EventNotice::Event(event))) => Some(event),
        _ => None,
    }
}

/// Events that the device pushes: in order, with errors and invalid values in their place, and not
/// among those of another kind.
async fn pushed(
    peer: &Peer,
    report: &mut Report,
    kind: EventKind,
    word: &str,
) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let (mut follower, mut changes) = (Follower::new(), Follower::new());
    push(device, word, "count", 7).await?;
    let initial = follower.follow_kind(device, "count", kind).await?;
    let expected = "initial 7".to_owned();
    report.equal(
        &format!("{word}: value of now"),
        &in_words(&initial),
        &expected,
    );
    changes.follow(device, "count").await?;
    push(device, word, "count", 20).await?;
    let expected: Vec<String> = (1..=20).map(|number| format!("count {number}")).collect();
    let found = follower.words(20, SOON).await;
    report.equal(&format!("{word}: 20 in order"), &found, &expected);
    if kind != EventKind::User || peer.can("errors of user events") {
        device
            .command("PushError", Value::String(word.to_owned()))
            .await?;
        match follower.next(SOON).await {
            (_, EventNotice::Error(failure)) => report.equal(
                &format!("{word}: error"),
                &failure.reason(),
                &"Everything_Pushed",
            ),
            (_, other) => report.failed(&format!("{word}: error"), &in_words(&other)),
        }
    }
    report.equal(
        &format!("{word}: nothing more"),
        &follower.more().await,
        &None,
    );
    let among = changes.more().await;
    report.equal(&format!("{word}: none among changes"), &among, &None);
    let mut follower = Follower::new();
    follower.follow_kind(device, "invalid", kind).await?;
    device
        .command("PushInvalid", Value::String(word.to_owned()))
        .await?;
    match follower.next(SOON).await {
        (_, EventNotice::Event(reading)) => report.equal(
            &format!("{word}: invalid"),
            &(reading.value, reading.quality),
            &(Value::Void, Quality::Invalid),
        ),
        (_, other) => report.failed(&format!("{word}: invalid"), &in_words(&other)),
    }
    Ok(())
}

/// Events that the server's polling makes: the values rise.
async fn polled(peer: &Peer, report: &mut Report, kind: EventKind) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    follower.follow_kind(&peer.device, "polled", kind).await?;
    let what = format!("polled, {kind}");
    // cppTango 9 at times sends no archive event at all after a first subscription, though
    // periodic ones of the same attribute come; why is not known
    if kind == EventKind::Archive && peer.is_pytango() && !peer.is_pytango_from(10, 0) {
        let (attribute, first) = follower.next(Duration::from_secs(3)).await;
        if attribute.is_empty() {
            println!("{what}: {}; subscribed again", in_words(&first));
            follower = Follower::new();
            follower.follow_kind(&peer.device, "polled", kind).await?;
        }
    }
    let mut values = Vec::new();
    while values.len() < 4 {
        match follower.next(SOON).await {
            (_, EventNotice::Event(reading)) => values.push(reading.value),
            // what a server says on a busy machine, and then goes on polling
            (_, EventNotice::Error(failure)) if failure.reason() == "API_PollThreadOutOfSync" => {}
            (_, other) => {
                report.failed(&what, &in_words(&other));
                return Ok(());
            }
        }
    }
    // a subscription has a reading made beside the polling, which is why the first may be further
    let rises = values.windows(2).all(|pair| match pair {
        [Value::Long(one), Value::Long(next)] => one < next,
        _ => false,
    });
    report.check(&what, rises, values);
    Ok(())
}

async fn data_ready(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let (handler, mut notices) = channel();
    let subscription = peer.device.subscribe_to_data_ready("row", handler).await?;
    let first = notices.recv().await;
    let is_initial = matches!(first, Some(EventNotice::Initial(())));
    report.check("data ready: first notice", is_initial, &first);
    push(&peer.device, "data_ready", "row", 3).await?;
    let mut found = Vec::new();
    while found.len() < 3 {
        let Some(event) = event(&mut notices).await else {
            break;
        };
        found.push((event.name.to_lowercase(), event.data_type, event.counter));
    }
    let expected: Vec<_> = (1..=3)
        .map(|number| ("row".to_owned(), DataType::Double, number))
        .collect();
    report.equal("data ready", &found, &expected);
    drop(subscription);
    Ok(())
}

/// A configuration that this client changes itself.
async fn configuration(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let (handler, mut notices) = channel();
    let subscription = device.subscribe_to_config("quality_alarm", handler).await?;
    let Some(EventNotice::Initial(before)) = notices.recv().await else {
        report.failed("configuration of now", "is not the first notice");
        return Ok(());
    };
    report.equal(
        "configuration of now",
        &before,
        &device.attribute_config("quality_alarm").await?,
    );
    let mut wanted = before.clone();
    "nö, another".clone_into(&mut wanted.label);
    "5".clone_into(&mut wanted.events.absolute_change);
    for config in [&wanted, &before] {
        device
            .set_attribute_configs(std::slice::from_ref(config))
            .await?;
        let found = event(&mut notices).await;
        let found = found.map(|config| (config.label, config.events.absolute_change));
        let expected = (config.label.clone(), config.events.absolute_change.clone());
        report.equal(
            &format!("configuration changed to {}", config.label),
            &found,
            &Some(expected),
        );
    }
    drop(subscription);
    Ok(())
}

/// An attribute that comes and goes.
async fn interface(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let (handler, mut notices) = channel();
    let subscription = device.subscribe_to_interface(handler).await?;
    let Some(EventNotice::Initial(before)) = notices.recv().await else {
        report.failed("interface of now", "is not the first notice");
        return Ok(());
    };
    let name = || Value::String("added".to_owned());
    for (command, there) in [("AddAttribute", true), ("RemoveAttribute", false)] {
        if !peer.removes_attributes() && !there {
            continue;
        }
        device.command(command, name()).await?;
        let Some(change) = event(&mut notices).await else {
            report.failed(command, "no event came");
            continue;
        };
        let count = before.attributes.len() + usize::from(there);
        let has = |wanted: &str| change.attributes.iter().any(|known| known.name == wanted);
        report.equal(
            &format!("{command} is told"),
            &(change.attributes.len(), has("added"), change.device_started),
            &(count, there, false),
        );
        report.equal(
            &format!("{command}: commands"),
            &change.commands.len(),
            &before.commands.len(),
        );
        // cppTango loses a change that is made while it sends another
        sleep(QUIET).await;
        let read = device.read("added").await.map(|reading| reading.value);
        if there {
            report.gives("the added attribute", read, &Value::Long(7));
        } else {
            has_reason(report, "the removed attribute", read, "API_AttrNotFound");
        }
    }
    let more = timeout(QUIET, notices.recv()).await;
    report.check("interface: nothing more", more.is_err(), &more);
    drop(subscription);
    Ok(())
}

async fn refusals(peer: &Peer, report: &mut Report) {
    const NOT_POLLED: &str = "API_AttributePollingNotStarted";
    for (kind, attribute) in [
        (EventKind::Change, "dated"),
        (EventKind::Archive, "dated"),
        (EventKind::Periodic, "count"),
    ] {
        let refused = subscribed(peer, attribute, kind).await;
        has_reason(
            report,
            &format!("{kind} of {attribute}"),
            refused,
            NOT_POLLED,
        );
    }
    let refused = peer.device.subscribe_to_data_ready("dated", |_| ()).await;
    let reason = "API_AttributeNotDataReadyEnabled";
    has_reason(report, "data ready of dated", refused, reason);
    let unknown = peer.device.subscribe_to_config("no_such", |_| ()).await;
    has_reason(
        report,
        "configuration of no_such",
        unknown,
        "API_AttrNotFound",
    );
}

/// A subscription that ends at once.
async fn subscribed(peer: &Peer, attribute: &str, kind: EventKind) -> Result<(), WireError> {
    let subscribed = peer.device.subscribe_to(attribute, kind, |_| ()).await;
    subscribed.map(drop)
}
