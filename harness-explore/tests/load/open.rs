//! Open loads: cycles begin when it is time for them.

use harness_explore::load::{Load, Plan, ResultClass, Stage, Summary};

use crate::user::{Book, behaving, millis, never, seconds, steady};

fn constant(rate: f64, lasting: u64) -> Vec<Stage> {
    vec![
        Stage::new(rate, seconds(0)),
        Stage::new(rate, seconds(lasting)),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_start_of_a_constant_rate_is_made_when_it_is_planned() {
    let book = Book::default();
    let plan = Plan::open("steady", 10, constant(100.0, 10));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(50)), never())
        .await;
    assert_eq!((report.counts.done, report.counts.dropped), (1000, 0));
    let begun = book.all();
    for (number, at) in (0..).zip(&begun) {
        let planned = millis(10 * number);
        assert!(at.abs_diff(planned) <= millis(1), "start {number}: {at:?}");
    }
    assert!(report.lag.max().unwrap() <= millis(1));
}

#[tokio::test(start_paused = true)]
async fn a_stall_shows_in_the_latency_and_not_in_the_service_time() {
    let book = Book::default();
    // whatever is asked in this second is answered at its end
    let stalls = |at| match (seconds(5)..seconds(6)).contains(&at) {
        true => (seconds(6) - at, ResultClass::Ok),
        false => (millis(5), ResultClass::Ok),
    };
    let plan = Plan::open("stalled", 1, constant(100.0, 30));
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, stalls), never())
        .await;
    let total = Summary::of(&report).total;
    assert_eq!((total.count(), report.counts.dropped), (3000, 0));
    let latency = total.latency.percentile(99.0).unwrap();
    assert!(
        latency > millis(700) && latency < millis(1100),
        "{latency:?}"
    );
    let service = total.service.percentile(99.0).unwrap();
    assert!(service <= millis(6), "{service:?}");
}

#[tokio::test(start_paused = true)]
async fn starts_that_nobody_is_free_for_are_counted_as_dropped() {
    let book = Book::default();
    // two users, 500 ms each: 4 starts a second of 10
    let plan = Plan::open("exhausted", 2, constant(10.0, 10)).with_most_late(seconds(0));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(500)), never())
        .await;
    assert_eq!(report.counts.done + report.counts.dropped, 100);
    assert_eq!(report.counts.done, 40);
    let latency = Summary::of(&report).total.latency.max().unwrap();
    assert!(latency <= millis(501), "none waited: {latency:?}");
}

#[tokio::test(start_paused = true)]
async fn starts_wait_as_long_as_they_may_and_no_longer() {
    let book = Book::default();
    let plan = Plan::open("late", 1, constant(10.0, 4)).with_most_late(seconds(1));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(250)), never())
        .await;
    assert_eq!(report.counts.done + report.counts.dropped, 40);
    let latency = Summary::of(&report).total.latency.max().unwrap();
    assert!(latency > seconds(1), "{latency:?}");
    assert!(
        latency < millis(1255),
        "a second late at most, and its own time: {latency:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_waits_at_the_end_of_the_stages_is_still_done() {
    let book = Book::default();
    let plan = Plan::open("drained", 1, constant(10.0, 1)).with_grace(seconds(60));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(500)), never())
        .await;
    assert_eq!((report.counts.done, report.counts.dropped), (10, 0));
}

#[tokio::test(start_paused = true)]
async fn starts_for_which_nobody_is_left_are_dropped_and_not_forgotten() {
    let book = Book::default();
    let plan = Plan::open("gone", 2, constant(10.0, 5));
    let users = behaving(&book, |at| {
        assert!(at < seconds(1), "the lamp is broken");
        (millis(1), ResultClass::Ok)
    });
    let report = Load::new(plan).unwrap().run(users, never()).await;
    let counts = report.counts;
    assert_eq!(counts.started + counts.dropped, 50);
    assert_eq!(counts.done, 10);
    assert_eq!(report.violations.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_of_what_ended_while_the_load_was_held() {
    let book = Book::default();
    // 50 a second are planned, and 10 done
    let plan = Plan::open("over", 1, constant(50.0, 4))
        .with_grace(seconds(60))
        .with_most_late(seconds(60));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(100)), never())
        .await;
    assert_eq!(report.counts.done, 200);
    let rate = Summary::of(&report).total.rate.unwrap();
    assert!((9.0..=10.0).contains(&rate), "{rate}");
}

#[tokio::test(start_paused = true)]
async fn a_ramp_of_rates_makes_as_many_starts_as_its_area() {
    let book = Book::default();
    let stages = Stage::parse_all("100, 10s; 100, 5s; 0, 10s").unwrap();
    let plan = Plan::open("ramp", 50, stages);
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(5)), never())
        .await;
    assert_eq!(report.counts.done, 500 + 500 + 500);
    assert_eq!(Summary::of(&report).total.rate.map(f64::round), Some(100.0));
}
