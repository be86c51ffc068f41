//! Waits while other threads append: the order of the record alone decides what a wait says, and a
//! flood of events holds nobody up.
//!
//! Races are lost rarely: `HARNESS_RACES=8000 cargo test -p harness-core --test waking` runs more.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use harness_core::assertion::{
    Assertion, Changes, EarlyStop, Watch, changes, changes_to, never_changes_to, stops_on,
};
use harness_core::{InMemoryDevice, Mark, Timeout, TracedDevice, Tracer};
use tokio::runtime::{Builder, Runtime};

/// How often each race is run.
fn rounds() -> usize {
    let asked = std::env::var("HARNESS_RACES").ok();
    asked.and_then(|rounds| rounds.parse().ok()).unwrap_or(200)
}

struct Race {
    runtime: Runtime,
    tracer: Tracer,
    devices: [InMemoryDevice; 2],
    traced: [TracedDevice; 2],
}

impl Race {
    fn new() -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_time()
            .build()
            .unwrap();
        let tracer = Tracer::default();
        let devices = ["race/device/01", "race/device/02"]
            .map(|name| InMemoryDevice::new(name).with_attribute("obsState", "EMPTY"));
        let traced = devices
            .clone()
            .map(|device| tracer.device(Arc::new(device)));
        runtime.block_on(async {
            for device in &traced {
                device.watch("obsState").await.unwrap();
            }
        });
        Self {
            runtime,
            tracer,
            devices,
            traced,
        }
    }

    /// Waits for `assertions` while both devices change at the same moment, and tells whether all
    /// held, and whether the first device changed before the other.
    fn run(
        &self,
        values: [&'static str; 2],
        assertions: Vec<Box<dyn Assertion>>,
        stop: Option<Arc<dyn EarlyStop>>,
    ) -> (bool, bool) {
        for device in &self.devices {
            device.set("obsState", "EMPTY");
        }
        let mark = self.tracer.mark();
        let watch = Watch::new(&self.tracer, &mark, &Timeout::seconds(20)).with_early_stops(stop);
        let waiting = self
            .runtime
            .spawn(async move { watch.verify_all("race", &assertions).await.is_ok() });
        let start = Arc::new(Barrier::new(3));
        let setting = [0, 1].map(|index| {
            let (device, start) = (self.devices[index].clone(), Arc::clone(&start));
            std::thread::spawn(move || {
                start.wait();
                device.set("obsState", values[index]);
            })
        });
        start.wait();
        for thread in setting {
            thread.join().unwrap();
        }
        let outcome = self
            .runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(10), waiting).await });
        // or else nobody woke the wait
        let holds = outcome.unwrap().unwrap();
        (holds, self.is_first_first(&mark))
    }

    fn is_first_first(&self, mark: &Mark) -> bool {
        let entries = self.tracer.journal().since(mark);
        let devices: Vec<_> = entries.iter().filter_map(|entry| entry.device()).collect();
        assert_eq!(devices.len(), 2);
        &**devices[0] == "race/device/01"
    }
}

/// One that is waited for beside `others` of its kind.
fn beside_others(device: &TracedDevice, value: &str, others: usize) -> Vec<Box<dyn Assertion>> {
    let one = || changes_to(device, "obsState", value);
    (0..=others)
        .map(|_| Box::new(one()) as Box<dyn Assertion>)
        .collect()
}

#[test]
fn what_was_recorded_before_an_early_stop_counts_whoever_appends_it() {
    let race = Race::new();
    for round in 0..rounds() {
        for others in [0, 3, 40] {
            let awaited = beside_others(&race.traced[0], "READY", others);
            let stop = Arc::new(stops_on(&race.traced[1], "obsState", "FAULT"));
            let (holds, ready_first) = race.run(["READY", "FAULT"], awaited, Some(stop));
            assert_eq!(holds, ready_first, "round {round}, {others} others");
        }
    }
}

#[test]
fn what_must_not_happen_is_seen_if_it_was_recorded_before_the_last_that_is_awaited() {
    let race = Race::new();
    for round in 0..rounds() {
        for others in [0, 3, 40] {
            let mut all = beside_others(&race.traced[1], "READY", others);
            all.insert(
                0,
                Box::new(never_changes_to(&race.traced[0], "obsState", "FAULT")),
            );
            let (holds, fault_first) = race.run(["FAULT", "READY"], all, None);
            assert!(!(holds && fault_first), "round {round}, {others} others");
        }
    }
}

/// Sets a number from a thread of its own, as fast as it can, until dropped or for very long.
struct Flood {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Flood {
    fn of(device: &InMemoryDevice) -> Self {
        let (over, device) = (Arc::new(AtomicBool::new(false)), device.clone());
        let is_over = Arc::clone(&over);
        let flooding = move || {
            let numbers = (1..2_000_000).take_while(|_| !is_over.load(Ordering::Relaxed));
            numbers.for_each(|number| device.set("number", number));
        };
        let thread = Some(std::thread::spawn(flooding));
        Self { over, thread }
    }

    fn lasts(&self) -> bool {
        let thread = self.thread.as_ref();
        thread.is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}

/// Changes of the number, which take longer to look at than to come, and never match.
fn slowly(device: &TracedDevice) -> Changes {
    changes(device, "number").matching("never", |_| {
        let began = Instant::now();
        while began.elapsed() < Duration::from_micros(20) {}
        false
    })
}

/// Runs `trial` with a device that has a number and a state.
fn in_a_flood<F: Future<Output = ()>>(
    trial: impl FnOnce(Tracer, InMemoryDevice, TracedDevice) -> F,
) {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let tracer = Tracer::default();
    let device = InMemoryDevice::new("flood/device/01")
        .with_attribute("number", 0)
        .with_attribute("obsState", "EMPTY");
    let traced = tracer.device(Arc::new(device.clone()));
    runtime.block_on(trial(tracer, device, traced));
}

#[test]
fn a_wait_in_a_flood_of_events_leaves_time_for_others() {
    in_a_flood(async |tracer: Tracer, device, traced| {
        let never = slowly(&traced);
        never.setup().await.unwrap();
        let mark = tracer.mark();
        let flood = Flood::of(&device);
        let watch = Watch::new(&tracer, &mark, &Timeout::seconds(30));
        let waiting =
            tokio::spawn(async move { watch.verify_all("flood", &[Box::new(never)]).await });
        while tracer.journal().next_sequence() < mark.sequence() + 5_000 {
            tokio::task::yield_now().await;
        }
        assert!(flood.lasts(), "nobody else had a turn");
        waiting.abort();
    });
}

#[test]
fn what_must_not_happen_is_judged_in_the_midst_of_a_flood() {
    in_a_flood(async |tracer: Tracer, device, traced| {
        let ready = changes_to(&traced, "obsState", "READY");
        let never = slowly(&traced).never();
        ready.setup().await.unwrap();
        never.setup().await.unwrap();
        let mark = tracer.mark();
        device.set("obsState", "READY");
        let flood = Flood::of(&device);
        while tracer.journal().next_sequence() < mark.sequence() + 100 {
            tokio::task::yield_now().await;
        }
        let watch = Watch::new(&tracer, &mark, &Timeout::seconds(30));
        let both: [Box<dyn Assertion>; 2] = [Box::new(ready), Box::new(never)];
        watch.verify_all("flood", &both).await.unwrap();
        assert!(flood.lasts(), "it was not judged before the flood was over");
    });
}
