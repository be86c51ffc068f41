//! Five thousand events back to back.

use std::error::Error;
use std::time::Duration;

use tango_wire::{EventNotice, Value};

use crate::follower::{Follower, SOON, in_words, push};
use crate::peer::Peer;
use crate::report::Report;

const EVENTS: i32 = 5000;

/// None lost, none twice, no gap told. A PyTango server must have been given a high-water mark
/// beyond that number (`TANGO_DS_EVENT_BUFFER_HWM`), or it drops events itself.
pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    follower.follow(&peer.device, "count").await?;
    let pushing = peer.device.clone().with_timeout(Duration::from_secs(30));
    let push = tokio::spawn(async move { push(&pushing, "change", "count", 5000).await });
    let mut difference = None;
    for expected in 1..=EVENTS {
        let (_, notice) = follower.next(SOON).await;
        match notice {
            EventNotice::Event(reading) if reading.value == Value::Long(expected) => {}
            other => {
                difference = Some(format!("instead of {expected} came {}", in_words(&other)));
                break;
            }
        }
    }
    push.await??;
    match difference {
        Some(difference) => report.failed("5000 back to back", &difference),
        None => {
            report.ok("5000 back to back");
            report.equal("nothing more", &follower.more().await, &None);
        }
    }
    Ok(())
}

/// A server that drops events when it pushes too many: what is lost is told, to the last one.
/// (A server that does not number its events cannot be caught at it.)
pub(crate) async fn overrun(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    follower.follow(&peer.device, "count").await?;
    let device = peer.device.clone().with_timeout(Duration::from_secs(30));
    push(&device, "change", "count", 5000).await?;
    // what is still on the way must be gone, or the last event might be dropped as well
    let (mut came, mut missed) = (Vec::new(), 0);
    take(&mut follower, &mut came, &mut missed).await?;
    push(&device, "change", "count", 1).await?;
    take(&mut follower, &mut came, &mut missed).await?;
    report.equal("the last one", &came.pop(), &Some(1));
    let rises = came.windows(2).all(|pair| pair.first() < pair.get(1));
    report.check("in order", rises, "not");
    let count = u64::try_from(came.len())?;
    println!("{count} came, {missed} were told as missed");
    if peer.numbers_events() {
        report.equal("came or told as missed", &(count + missed), &5000);
    } else {
        report.check("some came", count > 0, count);
    }
    Ok(())
}

async fn take(
    follower: &mut Follower,
    came: &mut Vec<i32>,
    missed: &mut u64,
) -> Result<(), Box<dyn Error>> {
    loop {
        match follower.next(Duration::from_secs(1)).await {
            ("", _) => return Ok(()),
            (_, EventNotice::Event(reading)) => match reading.value {
                Value::Long(number) => came.push(number),
                other => return Err(format!("count is {other:?}").into()),
            },
            (
                _,
                EventNotice::Gap {
                    missed: Some(number),
                    ..
                },
            ) => *missed += number,
            (_, other) => return Err(in_words(&other).into()),
        }
    }
}
