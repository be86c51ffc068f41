//! A load without devices, whose metrics are served: for `load_metrics.py`, which reads them.
//!
//!     load_metrics STARTS_A_SECOND SECONDS
//!
//! Its users sleep for a few milliseconds; the names of their actions, states and faults are as odd as
//! names can be, and there are more actions than metrics tell apart. Prints `METRICS=` and the address,
//! and at the end its p99, and the mean number of starts a second.

#[path = "../../../src/loading/metrics_server.rs"]
#[expect(dead_code, reason = "it is that of the command")]
mod metrics_server;

use std::error::Error;
use std::time::Duration;

use harness_core::device::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};
use harness_explore::load::{
    CycleError, Identity, Load, Plan, Recorder, ResultClass, Sample, Stage, Summary, User,
};
use tokio::time::{Instant, sleep};

/// A name that would end a label, a line and an escape.
const ODD: &str = "say \"now\\then\"\nand {again=\"1\"} 5";

/// So many actions have names of their own beside those of all users.
const NAMES: u64 = 300;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || {
        arguments
            .next()
            .ok_or("load_metrics STARTS_A_SECOND SECONDS")
    };
    let rate: f64 = next()?.parse()?;
    let lasting = Duration::from_secs(next()?.parse()?);
    let stages = vec![Stage::new(rate, Duration::ZERO), Stage::new(rate, lasting)];
    let plan = Plan::open("metrics", 500, stages).with_warm_up(Duration::from_millis(500));
    let second = Duration::from_secs(1);
    let load = Load::new(plan)?
        .with_recurring_fault(Odd, second, second, second * 2)
        .with_watch(|gauge| {
            gauge.states.insert(ODD.to_owned(), 3);
            gauge.states.insert("READY".to_owned(), 13);
        });
    let server = metrics_server::serve(load.live(), "127.0.0.1", 0, None).await?;
    println!("METRICS={}", server.url());
    let report = load.run(|it| Sleeper(it, 0), std::future::pending()).await;
    let total = Summary::of(&report).total;
    let p99 = total.latency.percentile(99.0).unwrap_or_default();
    println!("p99 {} us", p99.as_micros());
    let counted = total.count() as f64 / report.held.as_secs_f64();
    println!("rate {counted:.0}/s");
    // whoever reads may read the last figures
    sleep(second).await;
    server.shutdown().await;
    Ok(())
}

/// Sleeps, with an odd name in turn.
struct Sleeper(Identity, u64);

impl User for Sleeper {
    async fn cycle(&mut self, recorder: &Recorder, planned: Instant) -> Result<(), CycleError> {
        let begun = Instant::now();
        sleep(Duration::from_millis(1)).await;
        self.1 += 1;
        let named = format!("action {}", (self.0.number * 7 + self.1) % NAMES);
        let (action, class) = match self.1 % 8 {
            0 => (named.as_str(), ResultClass::Ok),
            1 => ("Scan", ResultClass::Rejected),
            2 => ("Scan", ResultClass::DevFailed),
            3 => (ODD, ResultClass::Ok),
            _ => ("Scan", ResultClass::Ok),
        };
        let sample = Sample::done(action, begun).planned_at(planned);
        let sample = sample.from_state(Some(if self.1.is_multiple_of(2) {
            "READY"
        } else {
            ODD
        }));
        recorder.record(&sample.ended_as(class, Some("it was said so")));
        recorder.transition("READY", ODD, Some(Duration::from_millis(1)));
        Ok(())
    }
}

/// Does no harm, but has a name.
#[derive(Debug)]
struct Odd;

impl Fault for Odd {
    fn describe(&self) -> String {
        ODD.to_owned()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async { Ok(FaultGuard::new(ODD, async { Ok(()) })) })
    }
}
