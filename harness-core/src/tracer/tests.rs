use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::device::{DeviceErrorKind, EventSink, Quality, StackFrame, Subscription};
use crate::journal::EntryKind;
use crate::{BoxFuture, Device, DeviceError, InMemoryDevice, Reading, Signal, Tracer, Value};

mod refusals;
mod stale;

fn subarray() -> (InMemoryDevice, Arc<dyn Device>) {
    let device = InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", "EMPTY");
    (device.clone(), Arc::new(device))
}

/// Subscribing takes a second, and fails as often as asked for.
#[derive(Debug)]
struct Slow {
    device: InMemoryDevice,
    failures: AtomicUsize,
    asked: AtomicUsize,
    /// The sinks of failed attempts, kept as a careless device would.
    leaked: Mutex<Vec<Leaked>>,
}

struct Leaked(Arc<dyn EventSink>);

impl std::fmt::Debug for Leaked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Leaked")
    }
}

impl Slow {
    fn new(failures: usize) -> Arc<Self> {
        Arc::new(Self {
            device: subarray().0,
            failures: failures.into(),
            asked: AtomicUsize::new(0),
            leaked: Mutex::default(),
        })
    }
}

impl Device for Slow {
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
            self.asked.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(1)).await;
            let left = self.failures.load(Ordering::Relaxed);
            if left > 0 {
                self.failures.store(left - 1, Ordering::Relaxed);
                self.leaked.lock().unwrap().push(Leaked(sink));
                return Err(DeviceError::new(
                    DeviceErrorKind::TimedOut,
                    self.name(),
                    "subscribe",
                ));
            }
            self.device.subscribe(attribute, sink).await
        })
    }
}

fn events(tracer: &Tracer, mark: &crate::Mark) -> Vec<String> {
    let entries = tracer.journal().since(mark);
    entries
        .iter()
        .filter_map(|entry| entry.event().map(ToString::to_string))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn subscribes_once_whatever_the_case_of_the_names() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    let mark = tracer.mark();
    for attribute in ["obsState", "obsstate", "OBSSTATE"] {
        tracer.watch(&traced, attribute).await.unwrap();
    }
    // another object with the same name is the same device
    let same: Arc<dyn Device> = Arc::new(device.clone());
    tracer.device(same).watch("obsState").await.unwrap();
    device.set("ObsState", "IDLE");
    assert_eq!(device.subscriptions_made(), 1);
    assert_eq!(
        events(&tracer, &mark),
        [
            "obsState is EMPTY (initial value)",
            "obsState EMPTY -> IDLE"
        ]
    );
    let latest = tracer.latest("LOW-TMC/subarray/01", "OBSstate").unwrap();
    assert_eq!(latest.value, Value::from("IDLE"));
}

#[tokio::test(start_paused = true)]
async fn many_ask_at_once_and_the_device_is_asked_once() {
    let device = Slow::new(0);
    let tracer = Tracer::default();
    let traced: Arc<dyn Device> = device.clone();
    let asked = (0..100).map(|_| tracer.watch(&traced, "obsState"));
    let started = tokio::time::Instant::now();
    assert!(
        futures_util::future::join_all(asked)
            .await
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(device.asked.load(Ordering::Relaxed), 1);
    assert_eq!(started.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn all_who_ask_share_one_failure_and_the_next_one_tries_again() {
    let device = Slow::new(1);
    let tracer = Tracer::default();
    let mark = tracer.mark();
    let traced: Arc<dyn Device> = device.clone();
    let asked = (0..100).map(|_| tracer.watch(&traced, "obsState"));
    let outcomes = futures_util::future::join_all(asked).await;
    assert!(outcomes.iter().all(Result::is_err));
    let error = outcomes[0].as_ref().unwrap_err();
    assert_eq!(
        error.to_string(),
        "obsState of low-tmc/subarray/01 can not be watched"
    );
    assert!(error.advice().unwrap().contains("running"));
    assert_eq!(device.asked.load(Ordering::Relaxed), 1);

    tracer.watch(&traced, "obsState").await.unwrap();
    // what a failed attempt still delivers is stale
    let leaked = device.leaked.lock().unwrap().pop().unwrap();
    leaked.0.deliver(Signal::Change(Reading::new("STALE")));
    device.device.set("obsState", "IDLE");
    assert_eq!(
        events(&tracer, &mark),
        [
            "obsState is EMPTY (initial value)",
            "obsState EMPTY -> IDLE"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_kept_for_those_who_ask_later() {
    let device = Slow::new(1);
    let tracer = Tracer::default();
    let traced: Arc<dyn Device> = device.clone();
    // one that joined in and has not collected its answer keeps nobody from trying again
    let mut parked = Box::pin(tracer.watch(&traced, "obsState"));
    assert!(futures_util::FutureExt::now_or_never(&mut parked).is_none());
    assert!(tracer.watch(&traced, "obsState").await.is_err());
    tracer.watch(&traced, "obsState").await.unwrap();
    assert!(parked.await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_asker_that_gives_up_neither_stops_the_others_nor_leaves_anything() {
    let device = Slow::new(0);
    let tracer = Tracer::default();
    let traced: Arc<dyn Device> = device.clone();
    let impatient =
        tokio::time::timeout(Duration::from_millis(10), tracer.watch(&traced, "obsState"));
    let patient = tracer.watch(&traced, "obsState");
    let (gave_up, watched) = tokio::join!(impatient, patient);
    assert!(gave_up.is_err());
    watched.unwrap();
    assert_eq!(device.asked.load(Ordering::Relaxed), 1);

    let other = Tracer::default();
    let alone = tokio::time::timeout(Duration::from_millis(10), other.watch(&traced, "obsState"));
    assert!(alone.await.is_err());
    other.watch(&traced, "obsState").await.unwrap();
    assert_eq!(device.asked.load(Ordering::Relaxed), 3);
    assert_eq!(device.device.live_subscriptions(), 2);
}

#[tokio::test(start_paused = true)]
async fn subscriptions_end_with_the_last_clone_of_the_tracer() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    let clone = tracer.clone();
    tracer.watch(&traced, "obsState").await.unwrap();
    drop(tracer);
    assert_eq!(device.live_subscriptions(), 1);
    drop(clone);
    assert_eq!(device.live_subscriptions(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_previous_value_is_never_an_error_nor_a_gap() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    tracer.watch(&traced, "obsState").await.unwrap();
    let mark = tracer.mark();
    device.set("obsState", "IDLE");
    let error = DeviceError::refused(device.name(), "read").with_frame(StackFrame::new("a", "b"));
    device.push("obsState", Signal::Error(error));
    device.push(
        "obsState",
        Signal::Gap {
            missed: None,
            reason: "x".into(),
        },
    );
    device.push("obsState", Signal::Lost { reason: "y".into() });
    device.set("obsState", "READY");
    let changes = tracer.changes_since(&mark, device.name(), "obsState");
    let seen: Vec<_> = changes
        .iter()
        .map(|change| {
            (
                change.previous.clone().unwrap().to_string(),
                change.reading.to_string(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("EMPTY".into(), "IDLE".into()),
            ("IDLE".into(), "READY".into())
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_last_known_value_pushed_right_after_a_gap_is_a_change_and_then_no_more() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    tracer.watch(&traced, "obsState").await.unwrap();
    device.set("obsState", "IDLE");
    let mark = tracer.mark();
    let (missed, reason) = (Some(1), "a counter jumped".to_owned());
    device.push("obsState", Signal::Gap { missed, reason });
    // READY was missed
    for _ in 0..2 {
        device.push("obsState", Signal::Change(Reading::new("IDLE")));
    }
    let changes = tracer.changes_since(&mark, device.name(), "obsState");
    let seen = changes.iter().map(|change| {
        let previous = change.previous.as_ref().map(ToString::to_string);
        (previous, change.reading.to_string())
    });
    assert_eq!(seen.collect::<Vec<_>>(), [(None, "IDLE".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn what_is_read_after_a_gap_and_is_as_before_is_no_change() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    tracer.watch(&traced, "obsState").await.unwrap();
    device.set("obsState", "IDLE");
    let mark = tracer.mark();
    let reason = "restarted".to_owned();
    device.push(
        "obsState",
        Signal::Gap {
            missed: None,
            reason,
        },
    );
    device.push("obsState", Signal::Back(Reading::new("IDLE")));
    device.push("obsState", Signal::Change(Reading::new("IDLE")));
    let changes = tracer.changes_since(&mark, device.name(), "obsState");
    assert!(changes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_lost_subscription_is_waited_for_before_anything_begins() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    tracer.watch(&traced, "obsState").await.unwrap();
    let reason = "restarted".to_owned();
    device.push(
        "obsState",
        Signal::Lost {
            reason: reason.clone(),
        },
    );

    let begin = Instant::now();
    let coming_back = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let missed = None;
        device.push("obsState", Signal::Gap { missed, reason });
        device.push("obsState", Signal::Back(Reading::new("IDLE")));
    };
    let (watched, ()) = tokio::join!(tracer.watch(&traced, "obsState"), coming_back);
    watched.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(1));
    let mark = tracer.mark();
    assert!(
        tracer
            .changes_since(&mark, device.name(), "obsState")
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_stays_lost_is_not_waited_for_for_ever() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    tracer.watch(&traced, "obsState").await.unwrap();
    device.push(
        "obsState",
        Signal::Lost {
            reason: "gone".into(),
        },
    );
    let begin = Instant::now();
    tracer.watch(&traced, "obsState").await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(5));
    assert_eq!(tracer.lost(device.name(), "obsState"), Some("gone".into()));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_comes_back_after_none_was_given_is_no_change() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    tracer.watch(&traced, "obsState").await.unwrap();
    let mark = tracer.mark();
    let none = Reading::new(Value::Void).with_quality(Quality::Invalid);
    device.push("obsState", Signal::Change(none));
    device.set("obsState", "EMPTY");
    device.set("obsState", "IDLE");
    let changes = tracer.changes_since(&mark, device.name(), "obsState");
    let to: Vec<_> = changes.iter().map(|it| it.reading.to_string()).collect();
    assert_eq!(
        to,
        [format!("{} (invalid)", Value::Void), "IDLE".to_owned()]
    );
    assert_eq!(changes[1].previous, Some("EMPTY".into()));
}

#[tokio::test(start_paused = true)]
async fn a_value_found_after_a_gap_is_a_change_only_if_it_differs() {
    let (device, traced) = subarray();
    let tracer = Tracer::default();
    tracer.watch(&traced, "obsState").await.unwrap();
    let mark = tracer.mark();
    device.push("obsState", Signal::Back(Reading::new("EMPTY")));
    device.set("obsState", "EMPTY");
    device.push("obsState", Signal::Back(Reading::new("IDLE")));
    let changes = tracer.changes_since(&mark, device.name(), "obsState");
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].reading.value, Value::from("IDLE"));
}

#[tokio::test(start_paused = true)]
async fn commands_and_their_replies_are_recorded_together() {
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("x", 0)
        .with_command("Double", |_, n| {
            n.as_int()
                .map(|n| Value::from(2 * n))
                .ok_or_else(|| DeviceError::refused("a/b/c", "Double"))
        });
    let tracer = Tracer::default();
    let traced = tracer.device(Arc::new(device));
    let mark = tracer.mark();
    assert_eq!(traced.command("Double", 4).await.unwrap(), Value::from(8));
    assert!(traced.command("Double", "four").await.is_err());
    traced.write("x", 3).await.unwrap();
    let told: Vec<_> = tracer
        .journal()
        .since(&mark)
        .iter()
        .map(|entry| match &*entry.kind {
            EntryKind::Command {
                command, argument, ..
            } => format!("{command}({argument})"),
            EntryKind::Reply {
                to,
                outcome: Ok(value),
                ..
            } => format!("{to}: {value}"),
            EntryKind::Reply {
                to,
                outcome: Err(error),
                ..
            } => format!("{to}: {error}"),
            other => format!("{other:?}"),
        })
        .collect();
    let refused = "2: a/b/c refused Double";
    assert_eq!(
        told,
        [
            "Double(4)",
            "0: 8",
            "Double(four)",
            refused,
            "write x(3)",
            "4: nothing"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_remembered_and_the_device_not_asked_again() {
    let device = Slow::new(0);
    let tracer = Tracer::default();
    let traced = tracer.device(device.clone());
    for _ in 0..3 {
        assert!(!traced.watch_if_pushed("lrcFinished").await.unwrap());
    }
    assert_eq!(device.asked.load(Ordering::Relaxed), 1);
    assert!(traced.watch_if_pushed("obsState").await.unwrap());
    // whoever must have it asks again, and what then works is watched for all
    device.device.set("lrcFinished", "nothing");
    assert!(!traced.watch_if_pushed("LRCFinished").await.unwrap());
    traced.watch("lrcFinished").await.unwrap();
    assert!(traced.watch_if_pushed("lrcFinished").await.unwrap());
    assert_eq!(device.asked.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_does_not_answer_has_refused_nothing() {
    let device = Slow::new(1);
    let tracer = Tracer::default();
    let traced = tracer.device(device.clone());
    let error = traced.watch_if_pushed("obsState").await.unwrap_err();
    assert_eq!(error.source.kind, DeviceErrorKind::TimedOut);
    device.device.set_unreachable(true);
    assert!(traced.watch_if_pushed("obsState").await.is_err());
    device.device.set_unreachable(false);
    assert!(traced.watch_if_pushed("obsState").await.unwrap());
}
