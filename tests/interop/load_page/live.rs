//! A real load, of users that wait instead of asking devices.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};
use harness_explore::load::{
    CycleError, Gauge, Identity, Load, LoadReport, Plan, Recorder, ResultClass, Sample, Shard,
    Stage, User,
};
use tokio::time::{Instant, sleep};

/// Two parts of a load, at the same time, as one report.
pub(crate) async fn run() -> Result<LoadReport, Box<dyn Error>> {
    let (first, second) = tokio::join!(part(1), part(2));
    Ok(LoadReport::merge(vec![first?, second?])?)
}

async fn part(number: u32) -> Result<LoadReport, Box<dyn Error>> {
    let stages = Stage::parse_all("40, 2s; 40, 4s")?;
    let plan = Plan::closed("patience", stages)
        .with_seed(11)
        .with_text("users wait")
        .with_pause(Duration::from_millis(5), Duration::from_millis(30))
        .with_shard(Shard::new(number, 2)?);
    let dark = Arc::new(AtomicBool::new(false));
    let busy = Arc::new(AtomicU64::new(0));
    let watched = Arc::clone(&busy);
    let load = Load::new(plan)?
        .with_fault(
            Dark(Arc::clone(&dark)),
            Duration::from_secs(3),
            Duration::from_secs(1),
        )
        .with_watch(move |gauge: &mut Gauge| {
            let busy = watched.load(Ordering::Relaxed);
            let idle = 20_u64.saturating_sub(busy);
            gauge.states = BTreeMap::from([("IDLE".into(), idle), ("READY".into(), busy)]);
        });
    let user = |identity: Identity| Patient {
        random: identity.seed,
        dark: Arc::clone(&dark),
        busy: Arc::clone(&busy),
    };
    Ok(load.run(user, std::future::pending()).await)
}

/// Makes everything slow, and some of it fail.
#[derive(Debug)]
struct Dark(Arc<AtomicBool>);

impl Fault for Dark {
    fn describe(&self) -> String {
        "it is dark".to_owned()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        let dark = Arc::clone(&self.0);
        dark.store(true, Ordering::Relaxed);
        let stop = async move {
            dark.store(false, Ordering::Relaxed);
            Ok(())
        };
        let guard = FaultGuard::new(self.describe(), stop);
        Box::pin(std::future::ready(Ok(guard)))
    }
}

struct Patient {
    random: u64,
    dark: Arc<AtomicBool>,
    busy: Arc<AtomicU64>,
}

impl Patient {
    fn millis(&mut self) -> u64 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        1 + (self.random >> 33) % 12
    }
}

impl User for Patient {
    async fn cycle(&mut self, recorder: &Recorder, planned: Instant) -> Result<(), CycleError> {
        let mut planned = planned;
        for action in ["Configure", "Scan"] {
            let begun = Instant::now();
            let is_dark = self.dark.load(Ordering::Relaxed);
            let millis = self.millis();
            self.busy.fetch_add(1, Ordering::Relaxed);
            sleep(Duration::from_millis(if is_dark {
                15 * millis
            } else {
                millis
            }))
            .await;
            self.busy.fetch_sub(1, Ordering::Relaxed);
            let mut sample = Sample::done(action, begun).planned_at(planned);
            if is_dark && millis > 9 {
                sample = sample.ended_as(ResultClass::TimedOut, Some("no answer in the dark"));
            }
            recorder.record(&sample);
            planned = Instant::now();
        }
        Ok(())
    }
}
