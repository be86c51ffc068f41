//! A server killed between two pushes and started again, under a living subscription.
//!
//! Whoever starts this trial must start the server again when it dies; without a database at the
//! same port, with one anywhere.

use std::error::Error;
use std::time::{Duration, Instant};

use tango_wire::{Error as WireError, EventNotice, Value};

use crate::follower::{Follower, SOON, in_words, push};
use crate::peer::Peer;
use crate::report::{Report, in_one_line};

/// How long a server may take to be there again.
const PATIENCE: Duration = Duration::from_secs(40);

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let mut follower = Follower::new();
    let device = &peer.device;
    follower.follow(device, "count").await?;
    let place = peer.device.admin_name().await?;
    push(device, "change", "count", 9).await?;
    follower.words(9, SOON).await;

    let died = device.command("PushAndDie", Value::Long(3)).await;
    let closed = matches!(
        &died,
        Err(WireError::Closed {
            may_have_run: true,
            ..
        })
    );
    report.check("the command that killed it", closed, &died);
    let expected: Vec<String> = (1..=3).map(|number| format!("count {number}")).collect();
    report.equal(
        "what was pushed before",
        &follower.words(3, SOON).await,
        &expected,
    );
    let started = Instant::now();
    let (_, notice) = follower.next(SOON).await;
    report.check(
        "lost is told",
        matches!(notice, EventNotice::Lost { .. }),
        in_words(&notice),
    );
    report.check(
        "lost is told at once",
        started.elapsed() < Duration::from_secs(2),
        started.elapsed(),
    );

    let mut gap = false;
    loop {
        match follower.next(PATIENCE).await {
            (_, EventNotice::StillLost { .. }) => {}
            (_, EventNotice::Gap { .. }) => gap = true,
            (_, EventNotice::Back(reading)) => {
                report.equal("the value read again", &reading.value, &Value::Long(0));
                break;
            }
            (_, other) => {
                report.failed("comes back", &in_words(&other));
                return Ok(());
            }
        }
    }
    println!("back after {:.1} s", started.elapsed().as_secs_f64());
    report.check("a gap is told before", gap, "none");
    push(device, "change", "count", 20).await?;
    let expected: Vec<String> = (1..=20).map(|number| format!("count {number}")).collect();
    report.equal(
        "events of the new server",
        &follower.words(20, SOON).await,
        &expected,
    );
    report.equal("nothing more", &follower.more().await, &None);
    report.gives("admin device", device.admin_name().await, &place);
    match device.ping().await {
        Ok(()) => report.ok("ping"),
        Err(error) => report.failed("ping", &in_one_line(&error)),
    }
    Ok(())
}
