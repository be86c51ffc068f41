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
    let started = Instant::now();
    for number in 0..times {
        // never the value that is there already
        let number = i64::try_from(number % 1_000_000).unwrap_or_default() + 1;
        CommandAction::new(counter, "Set", -number)
            .postcondition(changes_to([counter], "count", -number))
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
    for (name, others) in [("1", 0), ("200_silent", OTHERS)] {
        let (_, counter) = runtime.block_on(counter(others));
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| runtime.block_on(act(&counter, times)));
        });
    }
    let (device, counter) = runtime.block_on(counter(OTHERS));
    let pushing = runtime.spawn(push(device));
    group.bench_function("200_busy", |bencher| {
        bencher.iter_custom(|times| runtime.block_on(act(&counter, times)));
    });
    pushing.abort();
    group.finish();
}

criterion_group!(benches, subscriptions);
criterion_main!(benches);
