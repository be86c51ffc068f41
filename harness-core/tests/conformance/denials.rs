//! What must not happen.

use std::time::Duration;

use harness_core::action::{Action, ActionError, CommandAction, WaitAction};
use harness_core::assertion::{Assertion, Changes, Watch};
use harness_core::{
    Mark, Reading, Timeout, TracedDevice, changes, changes_to, never_changes_to, stops_on,
};
use tokio::time::Instant;

use crate::bench::{Bench, nearest};

#[tokio::test(start_paused = true)]
async fn near_misses_are_not_what_must_not_happen() {
    let bench = Bench::new(2);
    bench.devices[0].set("obsMode", "EMPTY");
    bench.traced[0].watch("obsMode").await.unwrap();
    let mark = bench.marked().await;
    bench.set(1, "FAULT");
    bench.devices[0].set("obsMode", "FAULT");
    bench.set(0, "IDLE");
    bench.set(0, "READY");
    let first = [&bench.traced[0]];
    let valid = |reading: &Reading| reading.value == "VALID".into();
    let near_misses = [
        never_changes_to(first, "obsState", "FAULT"),
        never_changes_to(first, "obsMode", "IDLE"),
        never_changes_to(first, "obsState", "READY").from("EMPTY"),
        changes(first, "obsState").matching("valid", valid).never(),
        changes_to(first, "obsState", "READY").at_most(1),
        // it was there already
        never_changes_to(first, "obsState", "EMPTY"),
    ];
    for timeout in [0, 3] {
        for never in near_misses.clone() {
            let (timeout, words) = (Timeout::seconds(timeout), never.describe());
            let outcome = bench.verify(&mark, &timeout, never).await;
            outcome.unwrap_or_else(|failure| panic!("{words}: {failure}"));
        }
    }
}

/// Denied are a change from a value, one that a matcher is true for, and both.
#[tokio::test(start_paused = true)]
async fn whatever_narrows_a_change_narrows_its_denial() {
    let bench = Bench::new(2);
    let mark = bench.marked().await;
    bench.set(0, "IDLE");
    bench.set(1, "CONFIGURING");
    bench.devices[0].set("obsMode", "CONFIGURING");
    bench.set(0, "READY");
    let ready = || changes_to([&bench.traced[0]], "obsState", "READY").never();
    let long = |length: usize| {
        move |reading: &Reading| {
            let word = reading.value.as_str();
            word.is_some_and(|word| word.len() == length)
        }
    };
    let five = || ready().matching("of five letters", long(5));
    let four = || ready().matching("of four letters", long(4));
    for (never, happened) in [
        (ready(), true),
        (ready().from("IDLE"), true),
        // what others say in between, and what it was before that, is no value before
        (ready().from("CONFIGURING"), false),
        (ready().from("EMPTY"), false),
        (five(), true),
        (four(), false),
        (five().from("IDLE"), true),
        (five().from("EMPTY"), false),
    ] {
        let words = never.describe();
        let outcome = bench.verify(&mark, &Timeout::zero(), never).await;
        assert_eq!(outcome.is_err(), happened, "{words}");
        if happened {
            assert_eq!(nearest(outcome), ["IDLE -> READY at +0.000 s"], "{words}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn several_share_one_timeout() {
    let bench = Bench::new(2);
    let mark = bench.marked().await;
    let never = |device: &TracedDevice| never_changes_to([device], "obsState", "FAULT");
    let [one, other] = &*bench.traced else {
        panic!("there are two")
    };
    let began = Instant::now();
    let both: [Box<dyn Assertion>; 2] = [Box::new(never(one)), Box::new(never(other))];
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(3));
    watch.verify_all("test", &both).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(3));
    // one after another: the second looks at what is there
    let timeout = Timeout::seconds(3);
    bench.verify(&mark, &timeout, never(one)).await.unwrap();
    bench.verify(&mark, &timeout, never(other)).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(6));
}

async fn watched(bench: &Bench, mark: &Mark, bound: Changes) -> (bool, Duration) {
    let began = Instant::now();
    let outcome = bench.verify(mark, &Timeout::seconds(3), bound).await;
    (outcome.is_ok(), began.elapsed())
}

/// Two are there, and the third comes after two of three seconds.
#[tokio::test(start_paused = true)]
async fn fewer_than_so_many_are_watched_to_the_end_and_the_one_too_many_ends_it() {
    let bench = Bench::new(1);
    let at_most = |times| changes(&bench.traced, "obsState").at_most(times);
    let mark = bench.marked().await;
    bench.set(0, "IDLE");
    bench.set(0, "READY");
    let zero = Timeout::zero();
    bench.verify(&mark, &zero, at_most(2)).await.unwrap();
    assert!(bench.verify(&mark, &zero, at_most(1)).await.is_err());
    let (seconds, third) = (Duration::from_secs, || bench.set_after(2_000, 0, "IDLE"));
    third();
    assert_eq!(watched(&bench, &mark, at_most(3)).await, (true, seconds(3)));
    let mark = bench.tracer.mark();
    bench.set(0, "SCANNING");
    bench.set(0, "READY");
    third();
    let outcome = watched(&bench, &mark, at_most(2)).await;
    assert_eq!(outcome, (false, seconds(2)));
}

#[tokio::test(start_paused = true)]
async fn an_early_stop_ends_it_at_once() {
    let bench = Bench::new(1);
    bench.set_after(1_000, 0, "ABORTED");
    let began = Instant::now();
    let error = WaitAction::new(&bench.tracer, "settle")
        .postcondition(never_changes_to(&bench.traced, "obsState", "FAULT"))
        .early_stop(stops_on(&bench.traced, "obsState", "ABORTED"))
        .execute(Timeout::seconds(3))
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(1));
    assert!(matches!(error, ActionError::EarlyStop { .. }), "{error}");
    let text = error.to_string();
    let never = "MISSING  t/subarray/01 obsState never changes to FAULT";
    assert!(text.contains(never), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_account_says_what_came_too_often() {
    let bench = Bench::new(1);
    bench.set_after(1_000, 0, "READY");
    let error = CommandAction::new(&bench.traced[0], "Go", "FAULT")
        .postcondition(changes_to(&bench.traced, "obsState", "READY"))
        .postcondition(never_changes_to(&bench.traced, "obsState", "FAULT"))
        .postcondition(changes(&bench.traced, "obsState").at_most(2))
        .execute(Timeout::seconds(3))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "\
Go on t/subarray/01: 2 of 3 expected things were not seen, as was clear after 0s

expected
  MISSING  t/subarray/01 obsState changes to READY
           but: last change EMPTY -> FAULT at +0.000 s
  MISSING  t/subarray/01 obsState never changes to FAULT
           but: EMPTY -> FAULT at +0.000 s
  seen     t/subarray/01 obsState changes, at most twice

now, read again
  t/subarray/01 obsState is FAULT

what happened, in seconds after the command
  t/subarray/01
     +0.000  Go(FAULT)
     +0.000  obsState EMPTY -> FAULT
     +0.000  Go answered FAULT"
    );
}
