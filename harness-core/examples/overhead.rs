//! What the harness itself costs: actions on a device in memory that answers at once.
//!
//! `cargo run --release -p harness-core --example overhead`

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use harness_core::assertion::Watch;
use harness_core::{
    Action, CommandAction, InMemoryDevice, Timeout, TracedDevice, Tracer, Value, WaitAction,
    changes_to,
};

const ACTIONS: u32 = 20_000;
const WAITERS: usize = 2_000;
const EVENTS: i64 = 20_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "one command and one awaited event: {:?}",
        per_action().await?
    );
    println!(
        "{WAITERS} waits woken by one event, each: {:?}",
        per_waiter().await?
    );
    println!(
        "{EVENTS} events seen by one wait, each: {:?}",
        per_event().await?
    );
    Ok(())
}

fn counter() -> (InMemoryDevice, TracedDevice) {
    let device = InMemoryDevice::new("test/counter/1")
        .with_attribute("count", 0)
        .with_command("Set", |device, number| {
            device.set("count", number);
            Ok(Value::Void)
        });
    let traced = Tracer::default().device(Arc::new(device.clone()));
    (device, traced)
}

async fn per_action() -> Result<Duration, Box<dyn Error>> {
    let (_, counter) = counter();
    let started = Instant::now();
    for number in 1..=ACTIONS {
        CommandAction::new(&counter, "Set", number)
            .postcondition(changes_to([&counter], "count", number))
            .execute(Timeout::seconds(1))
            .await?;
    }
    Ok(started.elapsed() / ACTIONS)
}

async fn per_waiter() -> Result<Duration, Box<dyn Error>> {
    let (device, counter) = counter();
    counter.watch("count").await?;
    let mark = counter.tracer().mark();
    let waits: Vec<_> = (0..WAITERS)
        .map(|_| {
            let (counter, mark) = (counter.clone(), mark.clone());
            tokio::spawn(async move {
                let watch = Watch::new(counter.tracer(), &mark, &Timeout::seconds(60));
                watch
                    .verify_all("wait", &[Box::new(changes_to([&counter], "count", 1))])
                    .await
            })
        })
        .collect();
    tokio::task::yield_now().await;
    let started = Instant::now();
    device.set("count", 1);
    for wait in waits {
        wait.await??;
    }
    Ok(started.elapsed() / u32::try_from(WAITERS)?)
}

async fn per_event() -> Result<Duration, Box<dyn Error>> {
    let (device, counter) = counter();
    let mut wait = WaitAction::new(counter.tracer(), "wait")
        .postcondition(changes_to([&counter], "count", EVENTS).from(EVENTS - 1));
    let started = Instant::now();
    let events = async {
        for number in 1..=EVENTS {
            device.set("count", number);
            if number % 64 == 0 {
                tokio::task::yield_now().await;
            }
        }
    };
    let (outcome, ()) = tokio::join!(wait.execute(Timeout::seconds(60)), events);
    outcome?;
    Ok(started.elapsed() / u32::try_from(EVENTS)?)
}
