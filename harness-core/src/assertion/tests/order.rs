use super::*;

#[tokio::test(start_paused = true)]
async fn values_in_that_order_with_others_between_are_seen() {
    let bench = Bench::new(1);
    let assertion = passes_through(&bench.traced[0], "obsState", ["RESOURCING", "READY"]);
    let mark = bench.marked(&assertion).await;
    for value in ["RESOURCING", "IDLE", "CONFIGURING", "READY"] {
        bench.set(0, value);
    }
    bench.verify(&mark, 0.0, assertion).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn another_order_is_told() {
    let bench = Bench::new(1);
    let assertion = passes_through(&bench.traced[0], "obsState", ["IDLE", "RESOURCING"]);
    let mark = bench.marked(&assertion).await;
    bench.set(0, "RESOURCING");
    bench.set(0, "IDLE");
    let outcome = bench.verify(&mark, 1.0, assertion).await;
    assert_eq!(
        nearest(outcome),
        ["IDLE at +0.000 s; RESOURCING was not reached after that"]
    );
}

fn directly(bench: &Bench) -> PassesThrough {
    passes_through(&bench.traced, "obsState", ["RESOURCING", "IDLE"]).directly()
}

#[tokio::test(start_paused = true)]
async fn with_nothing_in_between_other_values_may_come_before() {
    let bench = Bench::new(1);
    let mark = bench.marked(&directly(&bench)).await;
    for value in ["IDLE", "EMPTY", "RESOURCING", "RESOURCING", "IDLE"] {
        bench.set(0, value);
    }
    bench.verify(&mark, 0.0, directly(&bench)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_value_in_between_fails_at_once_and_is_named() {
    let bench = Bench::new(1);
    let mark = bench.marked(&directly(&bench)).await;
    bench.set(0, "RESOURCING");
    bench.set_after(1_000, "FAULT");
    bench.set_after(2_000, "IDLE");
    let started = tokio::time::Instant::now();
    let outcome = bench.verify(&mark, 9.0, directly(&bench)).await;
    assert_eq!(started.elapsed(), Duration::from_secs(1));
    assert_eq!(
        nearest(outcome),
        ["RESOURCING at +0.000 s; then RESOURCING -> FAULT at +1.000 s"]
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_knows_what_lay_in_a_gap_between() {
    let bench = Bench::new(1);
    let mark = bench.marked(&directly(&bench)).await;
    let gap = |reason: &str| Signal::Gap {
        missed: None,
        reason: reason.to_owned(),
    };
    // before the first value it does not matter
    bench.devices[0].push("obsState", gap("early"));
    bench.set(0, "RESOURCING");
    bench.devices[0].push("obsState", gap("late"));
    bench.set(0, "IDLE");
    let outcome = bench.verify(&mark, 0.0, directly(&bench)).await;
    assert_eq!(
        nearest(outcome),
        ["RESOURCING at +0.000 s; then events may have been missed: \
             obsState events may have been missed: late at +0.000 s"]
    );
}

/// TMC becomes READY only after both others are.
fn tmc_last(bench: &Bench) -> InOrder {
    changes_to(&bench.traced[1..], "obsState", "READY").then(changes_to(
        &bench.traced[0],
        "obsState",
        "READY",
    ))
}

#[tokio::test(start_paused = true)]
async fn a_step_is_seen_behind_the_one_before_it() {
    let bench = Bench::new(3);
    let mark = bench.marked(&tmc_last(&bench)).await;
    for (device, value) in [(2, "READY"), (0, "IDLE"), (1, "READY"), (0, "READY")] {
        bench.set(device, value);
    }
    bench.verify(&mark, 0.0, tmc_last(&bench)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_step_that_came_too_early_is_told_with_what_was_seen_when() {
    let bench = Bench::new(3);
    let mark = bench.marked(&tmc_last(&bench)).await;
    bench.set(1, "READY");
    bench.set_after(1_000, "READY");
    let late = bench.devices[2].clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(2)).await;
        late.set("obsState", "READY");
    });
    let outcome = bench.verify(&mark, 5.0, tmc_last(&bench)).await;
    let failure = outcome.as_ref().unwrap_err();
    assert_eq!(
        failure.expected()[0].description,
        "t/subarray/02, t/subarray/03 obsState changes to READY (at +2.000 s)"
    );
    assert_eq!(
        nearest(outcome),
        ["too early: t/subarray/01 EMPTY -> READY at +1.000 s"]
    );
    // leaving it and coming back makes it good
    bench.set(0, "IDLE");
    bench.set(0, "READY");
    bench.verify(&mark, 0.0, tmc_last(&bench)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_first_step_that_does_not_come_is_told_of_each_device() {
    let bench = Bench::new(3);
    let mark = bench.marked(&tmc_last(&bench)).await;
    bench.set(1, "IDLE");
    let outcome = bench.verify(&mark, 1.0, tmc_last(&bench)).await;
    assert_eq!(
        nearest(outcome),
        [
            "t/subarray/02 last change EMPTY -> IDLE at +0.000 s; \
             t/subarray/03 no change; it is EMPTY",
            "not looked for yet"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn steps_of_one_device_count_and_stay() {
    let bench = Bench::new(1);
    let to = |value: &str| changes_to(&bench.traced, "obsState", value);
    let order = in_order([
        to("READY").stays_for(Duration::from_secs(3)),
        to("SCANNING").at_least(2),
        to("IDLE"),
    ]);
    let mark = bench.marked(&order).await;
    // the first scan comes too early
    for (second, value) in [
        (1, "READY"),
        (2, "SCANNING"),
        (3, "READY"),
        (7, "SCANNING"),
        (8, "READY"),
        (9, "SCANNING"),
        (10, "IDLE"),
    ] {
        bench.set_after(second * 1_000, value);
    }
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 20.0, order).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_step_with_an_upper_bound_is_refused() {
    let bench = Bench::new(1);
    let to = |value: &str| changes_to(&bench.traced, "obsState", value);
    let order = to("IDLE").then(to("FAULT").never());
    let failure = order.setup().await.unwrap_err();
    assert!(
        failure.advice()[0].contains("beside the order"),
        "{failure}"
    );
    let mark = bench.tracer.mark();
    assert!(bench.verify(&mark, 0.0, order).await.is_err());
    bench.verify(&mark, 0.0, in_order([])).await.unwrap();
}
