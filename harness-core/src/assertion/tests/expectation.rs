use super::*;

#[tokio::test(start_paused = true)]
async fn what_comes_after_now_is_waited_for_and_what_came_before_is_not() {
    let bench = Bench::new(1);
    let idle = || changes_to(&bench.traced, "obsState", "IDLE");
    idle().setup().await.unwrap();
    bench.set(0, "IDLE");
    let expected = bench.tracer.expect(idle()).from_now().await.unwrap();
    let failure = expected.within(Timeout::seconds(2)).await.unwrap_err();
    assert_eq!(
        failure.headline(),
        "t/subarray/01 obsState changes to IDLE: not so after 2s"
    );
    bench.set(0, "READY");
    bench.set_after(1_000, "IDLE");
    let started = tokio::time::Instant::now();
    expected.within(Duration::from_secs(9)).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn what_was_recorded_since_an_earlier_mark_counts() {
    let bench = Bench::new(1);
    bench.traced[0].watch("obsState").await.unwrap();
    let mark = bench.tracer.mark();
    bench.set(0, "IDLE");
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let since = bench.tracer.expect(idle.clone()).since(&mark);
    since.within(Timeout::zero()).await.unwrap();
    let only_now = bench.tracer.expect(idle);
    let failure = only_now.within(Timeout::zero()).await.unwrap_err();
    assert!(
        failure
            .headline()
            .ends_with("not so (looked once, without waiting)")
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_known_of_the_time_before_it_was_watched() {
    let bench = Bench::new(1);
    let mark = bench.tracer.mark();
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let outcome = bench
        .tracer
        .expect(never)
        .since(&mark)
        .within(Timeout::seconds(1))
        .await;
    assert_eq!(
        nearest(outcome),
        ["events may have been missed: obsState is EMPTY (initial value) at +0.000 s"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_begins_with_the_line_of_the_caller() {
    let bench = Bench::new(1);
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let expected = bench.tracer.expect(idle).from_now().await.unwrap();
    let line = line!() + 1;
    let waiting = expected.assert_within(Timeout::seconds(1));
    let handle = std::panic::AssertUnwindSafe(waiting);
    let panic = futures_util::FutureExt::catch_unwind(handle)
        .await
        .unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    let begins = format!("{}:{line}:", file!());
    assert!(text.starts_with(&begins), "{text}");
    assert!(
        text.contains("MISSING  t/subarray/01 obsState changes to IDLE"),
        "{text}"
    );
    bench.set(0, "IDLE");
    expected.assert_within(Timeout::zero()).await;
}

#[tokio::test(start_paused = true)]
async fn waiting_is_given_up_when_told_to() {
    let bench = Bench::new(1);
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let expected = bench.tracer.expect(idle);
    let expected = expected.unless(stops_on(&bench.traced, "obsState", "FAULT"));
    bench.set_after(1_000, "FAULT");
    let failure = expected.within(Timeout::seconds(60)).await.unwrap_err();
    assert_eq!(
        failure.headline(),
        "gave up after 1s: t/subarray/01 obsState EMPTY -> FAULT"
    );
}

#[tokio::test(start_paused = true)]
async fn several_are_verified_together_and_all_that_can_not_be_watched_is_told() {
    let bench = Bench::new(2);
    let of = |device: usize| changes_to(&bench.traced[device], "obsState", "IDLE");
    let both = || bench.tracer.expect(of(0)).and(of(1));
    bench.set_after(1_000, "IDLE");
    let failure = both().within(Timeout::seconds(2)).await.unwrap_err();
    assert_eq!(
        failure.headline(),
        "1 of 2 things expected: not so after 2s"
    );
    bench
        .devices
        .iter()
        .for_each(|device| device.set_unreachable(true));
    let other = changes(&bench.traced, "other");
    let failure = bench.tracer.expect(other).from_now().await.unwrap_err();
    assert_eq!(failure.missing().count(), 2);
}
