//! The calls, events and subscriptions that `client.py` times as well.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::try_join_all;
use tango_wire::{Client, DeviceProxy, EventNotice, EventSubscription, Value};
use tokio::sync::mpsc;

use crate::Outcome;

const SUBSCRIPTIONS: usize = 20;
const TOGETHER: usize = 100;

pub(crate) async fn measure(client: &str, device: &str, calls: usize) -> Outcome {
    let device = Client::new().device(device).await?;
    let echoed = Value::String("configure".to_owned());
    macro_rules! time {
        ($measure:literal, $calls:expr, $call:expr) => {{
            let mut times = Vec::with_capacity($calls);
            for _ in 0..$calls {
                let started = Instant::now();
                $call;
                times.push(started.elapsed());
            }
            report(client, $measure, times);
        }};
    }
    time!("ping", calls, device.ping().await?);
    time!("command", calls, {
        device.command("Echo", echoed.clone()).await?
    });
    time!("read", calls, device.read("level").await?);
    time!("write", calls, {
        device.write("level", Value::Double(2.5)).await?
    });
    report(client, "event", event_latencies(&device, calls / 5).await?);
    let mut subscriptions = Vec::new();
    time!("subscribe", SUBSCRIPTIONS, {
        let attribute = format!("value_{}", subscriptions.len());
        subscriptions.push(subscribe(&device, &attribute).await?);
    });
    drop(subscriptions);
    time!("subscribe to 100 together", 1, {
        let names: Vec<String> = (0..TOGETHER)
            .map(|number| format!("value_{number}"))
            .collect();
        try_join_all(names.iter().map(|name| subscribe(&device, name))).await?
    });
    Ok(())
}

/// Subscribes; returns when the value of now has come.
async fn subscribe(
    device: &DeviceProxy,
    attribute: &str,
) -> Result<EventSubscription, tango_wire::Error> {
    device.subscribe(attribute, |_: EventNotice| ()).await
}

/// The times from a push to its event's handler: the value is the time of day of the push.
async fn event_latencies(
    device: &DeviceProxy,
    count: usize,
) -> Result<Vec<Duration>, Box<dyn std::error::Error>> {
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let _subscription = device
        .subscribe("tick", move |notice: EventNotice| {
            let now = SystemTime::now();
            let pushed = match notice {
                EventNotice::Event(reading) => match reading.value {
                    Value::Double(pushed) => Ok(Duration::from_secs_f64(pushed)),
                    other => Err(format!("{other:?}")),
                },
                EventNotice::Initial(_) => return,
                other => Err(format!("{other:?}")),
            };
            let _ = arrived.send(pushed.map(|pushed| now.duration_since(UNIX_EPOCH + pushed)));
        })
        .await?;
    let count_to_push = i64::try_from(count)?;
    device.command("Push", Value::Long64(count_to_push)).await?;
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let arrival = arrivals.recv().await.ok_or("the subscription ended")?;
        times.push(arrival?.unwrap_or_default());
    }
    Ok(times)
}

pub(crate) fn report(client: &str, measure: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |index: usize| {
        times
            .get(index)
            .map_or(0.0, |time| time.as_secs_f64() * 1e6)
    };
    println!(
        "{{\"client\": \"{client}\", \"measure\": \"{measure}\", \"median_us\": {:.1}, \
         \"p99_us\": {:.1}, \"count\": {}}}",
        at(times.len() / 2),
        at(times.len() * 99 / 100),
        times.len()
    );
}
