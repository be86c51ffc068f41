//! Five thousand events back to back: none lost, none twice, no gap told.

use std::error::Error;
use std::time::Duration;

use tango_wire::{EventNotice, Value};

use crate::follower::{Follower, SOON, in_words, push};
use crate::peer::Peer;
use crate::report::Report;

const EVENTS: u32 = 5000;

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    follower.follow(&peer.device, "count").await?;
    let pushing = peer.device.clone().with_timeout(Duration::from_secs(30));
    let push = tokio::spawn(async move { push(&pushing, "change", "count", EVENTS).await });
    for expected in 1..=EVENTS {
        let (_, notice) = follower.next(SOON).await;
        let expected_value = Value::Long(i32::try_from(expected)?);
        match notice {
            EventNotice::Change(reading) if reading.value == expected_value => {}
            other => {
                let found = format!("instead of {expected} came {}", in_words(&other));
                report.failed(&format!("{EVENTS} back to back"), &found);
                return Ok(());
            }
        }
    }
    push.await??;
    report.ok(&format!("{EVENTS} back to back"));
    report.equal("nothing more", &follower.more().await, &None);
    Ok(())
}
