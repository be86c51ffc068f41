use super::*;

#[tokio::test(start_paused = true)]
async fn holds_when_all_devices_have_the_value() {
    let bench = Bench::new(2);
    let mark = bench.tracer.mark();
    bench
        .verify(&mark, 0.0, is_in_state(&bench.traced, "obsState", "EMPTY"))
        .await
        .unwrap();
    // as a precondition it subscribes to nothing
    assert_eq!(bench.devices[0].subscriptions_made(), 0);
}

#[tokio::test(start_paused = true)]
async fn reports_every_mismatch_and_every_read_that_failed() {
    let bench = Bench::new(4);
    bench.set(1, "IDLE");
    bench.set(3, "FAULT");
    bench.devices[2].set_unreachable(true);
    let mark = bench.tracer.mark();
    let outcome = bench
        .verify(&mark, 0.0, is_in_state(&bench.traced, "obsState", "EMPTY"))
        .await;
    assert_eq!(outcome.as_ref().unwrap_err().expected().len(), 4);
    assert_eq!(
        nearest(outcome),
        [
            "it is IDLE",
            "t/subarray/03 can not be reached for read obsState",
            "it is FAULT"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn waits_for_events_when_there_is_time() {
    let bench = Bench::new(1);
    let mark = bench.tracer.mark();
    bench.set_after(2_000, "IDLE");
    let started = tokio::time::Instant::now();
    bench
        .verify(&mark, 5.0, is_in_state(&bench.traced, "obsState", "IDLE"))
        .await
        .unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn is_not_fooled_by_a_state_that_was_left_before_it_looked() {
    let bench = Bench::new(1);
    bench.traced[0].watch("obsState").await.unwrap();
    let mark = bench.tracer.mark();
    bench.set(0, "IDLE");
    bench.set(0, "FAULT");
    let outcome = bench
        .verify(&mark, 1.0, is_in_state(&bench.traced, "obsState", "IDLE"))
        .await;
    assert_eq!(nearest(outcome), ["it is FAULT"]);
}
