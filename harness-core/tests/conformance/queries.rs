//! Asking the record.

use std::time::Duration;

use harness_core::action::{Action, ActionError, WaitAction};
use harness_core::{Event, Timeout, changes, changes_to, stops_on};
use tokio::time::Instant;

use crate::bench::Bench;

/// The values that these events told.
fn values(events: &[Event]) -> Vec<String> {
    let readings = events.iter().filter_map(Event::reading);
    readings.map(ToString::to_string).collect()
}

#[tokio::test(start_paused = true)]
async fn the_past_is_told_without_waiting() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    let began = Instant::now();
    let idle = bench.tracer.events_since(&mark).matching(|event| {
        let reading = event.reading();
        reading.is_some_and(|reading| reading.value == "IDLE".into())
    });
    assert!(idle.within(Timeout::zero()).await.is_empty());
    bench.set(0, "READY");
    assert!(idle.within(Timeout::zero()).await.is_empty());
    bench.set(0, "IDLE");
    assert_eq!(values(&idle.within(Timeout::zero()).await), ["IDLE"]);
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn every_change_has_its_moment() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    let began = Instant::now();
    for seconds in [1, 2] {
        tokio::time::advance(Duration::from_secs(1)).await;
        bench.set(0, if seconds == 1 { "IDLE" } else { "READY" });
    }
    let told = bench
        .tracer
        .changes_since(&mark, "t/subarray/01", "obsState");
    let moments: Vec<_> = told
        .iter()
        .map(|it| (it.instant - began).as_secs())
        .collect();
    assert_eq!(moments, [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn one_that_comes_later_is_waited_for() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    bench.set_after(3_000, 0, "IDLE");
    let began = Instant::now();
    let first = bench.tracer.events_since(&mark).first(1);
    let found = first.within(Timeout::seconds(5)).await;
    assert_eq!(values(&found), ["IDLE"]);
    assert_eq!(began.elapsed(), Duration::from_secs(3));
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
    for (device, expected) in [
        ("t/subarray/01", &["IDLE", "READY", "IDLE"][..]),
        ("T/SUBARRAY/03", &["IDLE", "READY", "IDLE"]),
        ("t/subarray/02", &[]),
        ("t/subarray/99", &[]),
    ] {
        let changes = bench.tracer.changes_since(&mark, device, "OBSSTATE");
        let told: Vec<_> = changes.iter().map(|it| it.reading.to_string()).collect();
        assert_eq!(told, expected, "{device}");
        let query = bench.tracer.events_since(&mark).from(device).of("OBSSTATE");
        let found = query.changes().within(Timeout::zero()).await;
        assert_eq!(values(&found), expected, "{device}");
    }
    let other = bench.tracer.events_since(&mark).of("obsMode");
    assert!(other.within(Timeout::zero()).await.is_empty());
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
    let ten = Timeout::seconds(10);
    let query = bench.tracer.events_since(&mark).first(3);
    let three = changes(&bench.traced, "obsState").at_least(3);
    let (found, verified) =
        tokio::join!(query.within(ten.clone()), bench.verify(&mark, &ten, three));
    verified.unwrap();
    assert_eq!(values(&found), ["IDLE", "READY", "IDLE"]);
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
async fn so_may_the_predicate_of_a_query() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    bench.set(0, "IDLE");
    let (tracer, its_mark, device) = (bench.tracer.clone(), mark.clone(), bench.devices[0].clone());
    let curious = bench.tracer.events_since(&mark).matching(move |_| {
        let seen = tracer.changes_since(&its_mark, "t/subarray/01", "obsState");
        device.set("obsState", "READY");
        tracer.journal().since(&its_mark).len() > seen.len()
    });
    let found = curious.first(1).within(Timeout::seconds(5)).await;
    assert_eq!(values(&found), ["IDLE"]);
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
