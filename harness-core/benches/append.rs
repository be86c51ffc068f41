//! What an event costs from its delivery to its place in the record, with waits pending.
//!
//! `append/raw` is the journal alone, `append/delivered/N` the way of a real event with N waits
//! pending that look at every event, `append/seen/N` the same until all N waits have seen the last
//! one, `append/written` with a file that is written meanwhile.

#![expect(missing_docs, reason = "made by criterion's macros")]

mod tap;

use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use harness_core::{
    Action, Event, Journal, Reading, Signal, Timeout, Tracer, WaitAction, changes_to,
};
use tap::{Tapped, one_worker};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// How many events one measurement is over.
const EVENTS: i64 = 10_000;
const WAITS: [usize; 4] = [0, 1, 10, 100];

fn elements() -> Throughput {
    Throughput::Elements(EVENTS.unsigned_abs())
}

fn raw(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("append");
    group.throughput(elements());
    let (device, attribute) = ("test/counter/1".into(), "count".into());
    let journal = Journal::new();
    group.bench_function("raw", |bencher| {
        bencher.iter(|| {
            for number in 0..EVENTS {
                let signal = Signal::Change(Reading::new(number));
                let previous = Some(number.into());
                let event = Event::new(
                    std::sync::Arc::clone(&device),
                    std::sync::Arc::clone(&attribute),
                    signal,
                    previous,
                );
                journal.append_event(event);
            }
        });
    });
    group.finish();
}

/// Waits for the last of the events, all of them pending.
fn pending(runtime: &Runtime, tapped: &Tapped, waits: usize) -> Vec<JoinHandle<()>> {
    let (ready, all_ready) = std::sync::mpsc::channel();
    let waiting = (0..waits)
        .map(|_| {
            let (device, ready) = (tapped.device.clone(), ready.clone());
            runtime.spawn(async move {
                let mut wait = WaitAction::new(device.tracer(), "the last event")
                    .postcondition(changes_to([&device], "count", EVENTS));
                let telling = async {
                    // polled after the wait, which is then pending
                    let _ = ready.send(());
                };
                let wait = wait.execute(Timeout::seconds(60));
                let (outcome, ()) = tokio::join!(wait, telling);
                outcome.expect("the last event comes");
            })
        })
        .collect();
    drop(ready);
    assert_eq!(all_ready.iter().take(waits).count(), waits);
    waiting
}

/// Delivers the events as often as asked; how long the deliveries took, and until all had seen.
fn deliver(runtime: &Runtime, waits: usize, times: u64) -> (Duration, Duration) {
    let tapped = Tapped::new("test/counter/1", &Tracer::default());
    let (mut delivered, mut seen) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..times {
        tapped.push(0);
        let waiting = pending(runtime, &tapped, waits);
        let started = Instant::now();
        (1..=EVENTS).for_each(|number| tapped.push(number));
        delivered += started.elapsed();
        runtime.block_on(async {
            for wait in waiting {
                wait.await.expect("no wait panics");
            }
        });
        seen += started.elapsed();
    }
    (delivered, seen)
}

fn delivered(criterion: &mut Criterion) {
    let runtime = one_worker();
    let mut group = criterion.benchmark_group("append");
    group.throughput(elements()).sample_size(20);
    for waits in WAITS {
        group.bench_function(BenchmarkId::new("delivered", waits), |bencher| {
            bencher.iter_custom(|times| deliver(&runtime, waits, times).0);
        });
    }
    for waits in WAITS {
        group.bench_function(BenchmarkId::new("seen", waits), |bencher| {
            bencher.iter_custom(|times| deliver(&runtime, waits, times).1);
        });
    }
    group.finish();
}

fn written(criterion: &mut Criterion) {
    let runtime = one_worker();
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::new();
    journal
        .write_to_file(folder.path().join("run.jsonl"))
        .expect("a file");
    let tapped = Tapped::new("test/counter/1", &Tracer::new(journal.clone()));
    let mut group = criterion.benchmark_group("append");
    group.throughput(elements()).sample_size(20);
    group.bench_function("written", |bencher| {
        bencher.iter_custom(|times| {
            let mut taken = Duration::ZERO;
            for _ in 0..times {
                let started = Instant::now();
                (1..=EVENTS).for_each(|number| tapped.push(number));
                taken += started.elapsed();
                // so that none is left out: what is measured must have been written
                runtime.block_on(journal.flush()).expect("it is written");
            }
            taken
        });
    });
    group.finish();
}

criterion_group!(benches, raw, delivered, written);
criterion_main!(benches);
