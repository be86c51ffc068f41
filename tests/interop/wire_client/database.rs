//! Devices of a database: made anew by their admin device, and the database itself restarted.

use std::error::Error;
use std::time::{Duration, Instant};

use tango_wire::event::EventOptions;
use tango_wire::{Client, EventNotice, Value};
use tokio::time::sleep;

use crate::follower::{Follower, SOON, in_words, push};
use crate::peer::Peer;
use crate::report::{Report, in_one_line};

/// How long a database may be gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// `DevRestart`: the server makes the device anew, under another object key.
pub(crate) async fn device_restart(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let mut follower = Follower::new();
    follower.follow(device, "count").await?;
    device.write("long_scalar", Value::Long(41)).await?;
    push(device, "change", "count", 5).await?;
    follower.words(5, SOON).await;

    let admin = device.admin_name().await?;
    report.check("admin name", admin.starts_with("dserver/"), &admin);
    let admin = Client::new().device(&admin).await?;
    let name = Value::String(device.name().to_owned());
    report.gives(
        "DevRestart",
        admin.command("DevRestart", name).await,
        &Value::Void,
    );
    report.gives("ping", device.ping().await, &());
    let value = device.read("count").await.map(|reading| reading.value);
    report.gives("it starts from the beginning", value, &Value::Long(0));

    push(device, "change", "count", 20).await?;
    let mut expected = 1;
    while expected <= 20 {
        match follower.next(SOON).await {
            // that it was made anew may be told
            (_, EventNotice::Lost { .. } | EventNotice::Gap { .. } | EventNotice::Back(_))
                if expected == 1 => {}
            (_, EventNotice::Event(reading)) if reading.value == Value::Long(expected) => {
                expected += 1;
            }
            (_, other) => {
                report.failed(
                    "events go on",
                    &format!("instead of {expected}: {}", in_words(&other)),
                );
                return Ok(());
            }
        }
    }
    report.ok("events go on");
    let queried = admin.command("QueryDevice", Value::Void).await;
    let knows = matches!(&queried, Ok(Value::Strings(names)) if names.iter().any(|name| name.to_lowercase().ends_with(device.name())));
    report.check("QueryDevice", knows, &queried);
    Ok(())
}

/// A database that ends and comes back. Whoever starts this trial must do so after the line
/// `restart the database now`.
pub(crate) async fn database_restart(
    peer: &Peer,
    report: &mut Report,
) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let mut follower = Follower::new();
    let pushes = !peer.name.is_empty();
    if pushes {
        follower.follow(device, "count").await?;
    }
    println!("restart the database now");
    let started = Instant::now();
    let mut calls = 0_u32;
    while let Ok(found) = peer.found_anew().await {
        drop(found);
        if started.elapsed() > PATIENCE {
            return Err("the database did not end".into());
        }
        sleep(Duration::from_millis(20)).await;
    }
    println!("the database is gone");
    loop {
        // who has the device needs no database
        match device.ping().await {
            Ok(()) => calls += 1,
            Err(error) => report.failed("ping without a database", &in_one_line(&error)),
        }
        match peer.found_anew().await {
            Ok(_) => break,
            Err(error) if started.elapsed() > PATIENCE => return Err(error.into()),
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
    }
    report.ok("found through the restarted database");
    report.check("calls without a database", calls > 0, calls);
    if !pushes {
        return Ok(());
    }
    push(device, "change", "count", 10).await?;
    let expected: Vec<String> = (1..=10).map(|number| format!("count {number}")).collect();
    report.equal(
        "events without a gap",
        &follower.words(10, SOON).await,
        &expected,
    );
    let anew = peer.found_anew().await?;
    let initial = Follower::new().follow(&anew, "count").await?;
    report.equal(
        "a new subscription",
        &in_words(&initial),
        &"initial 10".to_owned(),
    );
    Ok(())
}

/// Our database ends and stays away for a while. Whoever starts this trial must end it after the
/// line `end the database now`, start it after `start the database now`, and the server whenever
/// it dies.
pub(crate) async fn database_gone(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let pushes = !peer.name.is_empty();
    let attribute = if pushes { "count" } else { "State" };
    // confirmed to the server every half second, so that it has to do without the database
    let options = EventOptions::default().with_renewal_period(Duration::from_millis(500));
    let client = Client::new().with_event_options(options);
    let device = client.device(&peer.address).await?;
    let mut follower = Follower::new();
    if pushes {
        follower.follow(&device, "count").await?;
    }
    println!("end the database now");
    let started = Instant::now();
    let error = loop {
        match peer.found_anew().await {
            Err(error) => break error,
            Ok(_) if started.elapsed() > PATIENCE => return Err("it did not end".into()),
            Ok(_) => sleep(Duration::from_millis(20)).await,
        }
    };
    let place = std::env::var("TANGO_HOST").unwrap_or_default();
    let words = in_one_line(&error);
    report.check(
        "the error names the database",
        words.contains(&place),
        &words,
    );
    report.gives("ping", device.ping().await, &());
    report.check("read", device.read(attribute).await.is_ok(), "an error");
    if !pushes {
        return Ok(());
    }
    // longer than two periods, after which a subscription is given up
    let (_, notice) = follower.next(Duration::from_secs(4)).await;
    let words = in_words(&notice);
    report.equal("subscription stays", &words.as_str(), &"lost: nothing came");
    push(&device, "change", "count", 10).await?;
    let expected: Vec<String> = (1..=10).map(|number| format!("count {number}")).collect();
    report.equal("events go on", &follower.words(10, SOON).await, &expected);
    back_from_its_file(peer, report, &mut follower).await
}

/// Our database comes back with what its file has kept.
async fn back_from_its_file(
    peer: &Peer,
    report: &mut Report,
    follower: &mut Follower,
) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    println!("start the database now");
    let database = device.database()?;
    let started = Instant::now();
    while let Err(error) = database.info().await {
        if started.elapsed() > PATIENCE {
            return Err(error.into());
        }
        sleep(Duration::from_millis(20)).await;
    }
    let class = database.class_of_device(device.name()).await;
    report.gives("the device is defined", class, &"Everything".to_owned());
    // its server has run on and does not say so again
    report.gives(
        "the device is found",
        peer.found_anew().await.map(drop),
        &(),
    );
    push(device, "change", "count", 10).await?;
    let expected: Vec<String> = (1..=10).map(|number| format!("count {number}")).collect();
    report.equal("no gap", &follower.words(10, SOON).await, &expected);
    // elsewhere, once the server is started again
    let died = device.command("PushAndDie", Value::Long(0)).await;
    report.check("the server died", died.is_err(), &died);
    loop {
        match follower.next(PATIENCE).await {
            (_, EventNotice::Back(_)) => break,
            (
                _,
                EventNotice::Lost { .. } | EventNotice::StillLost { .. } | EventNotice::Gap { .. },
            ) => {}
            (_, other) => return Err(in_words(&other).into()),
        }
    }
    report.gives("found again", peer.found_anew().await.map(drop), &());
    push(device, "change", "count", 10).await?;
    report.equal(
        "events after all",
        &follower.words(10, SOON).await,
        &expected,
    );
    Ok(())
}
