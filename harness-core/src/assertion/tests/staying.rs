use super::*;
use crate::device::Quality;

fn stays(bench: &Bench) -> Changes {
    changes_to(&bench.traced, "obsState", "READY").stays_for(Duration::from_secs(3))
}

#[tokio::test(start_paused = true)]
async fn is_seen_when_nothing_happens_for_so_long() {
    let bench = Bench::new(1);
    let mark = bench.marked(&stays(&bench)).await;
    bench.set_after(1_000, "READY");
    bench.set_after(2_000, "READY");
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 10.0, stays(&bench)).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn leaving_begins_anew() {
    let bench = Bench::new(1);
    let mark = bench.marked(&stays(&bench)).await;
    bench.set_after(1_000, "READY");
    bench.set_after(2_000, "FAULT");
    bench.set_after(4_000, "READY");
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 10.0, stays(&bench)).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn the_account_says_for_how_long_it_stayed() {
    let bench = Bench::new(1);
    let mark = bench.marked(&stays(&bench)).await;
    bench.set_after(1_000, "READY");
    bench.set_after(2_500, "FAULT");
    let outcome = bench.verify(&mark, 10.0, stays(&bench)).await;
    assert_eq!(
        nearest(outcome),
        ["EMPTY -> READY at +1.000 s, stayed for 1s 500ms, then READY -> FAULT at +2.500 s"]
    );
}

#[tokio::test(start_paused = true)]
async fn must_be_seen_within_the_timeout() {
    let bench = Bench::new(1);
    let mark = bench.marked(&stays(&bench)).await;
    bench.set_after(8_000, "READY");
    let outcome = bench.verify(&mark, 10.0, stays(&bench)).await;
    assert_eq!(
        nearest(outcome),
        ["EMPTY -> READY at +8.000 s, too late to be seen to stay"]
    );
}

#[tokio::test(start_paused = true)]
async fn counts_anew_after_a_gap() {
    let bench = Bench::new(1);
    let mark = bench.marked(&stays(&bench)).await;
    bench.set_after(1_000, "READY");
    bench.push_after(
        2_000,
        Signal::Gap {
            missed: Some(1),
            reason: "counter".into(),
        },
    );
    bench.push_after(5_000, Signal::Back(Reading::new("READY")));
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 10.0, stays(&bench)).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(8));
}

#[tokio::test(start_paused = true)]
async fn is_told_from_the_record_when_it_is_over() {
    let bench = Bench::new(1);
    let mark = bench.marked(&stays(&bench)).await;
    bench.set(0, "READY");
    tokio::time::advance(Duration::from_secs(4)).await;
    bench.verify(&mark, 0.0, stays(&bench)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn counts_anew_when_the_device_gave_no_value_meanwhile() {
    let bench = Bench::new(1);
    let mark = bench.marked(&stays(&bench)).await;
    bench.set_after(1_000, "READY");
    let none = Reading::new(crate::Value::Void).with_quality(Quality::Invalid);
    bench.push_after(2_000, Signal::Change(none));
    bench.set_after(5_000, "READY");
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 10.0, stays(&bench)).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(8));
}
