//! Faults while a load goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};
use harness_explore::load::{
    CycleError, Load, Plan, Recorder, ResultClass, Sample, Stage, Summary, User, Verdict,
};
use tokio::time::{Instant, sleep};

use crate::user::{millis, never, seconds, whole_millis};

/// A light that can be out.
#[derive(Clone, Debug, Default)]
struct Dark {
    is_dark: Arc<AtomicBool>,
    stays: bool,
}

impl Fault for Dark {
    fn describe(&self) -> String {
        "the light is out".to_owned()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        self.is_dark.store(true, Ordering::Relaxed);
        let dark = self.clone();
        let stop = async move {
            if dark.stays {
                return Err(FaultError::stop(dark.describe(), "the switch is stuck"));
            }
            // switching on takes a while
            sleep(millis(100)).await;
            dark.is_dark.store(false, Ordering::Relaxed);
            Ok(())
        };
        let guard = FaultGuard::new(self.describe(), stop);
        Box::pin(std::future::ready(Ok(guard)))
    }
}

/// Reads by that light; for a while after it is on again, eyes are still blind.
struct Reader(Dark, Option<Instant>);

impl User for Reader {
    async fn cycle(&mut self, recorder: &Recorder, planned: Instant) -> Result<(), CycleError> {
        let begun = Instant::now();
        let dark = self.0.is_dark.load(Ordering::Relaxed);
        if dark {
            self.1 = Some(begun);
        }
        let blind = self.1.is_some_and(|it| it.elapsed() < millis(500));
        sleep(if dark { millis(200) } else { millis(10) }).await;
        let sample = Sample::done("read", begun).planned_at(planned);
        match blind {
            false => recorder.record(&sample),
            true => recorder.record(&sample.ended_as(ResultClass::DevFailed, Some("dark"))),
        }
        Ok(())
    }
}

fn plan(lasting: u64) -> Plan {
    let stages = [seconds(0), seconds(lasting)].map(|over| Stage::new(2.0, over));
    Plan::closed("reading", stages.to_vec())
}

#[tokio::test(start_paused = true)]
async fn latencies_inside_a_fault_are_told_apart_from_those_outside() {
    let dark = Dark::default();
    let load = Load::new(plan(20)).unwrap();
    let load = load.with_fault(dark.clone(), seconds(5), seconds(3));
    let report = load.run(|_| Reader(dark.clone(), None), never()).await;
    let window = &report.faults[0];
    assert_eq!(&*window.fault, "the light is out");
    assert_eq!(window.from.as_secs(), 5);
    assert!(
        window.to.unwrap().abs_diff(millis(8100)) < millis(5),
        "healed, not only asked to"
    );
    let by_fault = Summary::of(&report).by_fault;
    let row = |fault: Option<&str>| {
        let found = by_fault.iter().find(|(name, _)| name.as_deref() == fault);
        &found.unwrap().1
    };
    let (outside, inside) = (row(None), row(Some("the light is out")));
    assert_eq!(whole_millis(outside.service.max()), 10);
    let slow = report
        .measurements
        .iter()
        .filter(|it| it.service.max() >= Some(millis(200)));
    assert!(slow.into_iter().all(|it| it.fault.is_some()));
    assert!(inside.errors() > 20 && inside.count() < outside.count());
    let recovery = window.time_to_recover().unwrap();
    assert!(
        recovery > millis(300) && recovery < millis(520),
        "{recovery:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_waited_for_a_fault_to_end_counts_as_inside() {
    let dark = Dark::default();
    let stages = [seconds(0), seconds(20)].map(|over| Stage::new(10.0, over));
    let plan = Plan::open("queueing", 1, stages.to_vec());
    let load = Load::new(plan).unwrap();
    let load = load.with_fault(dark.clone(), seconds(5), seconds(2));
    let report = load.run(|_| Reader(dark.clone(), None), never()).await;
    let longest = |inside: bool| {
        let all = report.measurements.iter();
        let chosen = all.filter(|it| it.fault.is_some() == inside);
        chosen.filter_map(|it| it.latency.max()).max().unwrap()
    };
    assert!(longest(true) > millis(800), "{:?}", longest(true));
    // one that is planned after the end may wait for those that are worked off
    assert!(longest(false) < millis(150), "{:?}", longest(false));
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_can_not_be_begun_once_comes_again() {
    #[derive(Debug)]
    struct Stuck(AtomicBool, Dark);
    impl Fault for Stuck {
        fn describe(&self) -> String {
            self.1.describe()
        }
        fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
            if self.0.swap(false, Ordering::Relaxed) {
                let error = FaultError::start(self.describe(), "the switch is stuck");
                return Box::pin(std::future::ready(Err(error)));
            }
            self.1.start()
        }
    }
    let dark = Dark::default();
    let stuck = Stuck(AtomicBool::new(true), dark.clone());
    let load = Load::new(plan(8)).unwrap();
    let load = load.with_recurring_fault(stuck, seconds(1), seconds(1), seconds(3));
    let report = load.run(|_| Reader(dark.clone(), None), never()).await;
    let told: Vec<_> = report
        .faults
        .iter()
        .map(|it| it.problem.is_some())
        .collect();
    assert_eq!(told, [true, false, false]);
    assert_eq!(report.verdict, Verdict::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_fault_comes_again_and_again_until_the_load_ends() {
    let dark = Dark::default();
    let load = Load::new(plan(10)).unwrap();
    let load = load.with_recurring_fault(dark.clone(), seconds(1), seconds(1), seconds(4));
    let report = load.run(|_| Reader(dark.clone(), None), never()).await;
    let begun: Vec<_> = report.faults.iter().map(|it| it.from.as_secs()).collect();
    assert_eq!(begun, [1, 5, 9]);
    assert!(report.faults.iter().all(|it| it.to.is_some()));
    assert!(!dark.is_dark.load(Ordering::Relaxed));
}

#[tokio::test(start_paused = true)]
async fn a_fault_is_over_when_the_load_is_even_if_a_user_panics() {
    struct Fragile;
    impl User for Fragile {
        async fn cycle(&mut self, _: &Recorder, _: Instant) -> Result<(), CycleError> {
            sleep(seconds(2)).await;
            panic!("the lamp is broken");
        }
    }
    let dark = Dark::default();
    let load = Load::new(plan(600)).unwrap();
    let load = load.with_fault(dark.clone(), seconds(1), seconds(3600));
    let report = load.run(|_| Fragile, never()).await;
    assert_eq!(report.verdict, Verdict::Failed);
    assert!(report.faults[0].to.is_some());
    assert!(!dark.is_dark.load(Ordering::Relaxed));
    assert!(
        report.lasted < seconds(10),
        "all users are gone: {:?}",
        report.lasted
    );
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_does_not_heal_is_told() {
    let dark = Dark {
        stays: true,
        ..Dark::default()
    };
    let load = Load::new(plan(5)).unwrap();
    let load = load.with_fault(dark.clone(), seconds(1), seconds(1));
    let report = load.run(|_| Reader(dark.clone(), None), never()).await;
    let window = &report.faults[0];
    assert_eq!(window.to, None);
    let problem = window.problem.as_deref().unwrap();
    let expected = "the fault could not be stopped: the light is out: the switch is stuck";
    assert_eq!(problem, expected);
    assert_eq!(report.verdict, Verdict::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_load_that_is_dropped_ends_its_faults() {
    let dark = Dark::default();
    let load = Load::new(plan(600)).unwrap();
    let load = load.with_fault(dark.clone(), Duration::ZERO, seconds(3600));
    {
        let run = load.run(|_| Reader(dark.clone(), None), never());
        assert!(tokio::time::timeout(seconds(2), run).await.is_err());
        assert!(dark.is_dark.load(Ordering::Relaxed));
    }
    sleep(seconds(1)).await;
    assert!(!dark.is_dark.load(Ordering::Relaxed));
}
