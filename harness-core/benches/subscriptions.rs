//! What live subscriptions add to an action: one command and one awaited change, with one watched
//! attribute, with 200 that are silent, and with 200 that push ten times a second each.

#![expect(missing_docs, reason = "made by criterion's macros")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use harness_core::{
    Action, CommandAction, InMemoryDevice, Timeout, TracedDevice, Tracer, Value, changes_to,
};
use tokio::runtime::{Builder, Runtime};

const OTHERS: usize = 199;

async fn counter(others: usize) -> (InMemoryDevice, TracedDevice) {
    let device = InMemoryDevice::new("test/counter/1")
        .with_attribute("count", 0)
        .with_command("Set", |device, number| {
            device.set("count", number);
            Ok(Value::Void)
        });
    let traced = Tracer::default().device(Arc::new(device.clone()));
    traced.watch("count").await.expect("it can be watched");
    for number in 0..others {
        let name = format!("other{number}");
        device.set(&name, 0);
        traced.watch(&name).await.expect("it can be watched");
    }
    (device, traced)
}

/// Executes that many actions; how long they took.
async fn act(counter: &TracedDevice, times: u64) -> Duration {
    let reading = counter.read("count").await.expect("it can be read");
    let there = reading.value.as_int().unwrap_or_default();
    let started = Instant::now();
    for number in (there + 1..).take(usize::try_from(times).unwrap_or(usize::MAX)) {
        CommandAction::new(counter, "Set", number)
            .postcondition(changes_to([counter], "count", number))
            .execute(Timeout::seconds(10))
            .await
            .expect("it sets");
    }
    started.elapsed()
}

async fn push(device: InMemoryDevice) {
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    for value in 0.. {
        ticks.tick().await;
        for number in 0..OTHERS {
            device.set(&format!("other{number}"), value);
        }
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime")
}

fn subscriptions(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("subscriptions");
    let (_, one) = runtime.block_on(counter(0));
    let (_, silent) = runtime.block_on(counter(OTHERS));
    for (name, counter) in [("1", &one), ("200_silent", &silent)] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| runtime.block_on(act(counter, times)));
        });
    }
    // in turn, since what else the machine does changes faster than what is to be told apart
    let mut ratios = Vec::new();
    group.bench_function("200_silent_in_turn_with_1", |bencher| {
        bencher.iter_custom(|times| {
            let few = runtime.block_on(act(&one, times));
            let many = runtime.block_on(act(&silent, times));
            ratios.push(many.as_secs_f64() / few.as_secs_f64());
            many
        });
    });
    ratios.sort_by(f64::total_cmp);
    if let Some(ratio) = ratios.get(ratios.len() / 2) {
        println!("subscriptions/ratio: {ratio:.3} times as long with 200 as with 1");
    }
    let (device, busy) = runtime.block_on(counter(OTHERS));
    let pushing = runtime.spawn(push(device));
    group.bench_function("200_busy", |bencher| {
        bencher.iter_custom(|times| runtime.block_on(act(&busy, times)));
    });
    pushing.abort();
    group.finish();
}

criterion_group!(benches, subscriptions);
criterion_main!(benches);
