use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use harness_core::tracer::{EVENT_LOG_TARGET, EventLog};
use harness_core::{DeviceError, InMemoryDevice, Signal, TracedDevice, Tracer};
use tokio::task::yield_now;

use crate::collector::Collector;

const TAGS: &str = " device=t/subarray/01 attribute=obsState";

fn subarray() -> (InMemoryDevice, TracedDevice) {
    let device = InMemoryDevice::new("t/subarray/01")
        .with_attribute("obsState", "EMPTY")
        .with_attribute("other", 1);
    let traced = Tracer::default().device(Arc::new(device.clone()));
    (device, traced)
}

#[tokio::test]
async fn events_are_told_as_they_come_each_once_and_errors_louder() {
    let (told, _guard) = Collector::of(EVENT_LOG_TARGET);
    let (device, traced) = subarray();
    traced.watch("other").await.unwrap();
    let log = EventLog::new().of(&traced, ["OBSSTATE"]).start();
    let log = log.await.unwrap();
    device.set("obsState", "IDLE");
    device.set("other", 2);
    device.push("obsState", Signal::Error(DeviceError::refused("t", "read")));
    let reason = "the counter jumped".to_owned();
    let missed = Some(2);
    device.push("obsState", Signal::Gap { missed, reason });
    let reason = "the server died".to_owned();
    device.push("obsState", Signal::Lost { reason });
    // told without waiting for the end
    for _ in 0..3 {
        yield_now().await;
    }
    let lines: Vec<_> = told
        .take()
        .iter()
        .map(|line| line.replace(&TAGS.replace("obsState", "OBSSTATE"), ""))
        .collect();
    assert_eq!(
        lines,
        [
            "INFO t/subarray/01 OBSSTATE is EMPTY (initial value)",
            "INFO t/subarray/01 OBSSTATE EMPTY -> IDLE",
            "ERROR t/subarray/01 OBSSTATE error event: t refused read",
            "WARN t/subarray/01 OBSSTATE 2 events missed: the counter jumped",
            "ERROR t/subarray/01 OBSSTATE subscription lost: the server died",
        ]
    );
    drop(log);
    assert_eq!(told.take(), [""; 0]);
}

#[tokio::test]
async fn what_came_before_the_log_ends_is_told_and_nothing_after() {
    let (told, _guard) = Collector::of(EVENT_LOG_TARGET);
    let (device, traced) = subarray();
    traced.watch("obsState").await.unwrap();
    let log = EventLog::new().of(&traced, ["obsState"]).start();
    let log = log.await.unwrap();
    device.set("obsState", "IDLE");
    drop(log);
    device.set("obsState", "READY");
    yield_now().await;
    assert_eq!(
        told.take(),
        [format!("INFO t/subarray/01 obsState EMPTY -> IDLE{TAGS}")]
    );
}

#[tokio::test]
async fn two_logs_of_one_attribute_each_have_their_own_filter_and_words() {
    let (told, _guard) = Collector::of(EVENT_LOG_TARGET);
    let (device, traced) = subarray();
    traced.watch("obsState").await.unwrap();
    let ready = EventLog::new()
        .of(&traced, ["obsState"])
        .only(|event| event.reading().is_some_and(|it| it.value == "READY".into()))
        .with_message(|event| format!("at last: {}", event.reading().unwrap()))
        .start();
    let clumsy = EventLog::new()
        .of(&traced, ["obsState"])
        .with_message(|_| panic!("no words"))
        .start();
    let logs = (ready.await.unwrap(), clumsy.await.unwrap());
    device.set("obsState", "IDLE");
    device.set("obsState", "READY");
    drop(logs);
    assert_eq!(
        told.take(),
        [
            format!("INFO at last: READY{TAGS}"),
            format!("INFO t/subarray/01 obsState EMPTY -> IDLE{TAGS}"),
            format!("INFO t/subarray/01 obsState IDLE -> READY{TAGS}"),
        ]
    );
}

#[tokio::test]
async fn an_attribute_that_can_not_be_watched_can_not_be_logged() {
    let (_, traced) = subarray();
    let log = EventLog::new().of(&traced, ["obsState", "nonsense"]);
    let error = log.start().await.unwrap_err();
    assert_eq!(error.attribute, "nonsense");
}

#[tokio::test]
async fn several_attributes_of_several_devices_are_told_by_one_log_with_their_words() {
    let (told, _guard) = Collector::of(EVENT_LOG_TARGET);
    let tracer = Tracer::default();
    let devices = [1, 2].map(|number| {
        InMemoryDevice::new(format!("t/subarray/{number:02}"))
            .with_attribute("obsState", 0)
            .with_labels("obsState", ["EMPTY", "IDLE"])
            .with_attribute("beams", 0)
            .with_attribute("unasked", 0)
    });
    let traced = devices
        .clone()
        .map(|device| tracer.device(Arc::new(device)));
    let log = traced.iter().fold(EventLog::new(), |log, device| {
        log.of(device, ["obsState", "beams"])
    });
    let log = log.only(|event| event.change().is_some()).start();
    let log = log.await.unwrap();
    traced[0].watch("unasked").await.unwrap();
    for device in &devices {
        for attribute in ["obsState", "beams", "unasked"] {
            device.set(attribute, 1);
        }
    }
    drop(log);
    let lines: Vec<_> = told
        .take()
        .iter()
        .filter_map(|line| Some(line.split_once(" device=")?.0.to_owned()))
        .collect();
    assert_eq!(
        lines,
        [
            "INFO t/subarray/01 obsState EMPTY -> IDLE",
            "INFO t/subarray/01 beams 0 -> 1",
            "INFO t/subarray/02 obsState EMPTY -> IDLE",
            "INFO t/subarray/02 beams 0 -> 1",
        ]
    );
}

/// Sets an attribute from a thread of its own, as fast as it can, until dropped or for very long.
struct Flood {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Flood {
    fn of(device: &InMemoryDevice) -> Self {
        let (over, device) = (Arc::new(AtomicBool::new(false)), device.clone());
        let is_over = Arc::clone(&over);
        let flooding = move || {
            let numbers = (0..2_000_000).take_while(|_| !is_over.load(Ordering::Relaxed));
            numbers.for_each(|number| device.set("other", number));
        };
        let thread = Some(std::thread::spawn(flooding));
        Self { over, thread }
    }

    fn lasts(&self) -> bool {
        self.thread
            .as_ref()
            .is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.thread.take().map(JoinHandle::join);
    }
}

#[tokio::test]
async fn a_flood_of_events_holds_up_neither_the_end_of_a_log_nor_others() {
    let (told, _guard) = Collector::of(EVENT_LOG_TARGET);
    let (device, traced) = subarray();
    let log = EventLog::new()
        .of(&traced, ["other"])
        .with_message(|event| {
            // slower than the events come
            let began = Instant::now();
            while began.elapsed() < Duration::from_micros(10) {}
            event.to_string()
        })
        .start();
    let log = log.await.unwrap();
    let flood = Flood::of(&device);
    for _ in 0..3 {
        yield_now().await;
    }
    assert!(flood.lasts(), "the log let nobody else do anything");
    drop(log);
    assert!(flood.lasts(), "the log did not end before the flood did");
    drop(flood);
    assert!(!told.take().is_empty());
}
