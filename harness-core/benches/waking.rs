//! How long after an event a wait that was pending looks at it, with many events stored.

#![expect(missing_docs, reason = "made by criterion's macros")]

mod tap;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use harness_core::assertion::Watch;
use harness_core::{Timeout, Tracer};
use tap::Tapped;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

const STORED: [i64; 2] = [0, 100_000];

type Samples = Arc<Mutex<Vec<Duration>>>;

/// Wakes a wait as often as asked, and adds how long each time took.
async fn wake(stored: i64, times: u64, samples: Samples) -> Duration {
    let tapped = Tapped::new("test/counter/1", &Tracer::default());
    let tracer = tapped.device.tracer().clone();
    let mark = tracer.mark();
    (1..=stored).for_each(|number| tapped.push(number));
    let (awake, mut woken) = mpsc::unbounded_channel();
    let watch = Watch::new(&tracer, &mark, &Timeout::seconds(3600));
    let waiting = tokio::spawn(async move {
        let mut entries = watch.entries();
        while entries.next().await.is_ok() {
            let _ = awake.send(Instant::now());
        }
    });
    for _ in 0..stored {
        woken.recv().await;
    }
    let mut total = Duration::ZERO;
    for number in 0..times {
        // long enough for the wait to be pending again, and its thread asleep
        tokio::time::sleep(Duration::from_micros(200)).await;
        let delivered = Instant::now();
        tapped.push(-1 - i64::try_from(number).unwrap_or_default());
        let Some(woken) = woken.recv().await else {
            break;
        };
        let taken = woken.saturating_duration_since(delivered);
        samples
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(taken);
        total += taken;
    }
    waiting.abort();
    total
}

fn told(name: &str, samples: &Samples) {
    let mut samples = samples.lock().unwrap_or_else(PoisonError::into_inner);
    samples.sort_unstable();
    let at = |per_mille: usize| samples.get(samples.len() * per_mille / 1000);
    if let (Some(median), Some(high)) = (at(500), at(990)) {
        println!(
            "{name}: median {median:?}, p99 {high:?} of {}",
            samples.len()
        );
    }
}

fn waking(criterion: &mut Criterion) {
    let runtimes: [(&str, Runtime); 2] = [
        (
            "current_thread",
            Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime"),
        ),
        (
            "multi_thread",
            Builder::new_multi_thread()
                .worker_threads(2)
                .enable_time()
                .build()
                .expect("a runtime"),
        ),
    ];
    let mut group = criterion.benchmark_group("waking");
    group.sample_size(20);
    for (flavour, runtime) in &runtimes {
        for stored in STORED {
            let samples = Samples::default();
            group.bench_function(BenchmarkId::new(*flavour, stored), |bencher| {
                bencher.iter_custom(|times| {
                    let waking = runtime.spawn(wake(stored, times, Arc::clone(&samples)));
                    runtime.block_on(waking).expect("nothing panics")
                });
            });
            told(&format!("waking/{flavour}/{stored}"), &samples);
        }
    }
    group.finish();
}

criterion_group!(benches, waking);
criterion_main!(benches);
