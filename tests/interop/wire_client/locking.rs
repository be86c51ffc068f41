//! Locks: the holder goes on, another process is refused, and force breaks them.
//!
//! The other process is this program again, with the trials `locked-out`, `lock-breaker`
//! and `lock-visitor`.

use std::error::Error;
use std::process::Command;
use std::time::{Duration, Instant};

use tango_wire::types::{AttributeWrite, ClientIdentity};
use tango_wire::{DeviceProxy, Error as WireError, Value};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use crate::errors::has_reason;
use crate::peer::Peer;
use crate::report::Report;

/// The shortest that Tango's clients ask for.
const VALIDITY: Duration = Duration::from_secs(2);
const LOCKED: &str = "API_DeviceLocked";

pub(crate) async fn run(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    report.gives("free at first", device.locking_status().await, &None);
    let lock = device.lock(VALIDITY).await?;
    let taken = Instant::now();
    let holder = device.locking_status().await?;
    let process = std::process::id();
    let found = holder.map(|holder| holder.client);
    report.equal("holder", &found, &Some(ClientIdentity::Cpp { process }));
    other_process(peer, report, "locked-out").await?;
    many_calls(device, report).await;
    at_once(device, report).await;
    // renewed, or it would be over by now
    while taken.elapsed() < VALIDITY + Duration::from_millis(700) {
        sleep(Duration::from_millis(50)).await;
    }
    report.check("is held after its validity", lock.is_held(), "is lost");
    other_process(peer, report, "locked-out").await?;
    let second = device.lock(VALIDITY).await?;
    report.gives("unlock one of two", second.unlock().await, &());
    let held = device.locking_status().await.map(|holder| holder.is_some());
    report.gives("the other one stays", held, &true);
    report.gives("unlock", lock.unlock().await, &());
    report.gives("free again", device.locking_status().await, &None);
    broken(peer, report).await?;
    Ok(())
}

/// A lock that another process breaks.
async fn broken(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let lock = device.lock(VALIDITY).await?;
    other_process(peer, report, "lock-breaker").await?;
    let told = device.command("EchoLong", Value::Long(1)).await;
    has_reason(report, "the next call is told", told, "API_DeviceUnlocked");
    let broken = Instant::now();
    while lock.is_held() && broken.elapsed() < VALIDITY * 2 {
        sleep(Duration::from_millis(50)).await;
    }
    report.check("loss is noticed", !lock.is_held(), "is held");
    let lost = lock.unlock().await;
    let reason = "API_DeviceNotLocked";
    has_reason(report, "unlock of a lost lock", lost, reason);
    // the one who lost it is told so, unless he has another, until another client has called
    let again = device.lock(VALIDITY).await?;
    let held = device.command("EchoLong", Value::Long(2)).await;
    report.gives("locked again", held, &Value::Long(2));
    again.unlock().await?;
    other_process(peer, report, "lock-visitor").await?;
    let free = device.command("EchoLong", Value::Long(3)).await;
    report.gives("free after all", free, &Value::Long(3));
    Ok(())
}

async fn many_calls(device: &DeviceProxy, report: &mut Report) {
    let mut refused = Vec::new();
    for number in 0..100 {
        let outcome = if number % 2 == 0 {
            device.write("long_scalar", Value::Long(number)).await
        } else {
            let echoed = device.command("EchoLong", Value::Long(number)).await;
            echoed.map(drop)
        };
        refused.extend(outcome.err());
    }
    report.check("100 calls of the holder", refused.is_empty(), &refused);
}

/// Calls beside each other, as a program with many tasks makes them.
async fn at_once(device: &DeviceProxy, report: &mut Report) {
    let mut calls = JoinSet::new();
    for number in 0..10 {
        let device = device.clone();
        calls.spawn(async move { device.command("EchoLong", Value::Long(number)).await });
    }
    let outcomes = calls.join_all().await;
    let refused: Vec<WireError> = outcomes.into_iter().filter_map(Result::err).collect();
    report.check("10 at once of the holder", refused.is_empty(), &refused);
}

/// Runs a trial in another process, and tells what failed there.
async fn other_process(
    peer: &Peer,
    report: &mut Report,
    trial: &'static str,
) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([&peer.address, trial]);
    let output = spawn_blocking(move || command.output()).await??;
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        report.ok(&format!("another process: {trial}"));
        return Ok(());
    }
    for line in text.lines().filter(|line| !line.starts_with("ok ")) {
        println!("    {line}");
    }
    report.failed(&format!("another process: {trial}"), "see above");
    Ok(())
}

/// What this process is while another one holds the lock.
pub(crate) async fn locked_out(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    let long = || Value::Long(1);
    let refused = device.command("EchoLong", long()).await;
    has_reason(report, "command", refused, LOCKED);
    let refused = device.command("Init", Value::Void).await;
    has_reason(report, "Init", refused, LOCKED);
    let refused = device.write("long_scalar", long()).await;
    has_reason(report, "write", refused, LOCKED);
    let write = AttributeWrite::new("long_scalar", long());
    let refused = device.write_many(&[write]).await;
    has_reason(report, "writes", refused, LOCKED);
    let refused = device.write_read("long_scalar", long()).await;
    has_reason(report, "write and read", refused, LOCKED);
    let refused = device.lock(VALIDITY).await;
    has_reason(report, "lock", refused, LOCKED);
    report.gives("ping", device.ping().await, &());
    let read = device.read("count").await;
    report.check("read", read.is_ok(), &read);
    let state = device.command("State", Value::Void).await;
    report.check("State", state.is_ok(), &state);
    let subscribed = device.subscribe("count", |_| ()).await;
    report.check("subscription", subscribed.is_ok(), &subscribed);
    let holder = device.locking_status().await?;
    let other = holder.is_some_and(|holder| {
        let process = std::process::id();
        holder.client != ClientIdentity::Cpp { process }
    });
    report.check("holder is another", other, "nobody, or this process");
    Ok(())
}

/// What this process is while nobody holds the lock.
pub(crate) async fn visitor(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let free = peer.device.command("EchoLong", Value::Long(4)).await;
    report.gives("command", free, &Value::Long(4));
    Ok(())
}

/// Breaks the lock of another process.
pub(crate) async fn breaker(peer: &Peer, report: &mut Report) -> Result<(), Box<dyn Error>> {
    let device = &peer.device;
    report.gives("unlock by force", device.unlock_by_force().await, &());
    report.gives("status", device.locking_status().await, &None);
    Ok(())
}
