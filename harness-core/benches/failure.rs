//! What it costs to tell a failure from the record, and to show it, after many events.

#![expect(missing_docs, reason = "made by criterion's macros")]

mod tap;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use harness_core::failure::Expected;
use harness_core::{Failure, Mark, Signal, Tracer};
use tap::Tapped;

const EVENTS: i64 = 100_000;

/// A record in which so many devices have pushed all the events in turn.
fn pushed_by(devices: usize, events: i64) -> (Mark, String) {
    let tracer = Tracer::default();
    let devices: Vec<_> = (0..devices)
        .map(|number| Tapped::new(&format!("test/counter/{number}"), &tracer))
        .collect();
    let mark = tracer.mark();
    for (number, device) in (0..events).zip(devices.iter().cycle()) {
        device.push(number);
    }
    let first = devices
        .first()
        .map(|tapped| tapped.device.name().to_string());
    (mark, first.unwrap_or_default())
}

/// A record in which nothing but gaps has come.
fn gaps() -> Mark {
    let tracer = Tracer::default();
    let device = Tapped::new("test/counter/1", &tracer);
    let mark = tracer.mark();
    for number in 0..EVENTS {
        device.sink.deliver(Signal::Gap {
            missed: Some(number.unsigned_abs()),
            reason: "the counter jumped".to_owned(),
        });
    }
    mark
}

fn tell(mark: &Mark, device: &str) -> String {
    Failure::new(format!(
        "Configure on {device}: what was expected was not seen within 30s"
    ))
    .with_expected(Expected::missing(format!("{device} count changes to 7")))
    .with_timeline(mark)
    .to_string()
}

fn failure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("failure");
    let mut bench = |name: &str, number: i64, (mark, device): (Mark, String)| {
        let lines = tell(&mark, &device).lines().count();
        assert!(lines <= 60, "{lines} lines are more than a screen");
        group.bench_function(BenchmarkId::new(name, number), |bencher| {
            bencher.iter(|| tell(&mark, &device));
        });
    };
    for events in [10_000, EVENTS] {
        bench("events", events, pushed_by(1, events));
    }
    for devices in [4_i64, 2000] {
        bench(
            "devices",
            devices,
            pushed_by(usize::try_from(devices).unwrap_or(1), EVENTS),
        );
    }
    let mark = gaps();
    group.bench_function("gaps", |bencher| {
        bencher.iter(|| tell(&mark, "test/counter/1"))
    });
    group.finish();
}

criterion_group!(benches, failure);
criterion_main!(benches);
