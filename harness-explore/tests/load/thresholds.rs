//! Thresholds end a load, and say how it ended.

use std::time::Duration;

use harness_explore::load::{
    Load, LoadReport, Plan, ResultClass, Shard, Stage, Threshold, Verdict,
};

use crate::user::{Book, behaving, millis, never, seconds, steady};

fn plan(thresholds: &[&str]) -> Plan {
    let stages = Stage::parse_all("5, 0s; 5, 60s").unwrap();
    let thresholds = thresholds.iter().map(|it| it.parse().unwrap());
    let thresholds: Vec<Threshold> = thresholds.collect();
    Plan::closed("soak", stages).with_thresholds(thresholds)
}

/// Actions of 100 ms, and from the tenth second on of 300 ms, half of which fail.
async fn run(plan: Plan) -> LoadReport {
    let worse = |at: Duration| match at >= seconds(10) {
        true if at.as_millis() % 600 < 300 => (millis(300), ResultClass::DevFailed),
        true => (millis(300), ResultClass::Ok),
        false => (millis(100), ResultClass::Ok),
    };
    let book = Book::default();
    let load = Load::new(plan).unwrap();
    load.run(behaving(&book, worse), never()).await
}

#[tokio::test(start_paused = true)]
async fn a_threshold_ends_the_load_within_two_seconds_and_is_told_with_what_was_measured() {
    let report = run(plan(&["p50<1s or end", "max<200ms or end", "p99<5s"])).await;
    let told = report.ended_early.unwrap();
    assert!(told.starts_with("max<200ms or end: 300"), "{told}");
    assert!(
        (seconds(10)..=seconds(12)).contains(&report.lasted),
        "{:?}",
        report.lasted
    );
    assert_eq!(report.verdict, Verdict::Failed);
    let holds: Vec<_> = report.judgements.iter().map(|it| it.holds).collect();
    assert_eq!(holds, [true, false, true], "all are judged at the end");
    let ended = report.judgements[1].ended_at.unwrap();
    assert!((seconds(10)..=seconds(12)).contains(&ended), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn without_the_words_a_threshold_is_judged_at_the_end_only() {
    let report = run(plan(&["max<200ms", "error-rate<1%"])).await;
    assert_eq!(
        (report.ended_early, report.verdict),
        (None, Verdict::Failed)
    );
    assert_eq!(report.lasted.as_secs(), 60);
    assert!(
        report
            .judgements
            .iter()
            .all(|it| !it.holds && it.ended_at.is_none())
    );
}

#[tokio::test(start_paused = true)]
async fn what_ended_the_load_has_failed_even_if_it_holds_at_the_end() {
    // every cycle fails in the first second, and none of the many that are under way after that
    let book = Book::default();
    let early = |at| match at < seconds(1) {
        true => (millis(40), ResultClass::DevFailed),
        false => (millis(900), ResultClass::Ok),
    };
    let plan = plan(&["error-rate<96% or end"]);
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, early), never())
        .await;
    assert!(report.lasted < seconds(3));
    let judgement = &report.judgements[0];
    assert!(!judgement.holds && judgement.ended_at.is_some());
    assert_eq!(report.verdict, Verdict::Failed);
}

#[tokio::test(start_paused = true)]
async fn a_rate_counts_only_while_the_load_is_held() {
    // 10 s each of 1 user, of growing, and of 11 users: 10/s, something, 110/s
    let stages = Stage::parse_all("1, 0s; 1, 10s; 11, 10s; 11, 10s").unwrap();
    let plan = Plan::closed("steps", stages);
    let book = Book::default();
    let rates = ["rate>=59/s", "rate<=60/s", "rate>=59/s for work"];
    let plan = plan.with_thresholds(rates.map(|it| it.parse().unwrap()));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(100)), never())
        .await;
    assert_eq!(report.held, seconds(20));
    assert_eq!(report.verdict, Verdict::Passed, "{:?}", report.judgements);
}

#[tokio::test(start_paused = true)]
async fn a_rate_that_is_too_low_ends_the_load_after_five_seconds_of_holding() {
    let book = Book::default();
    let plan = plan(&["rate>=60/s or end"]).with_warm_up(seconds(3));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(100)), never())
        .await;
    assert!(
        (seconds(8)..=seconds(9)).contains(&report.lasted),
        "{:?}",
        report.lasted
    );
    let told = report.ended_early.unwrap();
    // 50 a second, of which the last five were not through
    assert_eq!(told, "rate>=60/s or end: 49/s");
}

#[tokio::test(start_paused = true)]
async fn what_only_all_parts_can_reach_is_judged_when_they_are_merged() {
    let thresholds = ["rate>=45/s or end", "count>=2000", "p95<1s", "dropped<=0"];
    let mut parts = Vec::new();
    for part in 1..=2 {
        let plan = plan(&thresholds).with_shard(Shard::new(part, 2).unwrap());
        let book = Book::default();
        let report = Load::new(plan)
            .unwrap()
            .run(steady(&book, millis(100)), never())
            .await;
        assert_eq!(report.verdict, Verdict::Passed, "{:?}", report.ended_early);
        assert_eq!(report.judgements.len(), 2);
        parts.push(report);
    }
    let mut merged = LoadReport::merge(parts).unwrap();
    plan(&thresholds).judge(&mut merged, None);
    assert_eq!(merged.judgements.len(), 4);
    assert_eq!(merged.verdict, Verdict::Passed, "{:?}", merged.judgements);
    plan(&["rate>=55/s"]).judge(&mut merged, None);
    assert_eq!(merged.verdict, Verdict::Failed);
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_when_a_threshold_ends_the_load_has_a_second_more_whatever_the_grace() {
    let book = Book::default();
    let hangs = |at| match at < millis(500) {
        true => (millis(40), ResultClass::DevFailed),
        false => (seconds(3600), ResultClass::Ok),
    };
    let plan = plan(&["error-rate<50% or end"]).with_grace(seconds(100));
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, hangs), never())
        .await;
    assert_eq!(report.counts.cut_off, 5);
    let after = report.lasted - report.judgements[0].ended_at.unwrap();
    assert_eq!(after, seconds(1));
}
