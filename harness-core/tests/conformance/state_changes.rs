//! Changes of state: which count, and from what.

use std::sync::Arc;
use std::time::Duration;

use harness_core::assertion::{Assertion, Watch};
use harness_core::device::Quality;
use harness_core::{
    EnumValue, InMemoryDevice, Reading, Signal, Timeout, Tracer, Value, changes, changes_to,
};
use tokio::time::Instant;

use crate::bench::{Bench, nearest};

#[tokio::test(start_paused = true)]
async fn two_devices_that_both_changed_are_seen_without_waiting() {
    let bench = Bench::new(2);
    let mark = bench.marked().await;
    bench.set(1, "IDLE");
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let outcome = bench.verify(&mark, &Timeout::zero(), idle.clone()).await;
    assert_eq!(nearest(outcome), ["no change; it is EMPTY"]);
    bench.set(0, "IDLE");
    bench.verify(&mark, &Timeout::zero(), idle).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn value_previous_value_and_matcher_are_asked_together() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    let valid = |reading: &Reading| reading.quality == Quality::Valid;
    let ready = changes_to(&bench.traced, "obsState", "READY")
        .from("CONFIGURING")
        .matching("a valid reading", valid);
    let zero = Timeout::zero();
    let verify = || bench.verify(&mark, &zero, ready.clone());
    bench.set(0, "READY");
    assert!(verify().await.is_err(), "from another value");
    bench.set(0, "CONFIGURING");
    let doubtful = Reading::new("READY").with_quality(Quality::Warning);
    bench.devices[0].push("obsState", Signal::Change(doubtful));
    assert!(verify().await.is_err(), "the matcher says no");
    bench.set(0, "CONFIGURING");
    bench.set(0, "READY");
    verify().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn without_a_value_before_no_previous_value_matches() {
    let none = Reading::new(Value::Void).with_quality(Quality::Invalid);
    let device = InMemoryDevice::new("a/b/c");
    device.push("x", Signal::Initial(none));
    let tracer = Tracer::default();
    let traced = tracer.device(Arc::new(device.clone()));
    traced.watch("x").await.unwrap();
    let mark = tracer.mark();
    device.set("x", 42);
    let verify = async |assertion| {
        Watch::new(&tracer, &mark, &Timeout::zero())
            .verify_all("test", &[Box::new(assertion)])
            .await
    };
    let to_42 = || changes_to([&traced], "x", 42);
    assert!(verify(to_42().from(41)).await.is_err());
    verify(to_42()).await.unwrap();
    device.set("x", 41);
    device.set("x", 42);
    verify(to_42().from(41)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_others_say_in_between_is_no_previous_value() {
    let bench = Bench::new(2);
    bench.devices[0].set("obsMode", "EMPTY");
    bench.traced[0].watch("obsMode").await.unwrap();
    let mark = bench.marked().await;
    bench.set(0, "IDLE");
    bench.devices[0].set("obsMode", "READY");
    bench.set(1, "FAULT");
    bench.set(0, "SCANNING");
    let from = |previous: &str| {
        changes_to([&bench.traced[0]], "obsState", "SCANNING").from(previous.to_owned())
    };
    let zero = Timeout::zero();
    bench.verify(&mark, &zero, from("IDLE")).await.unwrap();
    for other in ["READY", "FAULT", "EMPTY"] {
        let outcome = bench.verify(&mark, &zero, from(other)).await;
        assert_eq!(nearest(outcome), ["IDLE -> SCANNING at +0.000 s"]);
    }
}

#[tokio::test(start_paused = true)]
async fn they_may_come_in_any_order_and_the_last_one_ends_the_wait() {
    let bench = Bench::new(3);
    let mark = bench.marked().await;
    bench.set_after(3_000, 0, "IDLE");
    bench.set_after(1_000, 1, "IDLE");
    bench.set_after(2_000, 2, "IDLE");
    let began = Instant::now();
    let idle = |index: usize| -> Box<dyn Assertion> {
        Box::new(changes_to([&bench.traced[index]], "obsState", "IDLE"))
    };
    Watch::new(&bench.tracer, &mark, &Timeout::seconds(10))
        .verify_all("test", &[idle(0), idle(1), idle(2)])
        .await
        .unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn the_state_with_the_number_zero_is_awaited_like_any_other() {
    let empty = EnumValue::labelled(0, "EMPTY");
    let device = InMemoryDevice::new("a/b/c").with_attribute("obsState", 2);
    let tracer = Tracer::default();
    let traced = tracer.device(Arc::new(device.clone()));
    let emptied = changes_to([&traced], "obsState", empty.clone());
    emptied.setup().await.unwrap();
    let mark = tracer.mark();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        device.set("obsState", empty);
    });
    let began = Instant::now();
    Watch::new(&tracer, &mark, &Timeout::seconds(5))
        .verify_all("test", &[Box::new(emptied)])
        .await
        .unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn arrays_are_compared_whole() {
    let device = InMemoryDevice::new("a/b/c").with_attribute("beams", [1, 2]);
    let tracer = Tracer::default();
    let traced = tracer.device(Arc::new(device.clone()));
    traced.watch("beams").await.unwrap();
    let mark = tracer.mark();
    device.set("beams", [1, 2]);
    device.set("beams", [1, 2, 3]);
    let watch = Watch::new(&tracer, &mark, &Timeout::zero());
    let verify = async |assertion| watch.verify_all("test", &[Box::new(assertion)]).await;
    verify(changes_to([&traced], "beams", [1, 2, 3]).from([1, 2]))
        .await
        .unwrap();
    let close = |reading: &Reading| {
        let floats = reading.value.as_list().unwrap_or_default();
        floats
            .iter()
            .filter_map(Value::as_float)
            .all(|it| it < 3.01)
    };
    verify(changes([&traced], "beams").matching("within tolerance", close))
        .await
        .unwrap();
    assert!(
        verify(changes_to([&traced], "beams", [1, 2]))
            .await
            .is_err()
    );
}
