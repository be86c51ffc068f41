//! Asking the record.

use std::time::Duration;

use harness_core::action::{Action, ActionError, WaitAction};
use harness_core::{Timeout, changes, changes_to, stops_on};
use tokio::time::Instant;

use crate::bench::Bench;

#[tokio::test(start_paused = true)]
async fn the_past_is_told_without_waiting() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    let changes = || {
        bench
            .tracer
            .changes_since(&mark, "t/subarray/01", "obsState")
    };
    let began = Instant::now();
    assert!(changes().is_empty());
    bench.set(0, "IDLE");
    let told = changes();
    assert_eq!(told[0].reading.value, "IDLE".into());
    assert_eq!(told[0].instant, began);
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn only_the_changes_asked_for_are_given_in_their_order() {
    let bench = Bench::new(3);
    let mark = bench.marked().await;
    for state in ["IDLE", "READY", "READY", "IDLE"] {
        for index in [2, 0] {
            bench.set(index, state);
        }
    }
    let told = |device: &str| -> Vec<String> {
        let changes = bench.tracer.changes_since(&mark, device, "OBSSTATE");
        changes.iter().map(|it| it.reading.to_string()).collect()
    };
    assert_eq!(told("t/subarray/01"), ["IDLE", "READY", "IDLE"]);
    assert_eq!(told("T/SUBARRAY/03"), ["IDLE", "READY", "IDLE"]);
    assert!(told("t/subarray/02").is_empty());
    assert!(told("t/subarray/99").is_empty());
}

/// Two are there, the third comes after two seconds, and the fourth is not waited for.
#[tokio::test(start_paused = true)]
async fn ends_with_the_last_one_needed() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    bench.set(0, "IDLE");
    bench.set(0, "READY");
    bench.set_after(2_000, 0, "IDLE");
    bench.set_after(3_000, 0, "READY");
    let began = Instant::now();
    let three = changes(&bench.traced, "obsState").at_least(3);
    bench
        .verify(&mark, &Timeout::seconds(10), three)
        .await
        .unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn what_came_while_another_was_awaited_is_found_in_the_past() {
    let bench = Bench::new(2);
    let mark = bench.marked().await;
    bench.set_after(1_000, 1, "IDLE");
    bench.set_after(2_000, 0, "IDLE");
    let timeout = Timeout::seconds(5);
    let began = Instant::now();
    for device in &bench.traced {
        let idle = changes_to([device], "obsState", "IDLE");
        bench.verify(&mark, &timeout, idle).await.unwrap();
    }
    assert_eq!(began.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_matcher_may_ask_the_record_and_even_add_to_it() {
    let bench = Bench::new(2);
    let mark = bench.marked().await;
    let (tracer, its_mark, other) = (bench.tracer.clone(), mark.clone(), bench.devices[1].clone());
    let curious = changes([&bench.traced[0]], "obsState").matching("curious", move |_| {
        // that of the device is among them
        other.set("obsState", "IDLE");
        let all = tracer.journal().since(&its_mark).len();
        let changes = tracer.changes_since(&its_mark, "t/subarray/02", "obsState");
        all == 2 && changes.len() == 1 && tracer.latest("t/subarray/02", "obsState").is_some()
    });
    bench.set_after(1_000, 0, "IDLE");
    bench
        .verify(&mark, &Timeout::seconds(5), curious)
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn without_an_early_stop_the_timeout_is_the_reason() {
    let bench = Bench::new(1);
    bench.set_after(1_000, 0, "READY");
    let began = Instant::now();
    let error = WaitAction::new(&bench.tracer, "settle")
        .postcondition(changes_to(&bench.traced, "obsState", "IDLE"))
        .early_stop(stops_on(&bench.traced, "obsState", "FAULT"))
        .execute(Timeout::seconds(3))
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(3));
    assert!(
        matches!(error, ActionError::Postcondition { .. }),
        "{error}"
    );
    assert_eq!(
        error.failure().unwrap().headline(),
        "settle: what was expected was not seen within 3s"
    );
}
