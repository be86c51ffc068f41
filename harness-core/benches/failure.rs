//! What it costs to tell a failure from the record, and to show it, after many events.

#![expect(missing_docs, reason = "made by criterion's macros")]

mod tap;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use harness_core::failure::Expected;
use harness_core::{Failure, Mark, Signal, Tracer};
use tap::Tapped;

const EVENTS: i64 = 100_000;

/// A record in which so many devices have pushed all the events in turn.
fn pushed_by(devices: usize) -> Mark {
    let tracer = Tracer::default();
    let devices: Vec<_> = (0..devices)
        .map(|number| Tapped::new(&format!("test/counter/{number}"), &tracer))
        .collect();
    let mark = tracer.mark();
    for (number, device) in (0..EVENTS).zip(devices.iter().cycle()) {
        device.push(number);
    }
    mark
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

fn tell(mark: &Mark) -> String {
    Failure::new("Configure on test/counter/0: what was expected was not seen within 30s")
        .with_expected(Expected::missing("test/counter/0 count changes to 7"))
        .with_timeline(mark)
        .to_string()
}

fn failure(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("failure");
    for devices in [1, 4, 2000] {
        let mark = pushed_by(devices);
        let lines = tell(&mark).lines().count();
        assert!(lines <= 60, "{lines} lines are more than a screen");
        group.bench_function(BenchmarkId::new("devices", devices), |bencher| {
            bencher.iter(|| tell(&mark));
        });
    }
    let mark = gaps();
    group.bench_function("gaps", |bencher| bencher.iter(|| tell(&mark)));
    group.finish();
}

criterion_group!(benches, failure);
criterion_main!(benches);
