//! One deadline, many waits.

use std::time::Duration;

use harness_core::action::{Action, CommandAction};
use harness_core::assertion::Watch;
use harness_core::{Timeout, changes_to};
use tokio::time::{Instant, advance};

use crate::bench::Bench;

#[tokio::test(start_paused = true)]
async fn the_one_given_is_the_one_that_runs() {
    let bench = Bench::new(1);
    let timeout = Timeout::seconds(10);
    CommandAction::new(&bench.traced[0], "Nothing", ())
        .execute(timeout.clone())
        .await
        .unwrap();
    assert!(timeout.is_started());
    advance(Duration::from_secs(4)).await;
    assert_eq!(timeout.remaining(), Duration::from_secs(6));
}

#[tokio::test(start_paused = true)]
async fn one_used_twice_stays_used_and_a_new_one_is_fresh() {
    let bench = Bench::new(1);
    let mut never = CommandAction::new(&bench.traced[0], "Nothing", ()).postcondition(changes_to(
        &bench.traced,
        "obsState",
        "READY",
    ));
    let mut took = async |timeout: Timeout| {
        let began = Instant::now();
        never.execute(timeout).await.unwrap_err();
        began.elapsed()
    };
    let timeout = Timeout::seconds(2);
    assert_eq!(took(timeout.clone()).await, Duration::from_secs(2));
    assert_eq!(took(timeout).await, Duration::ZERO);
    assert_eq!(took(Timeout::seconds(2)).await, Duration::from_secs(2));
}

/// The first wait needs one second of five; the second ends at once, since what it waits for came
/// meanwhile; the third needs two more.
#[tokio::test(start_paused = true)]
async fn waits_one_after_another_share_one_deadline() {
    let bench = Bench::new(3);
    let mark = bench.marked().await;
    bench.set_after(1_000, 0, "IDLE");
    bench.set_after(500, 1, "IDLE");
    bench.set_after(3_000, 2, "IDLE");
    let timeout = Timeout::seconds(5);
    let mut left = Vec::new();
    for device in &bench.traced {
        let idle = changes_to([device], "obsState", "IDLE");
        bench.verify(&mark, &timeout, idle).await.unwrap();
        left.push(timeout.remaining().as_secs());
    }
    assert_eq!(left, [4, 4, 2]);
    let began = Instant::now();
    let ready = changes_to(&bench.traced, "obsState", "READY");
    assert!(bench.verify(&mark, &timeout, ready).await.is_err());
    assert_eq!(began.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn one_that_is_over_still_looks_at_what_came_in_time() {
    let bench = Bench::new(2);
    let mark = bench.marked().await;
    let timeout = Timeout::seconds(1);
    timeout.start();
    bench.set(0, "IDLE");
    advance(Duration::from_secs(2)).await;
    bench.set(1, "IDLE");
    let began = Instant::now();
    let idle = |index: usize| changes_to([&bench.traced[index]], "obsState", "IDLE");
    bench.verify(&mark, &timeout, idle(0)).await.unwrap();
    assert!(bench.verify(&mark, &timeout, idle(1)).await.is_err());
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn an_event_a_moment_too_late_is_none() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    bench.set_after(1_100, 0, "IDLE");
    let began = Instant::now();
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    assert!(
        bench
            .verify(&mark, &Timeout::seconds(1), idle)
            .await
            .is_err()
    );
    assert_eq!(began.elapsed(), Duration::from_secs(1));
}

/// Neither events of other attributes nor other values of the same one.
#[tokio::test(start_paused = true)]
async fn an_endless_stream_of_others_does_not_lengthen_the_wait() {
    let bench = Bench::new(1);
    bench.devices[0].set("obsMode", "EMPTY");
    bench.traced[0].watch("obsMode").await.unwrap();
    let mark = bench.marked().await;
    let device = bench.devices[0].clone();
    let stream = tokio::spawn(async move {
        for number in 0.. {
            device.set("obsMode", number);
            device.set("obsState", number);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    });
    let began = Instant::now();
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let outcome = bench.verify(&mark, &Timeout::seconds(2), idle).await;
    assert!(outcome.is_err());
    assert_eq!(began.elapsed(), Duration::from_secs(2));
    let query = bench.tracer.events_since(&mark).of("other");
    assert!(query.within(Timeout::seconds(2)).await.is_empty());
    assert_eq!(began.elapsed(), Duration::from_secs(4));
    stream.abort();
}

#[tokio::test(start_paused = true)]
async fn a_watch_tells_what_it_was_given() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    let timeout = Timeout::seconds(3);
    timeout.start();
    advance(Duration::from_secs(1)).await;
    let watch = Watch::new(&bench.tracer, &mark, &timeout);
    assert_eq!(watch.mark().sequence(), mark.sequence());
    assert_eq!(Some(watch.deadline()), timeout.deadline());
    assert_eq!(watch.length(), Duration::from_secs(2));
    assert!(watch.stopped().is_none());
}

#[tokio::test(start_paused = true)]
async fn more_than_a_day_is_not_cut() {
    let days = Duration::from_secs(3 * 24 * 3600);
    let timeout = Timeout::from(days);
    assert_eq!((timeout.initial(), timeout.remaining()), (days, days));
    timeout.start();
    advance(Duration::from_secs(24 * 3600 + 1)).await;
    assert_eq!(
        timeout.remaining(),
        days - Duration::from_secs(24 * 3600 + 1)
    );
}
