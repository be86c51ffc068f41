//! Events: each in its place, with all that a reading has.

use std::error::Error;

use tango_wire::types::AttributeFormat;
use tango_wire::{DataType, EventNotice, Quality, Value};

use crate::errors::has_reason;
use crate::follower::{Follower, SOON, in_words, push};
use crate::peer::Peer;
use crate::report::Report;

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    in_order(peer, report).await?;
    of_several(peer, report).await?;
    errors(peer, report).await?;
    readings(peer, report).await?;
    refusals(peer, report).await;
    ended(peer, report).await?;
    Ok(())
}

async fn in_order(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    push(&peer.device, "change", "count", 7).await?;
    let initial = follower.follow(&peer.device, "count").await?;
    report.equal("value of now", &in_words(&initial), &"initial 7".to_owned());
    push(&peer.device, "change", "count", 100).await?;
    let expected: Vec<String> = (1..=100).map(|number| format!("count {number}")).collect();
    report.equal("100 in order", &follower.words(100, SOON).await, &expected);
    push(&peer.device, "change", "count", 1).await?;
    push(&peer.device, "change", "count", 1).await?;
    let twice = vec!["count 1".to_owned(); 2];
    report.equal(
        "the same value twice",
        &follower.words(2, SOON).await,
        &twice,
    );
    report.equal("nothing more", &follower.more().await, &None);
    Ok(())
}

async fn of_several(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    for attribute in ["count", "text", "row"] {
        follower.follow(&peer.device, attribute).await?;
    }
    peer.device
        .command("PushAlternately", Value::Long(50))
        .await?;
    let mut expected = Vec::new();
    for number in 1..=50_i32 {
        expected.push(format!("count {number}"));
        expected.push(format!("text {number}"));
        let number = f64::from(number);
        expected.push(format!("row {:?}", [number, number / 2.0]));
    }
    let found = follower.words(expected.len(), SOON).await;
    report.equal("three attributes in order", &found, &expected);
    Ok(())
}

async fn errors(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    follower.follow(&peer.device, "count").await?;
    push(&peer.device, "change", "count", 1).await?;
    peer.device
        .command("PushError", Value::String("change".to_owned()))
        .await?;
    push(&peer.device, "change", "count", 2).await?;
    let before = follower.words(1, SOON).await;
    let (_, error) = follower.next(SOON).await;
    let after = follower.words(2, SOON).await;
    report.equal(
        "value before an error",
        &before,
        &vec!["count 1".to_owned()],
    );
    report.equal(
        "values after an error",
        &after,
        &vec!["count 1".to_owned(), "count 2".to_owned()],
    );
    match error {
        EventNotice::Error(failure) => {
            let first = failure.first().map(|level| {
                (
                    level.reason.as_str(),
                    level.description.as_str(),
                    level.origin.as_str(),
                )
            });
            let expected = Some(("Everything_Pushed", "pushed nö", "everything.PushError"));
            report.equal("error", &first, &expected);
        }
        other => report.failed("error", &in_words(&other)),
    }
    Ok(())
}

/// What comes with an event's value.
async fn readings(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    follower.follow(&peer.device, "colour").await?;
    push(&peer.device, "change", "colour", 2).await?;
    let _first = follower.next(SOON).await;
    match follower.next(SOON).await {
        (_, EventNotice::Event(reading)) => report.equal(
            "enumeration",
            &(reading.value, reading.data_type, reading.format),
            &(Value::Short(2), DataType::Enum, AttributeFormat::Scalar),
        ),
        (_, other) => report.failed("enumeration", &in_words(&other)),
    }
    let mut follower = Follower::new();
    follower.follow(&peer.device, "grid").await?;
    push(&peer.device, "change", "grid", 1).await?;
    match follower.next(SOON).await {
        (_, EventNotice::Event(reading)) => report.equal(
            "image",
            &(reading.value, reading.format, reading.dimension),
            &(
                Value::UShorts(vec![1, 2, 3, 4, 5, 6]),
                AttributeFormat::Image,
                (3, 2),
            ),
        ),
        (_, other) => report.failed("image", &in_words(&other)),
    }
    let mut follower = Follower::new();
    let initial = follower.follow(&peer.device, "invalid").await?;
    let is_invalid =
        matches!(&initial, EventNotice::Initial(reading) if reading.quality == Quality::Invalid);
    report.check("invalid value of now", is_invalid, &initial);
    peer.device
        .command("PushInvalid", Value::String("change".to_owned()))
        .await?;
    match follower.next(SOON).await {
        (_, EventNotice::Event(reading)) => report.equal(
            "invalid",
            &(reading.value, reading.quality),
            &(Value::Void, Quality::Invalid),
        ),
        (_, other) => report.failed("invalid", &in_words(&other)),
    }
    Ok(())
}

async fn refusals(peer: &Peer, report: &mut Report) {
    let unknown = peer.device.subscribe("no_such_attribute", |_| ()).await;
    has_reason(report, "unknown attribute", unknown, "API_AttrNotFound");
}

/// After the guard is dropped nothing comes; others go on.
async fn ended(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let (mut one, mut other) = (Follower::new(), Follower::new());
    one.follow(&peer.device, "count").await?;
    other.follow(&peer.device, "count").await?;
    one.stop();
    push(&peer.device, "change", "count", 3).await?;
    let expected: Vec<String> = (1..=3).map(|number| format!("count {number}")).collect();
    report.equal(
        "the other subscription",
        &other.words(3, SOON).await,
        &expected,
    );
    report.equal("the ended subscription", &one.more().await, &None);
    Ok(())
}
