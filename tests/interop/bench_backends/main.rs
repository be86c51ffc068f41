//! Times the two ways to a device side by side, on one PyTango device, in alternating rounds. Run by
//! `tests/interop/bench_backends/run`.
//!
//! `bench_backends DEVICE ROUNDS CALLS` prints the table of docs/benchmarks.md.

use std::error::Error;
use std::time::{Duration, Instant};

use harness_core::{Device, Value};
use harness_tango::device::{TangoConnector, TangoRsConnector};
use harness_tango::telescope::Connector;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What is timed.
#[derive(Clone, Copy)]
enum Measure {
    Command,
    Read,
    Write,
}

const MEASURES: [(Measure, &str); 3] = [
    (Measure::Command, "command"),
    (Measure::Read, "read"),
    (Measure::Write, "write"),
];

/// Medians and p99s of all rounds, of one way.
#[derive(Default)]
struct Figures {
    medians: Vec<Duration>,
    p99s: Vec<Duration>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [device, rounds, calls] = arguments.as_slice() else {
        return Err("usage: bench_backends DEVICE ROUNDS CALLS".into());
    };
    let (rounds, calls): (usize, usize) = (rounds.parse()?, calls.parse()?);
    let wire = TangoConnector::default().connect(device).await?;
    let tango_rs = TangoRsConnector::default().connect(device).await?;
    println!("| round trip | tango-wire: median, p99 | tango-rs: median, p99 | ratios |");
    println!("|---|---|---|---|");
    for (measure, name) in MEASURES {
        let (mut by_wire, mut by_tango_rs) = (Figures::default(), Figures::default());
        for _ in 0..rounds {
            by_wire.add(times(&*wire, measure, calls).await?);
            by_tango_rs.add(times(&*tango_rs, measure, calls).await?);
        }
        let (wire, tango_rs) = (by_wire.middle(), by_tango_rs.middle());
        println!(
            "| {name} | {:.0}, {:.0} | {:.0}, {:.0} | {:.2}, {:.2} |",
            wire.0,
            wire.1,
            tango_rs.0,
            tango_rs.1,
            tango_rs.0 / wire.0,
            tango_rs.1 / wire.1
        );
    }
    Ok(())
}

async fn times(device: &dyn Device, measure: Measure, calls: usize) -> Outcome<Vec<Duration>> {
    let mut times = Vec::with_capacity(calls);
    for _ in 0..calls {
        let began = Instant::now();
        match measure {
            Measure::Command => drop(device.command("Echo", Value::from("configure")).await?),
            Measure::Read => drop(device.read("level").await?),
            Measure::Write => device.write("level", Value::from(2.5)).await?,
        }
        times.push(began.elapsed());
    }
    Ok(times)
}

impl Figures {
    fn add(&mut self, mut times: Vec<Duration>) {
        times.sort_unstable();
        self.medians.extend(times.get(times.len() / 2));
        self.p99s.extend(times.get(times.len() * 99 / 100));
    }

    /// The medians of both, in us.
    fn middle(mut self) -> (f64, f64) {
        let middle = |times: &mut Vec<Duration>| {
            times.sort_unstable();
            let middle = times.get(times.len() / 2);
            middle.map_or(0.0, |time| time.as_secs_f64() * 1e6)
        };
        (middle(&mut self.medians), middle(&mut self.p99s))
    }
}
