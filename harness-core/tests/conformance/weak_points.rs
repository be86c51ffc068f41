//! Where the Python harness gives a wrong verdict, waits in vain, or loses something.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use harness_core::action::{Action, ActionError, CommandAction, WaitAction};
use harness_core::assertion::Watch;
use harness_core::device::{EventSink, Subscription};
use harness_core::{
    BoxFuture, Device, DeviceError, InMemoryDevice, Reading, Signal, Timeout, Tracer, Value,
    changes, changes_to, is_in_state, stops_on,
};
use tokio::time::Instant;

use crate::bench::{Bench, steps};

#[tokio::test(start_paused = true)]
async fn a_command_that_does_nothing_does_not_pass_on_the_value_there_was() {
    let bench = Bench::new(1);
    let begin = bench.tracer.mark();
    for _ in 0..2 {
        let error = CommandAction::new(&bench.traced[0], "Nothing", ())
            .postcondition(changes_to(&bench.traced, "obsState", "EMPTY"))
            .execute(Timeout::seconds(1))
            .await
            .unwrap_err();
        assert!(error.to_string().contains("use is_in_state"), "{error}");
    }
    // the value it had when it was subscribed to is on record, and no change
    let entries = bench.tracer.journal().since(&begin);
    let events: Vec<_> = entries.iter().filter_map(|entry| entry.event()).collect();
    assert_eq!(events.len(), 1);
    assert!(events[0].change().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_restart_from_fault_is_not_stopped_by_that_fault() {
    let bench = Bench::new(1);
    bench.set(0, "FAULT");
    let restart = |to: &str| {
        CommandAction::new(&bench.traced[0], "Go", to)
            .postcondition(changes_to(&bench.traced, "obsState", "EMPTY"))
            .early_stop(stops_on(&bench.traced, "obsState", "FAULT"))
    };
    restart("EMPTY").execute(Timeout::seconds(1)).await.unwrap();
    let error = restart("FAULT").execute(Timeout::seconds(1)).await;
    assert!(matches!(error, Err(ActionError::EarlyStop { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_events_are_each_looked_at_once_by_each_wait() {
    const EVENTS: usize = 100_000;
    let bench = Bench::new(1);
    let shown = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&shown);
    let last = changes(&bench.traced, "obsState").matching("the last one", move |reading| {
        count.fetch_add(1, Ordering::Relaxed);
        reading.value == Value::from(EVENTS as i64)
    });
    let mark = bench.marked().await;
    let device = bench.devices[0].clone();
    tokio::spawn(async move {
        for number in 1..=EVENTS {
            device.set("obsState", number as i64);
            if number.is_multiple_of(1_000) {
                tokio::task::yield_now().await;
            }
        }
    });
    let timeout = Timeout::seconds(60);
    bench.verify(&mark, &timeout, last).await.unwrap();
    assert_eq!(shown.load(Ordering::Relaxed), EVENTS);
}

#[tokio::test(start_paused = true)]
async fn changes_in_one_instant_keep_their_order() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    let began = Instant::now();
    let error = DeviceError::refused("t/subarray/01", "poll");
    bench.set(0, "IDLE");
    bench.devices[0].push("obsState", Signal::Error(error));
    bench.set(0, "READY");
    assert_eq!(began.elapsed(), Duration::ZERO);
    let ready = changes_to(&bench.traced, "obsState", "READY").from("IDLE");
    bench.verify(&mark, &Timeout::zero(), ready).await.unwrap();
}

/// Neither does the device's clock count, which here runs backwards, nor that of the machine,
/// which stands still while hours are waited.
#[tokio::test(start_paused = true)]
async fn no_clock_but_the_monotonic_one_counts() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    let device = bench.devices[0].clone();
    let wall = SystemTime::now();
    tokio::spawn(async move {
        for (hour, state) in [(1, "CONFIGURING"), (2, "READY")] {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            let time = wall - Duration::from_secs(3600 * hour);
            let reading = Reading::new(state).with_server_time(time);
            device.push("obsState", Signal::Change(reading));
        }
    });
    let began = Instant::now();
    let ready = changes_to(&bench.traced, "obsState", "READY").from("CONFIGURING");
    let timeout = Timeout::from(Duration::from_secs(3 * 3600));
    bench.verify(&mark, &timeout, ready).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(2 * 3600));
    assert_eq!(timeout.remaining(), Duration::from_secs(3600));
    assert!(wall.elapsed().unwrap() < Duration::from_secs(600));
}

#[tokio::test(start_paused = true)]
async fn records_know_nothing_of_each_other() {
    let (one, other) = (Bench::new(1), Bench::new(1));
    let (mark, others_mark) = (one.tracer.mark(), other.tracer.mark());
    for _ in 0..2 {
        CommandAction::new(&one.traced[0], "Nothing", ())
            .execute(Timeout::zero())
            .await
            .unwrap();
    }
    assert_eq!(steps(&one.tracer.journal().since(&mark)).len(), 4);
    assert!(other.tracer.journal().since(&others_mark).is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_assertion_serves_several_actions_at_once() {
    let bench = Bench::new(2);
    let idle = Arc::new(changes_to(&bench.traced, "obsState", "IDLE"));
    let wait = |name: &str| WaitAction::new(&bench.tracer, name).postcondition(Arc::clone(&idle));
    let mut stopped =
        wait("one with a stop").early_stop(stops_on(&bench.traced, "obsState", "FAULT"));
    let mut patient = wait("one without");
    bench.set_after(1_000, 0, "FAULT");
    bench.set_after(2_000, 0, "IDLE");
    bench.set_after(2_000, 1, "IDLE");
    let (stopped, patient) = tokio::join!(
        stopped.execute(Timeout::seconds(5)),
        patient.execute(Timeout::seconds(5))
    );
    assert!(matches!(stopped, Err(ActionError::EarlyStop { .. })));
    patient.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_a_subscription_that_has_ended_still_says_fools_nobody() {
    let device = Careless::new("a/b/c", Duration::ZERO);
    let former = Tracer::default();
    former
        .device(device.clone())
        .watch("obsState")
        .await
        .unwrap();
    drop(former);

    let tracer = Tracer::default();
    let traced = tracer.device(device.clone());
    traced.watch("obsState").await.unwrap();
    let mark = tracer.mark();
    device.sinks.lock().unwrap()[0].deliver(Signal::Change(Reading::new("IDLE")));
    let idle = changes_to([&traced], "obsState", "IDLE");
    let outcome = Watch::new(&tracer, &mark, &Timeout::zero())
        .verify_all("test", &[Box::new(idle)])
        .await;
    assert!(outcome.is_err());
    assert!(tracer.journal().since(&mark).is_empty());
}

#[tokio::test(start_paused = true)]
async fn all_that_must_be_watched_is_asked_for_at_the_same_time_and_once() {
    let tracer = Tracer::default();
    let devices: Vec<_> = (0..200)
        .map(|number| Careless::new(&format!("a/b/{number}"), Duration::from_secs(1)))
        .collect();
    let traced: Vec<_> = devices
        .iter()
        .map(|device| tracer.device(device.clone()))
        .collect();
    let mut wait = WaitAction::new(&tracer, "settle")
        .precondition(is_in_state(&traced, "obsState", "EMPTY"))
        .postcondition(changes_to(&traced, "obsState", "IDLE"))
        .early_stop(stops_on(&traced, "obsState", "FAULT"));
    let mut setup = async || {
        let began = Instant::now();
        wait.setup().await.unwrap();
        began.elapsed()
    };
    assert_eq!(setup().await, Duration::from_secs(1));
    assert_eq!(setup().await, Duration::ZERO);
    assert!(
        devices
            .iter()
            .all(|device| device.device.subscriptions_made() == 1)
    );
}

/// Takes its time to subscribe, and keeps the sinks of subscriptions that have ended.
struct Careless {
    device: InMemoryDevice,
    takes: Duration,
    sinks: Mutex<Vec<Arc<dyn EventSink>>>,
}

impl Careless {
    fn new(name: &str, takes: Duration) -> Arc<Self> {
        Arc::new(Self {
            device: InMemoryDevice::new(name).with_attribute("obsState", "EMPTY"),
            takes,
            sinks: Mutex::default(),
        })
    }
}

impl std::fmt::Debug for Careless {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Careless")
    }
}

impl Device for Careless {
    fn name(&self) -> &str {
        self.device.name()
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        self.device.command(command, argument)
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        self.device.read(attribute)
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        self.device.write(attribute, value)
    }

    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        Box::pin(async move {
            tokio::time::sleep(self.takes).await;
            self.sinks.lock().unwrap().push(Arc::clone(&sink));
            self.device.subscribe(attribute, sink).await
        })
    }
}
