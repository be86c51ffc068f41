use super::*;

#[tokio::test(start_paused = true)]
async fn the_value_it_already_had_is_none_and_the_advice_says_so() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "EMPTY");
    let mark = bench.marked(&assertion).await;
    bench.set(0, "EMPTY");
    let failure = bench.verify(&mark, 1.0, assertion).await.unwrap_err();
    assert!(failure.advice()[0].contains("use is_in_state"), "{failure}");
    assert_eq!(nearest(Err(failure)), ["no change; it is EMPTY"]);
}

#[tokio::test(start_paused = true)]
async fn the_initial_value_is_none_even_when_it_comes_after_the_mark() {
    let bench = Bench::new(1);
    let mark = bench.tracer.mark();
    let assertion = changes_to(&bench.traced, "obsState", "EMPTY");
    assertion.setup().await.unwrap();
    assert!(bench.verify(&mark, 0.0, assertion).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_came_before_the_mark_does_not_count() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    assertion.setup().await.unwrap();
    bench.set(0, "IDLE");
    let mark = bench.tracer.mark();
    assert!(bench.verify(&mark, 1.0, assertion.clone()).await.is_err());
    bench.set(0, "READY");
    bench.set(0, "IDLE");
    bench.verify(&mark, 0.0, assertion).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn zero_looks_once_at_what_is_there() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&assertion).await;
    assert!(bench.verify(&mark, 0.0, assertion.clone()).await.is_err());
    bench.set(0, "IDLE");
    bench.verify(&mark, 0.0, assertion).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn returns_at_the_event_and_fails_at_the_timeout() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&assertion).await;
    bench.set_after(2_000, "IDLE");
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 10.0, assertion.clone()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    let mark = bench.tracer.mark();
    assert!(bench.verify(&mark, 10.0, assertion).await.is_err());
    assert_eq!(started.elapsed(), Duration::from_secs(12));
}

#[tokio::test(start_paused = true)]
async fn an_event_after_the_deadline_does_not_count_even_if_it_is_there_when_looking() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&assertion).await;
    let timeout = Timeout::seconds(1);
    timeout.start();
    tokio::time::advance(Duration::from_secs(2)).await;
    bench.set(0, "IDLE");
    let watch = Watch::new(&bench.tracer, &mark, &timeout);
    assert!(
        watch
            .verify_all("test", &[Box::new(assertion)])
            .await
            .is_err()
    );
}

#[tokio::test(start_paused = true)]
async fn several_devices_are_all_reported() {
    let bench = Bench::new(4);
    let assertion = changes_to(&bench.traced, "obsState", "READY").from("IDLE");
    let mark = bench.marked(&assertion).await;
    tokio::time::advance(Duration::from_secs(1)).await;
    bench.set(0, "IDLE");
    bench.set(0, "READY");
    bench.set(1, "READY");
    bench.set(2, "IDLE");
    let outcome = bench.verify(&mark, 1.0, assertion).await;
    let met: Vec<_> = outcome
        .as_ref()
        .unwrap_err()
        .expected()
        .iter()
        .map(|expected| expected.met)
        .collect();
    assert_eq!(met, [true, false, false, false]);
    assert_eq!(
        nearest(outcome),
        [
            "EMPTY -> READY at +1.000 s",
            "last change EMPTY -> IDLE at +1.000 s",
            "no change; it is EMPTY"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn previous_values_skip_errors_and_gaps() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE").from("EMPTY");
    let mark = bench.marked(&assertion).await;
    let error = DeviceError::new(DeviceErrorKind::TimedOut, "t/subarray/01", "poll");
    bench.devices[0].push("obsState", Signal::Error(error));
    bench.devices[0].push(
        "obsState",
        Signal::Gap {
            missed: None,
            reason: "x".into(),
        },
    );
    bench.set(0, "IDLE");
    bench.verify(&mark, 0.0, assertion).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn matchers_must_all_be_true_and_are_named() {
    let bench = Bench::new(1);
    let quick = changes(&bench.traced, "obsState")
        .matching("a word of four letters", |reading| {
            reading.value.as_str().is_some_and(|word| word.len() == 4)
        })
        .matching("anything", |_| true);
    let mark = bench.marked(&quick).await;
    bench.set(0, "READY");
    let outcome = bench.verify(&mark, 1.0, quick.clone()).await;
    assert_eq!(
        nearest(outcome),
        ["EMPTY -> READY at +0.000 s, not matching a word of four letters"]
    );
    bench.set(0, "IDLE");
    bench.verify(&mark, 1.0, quick).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn counts_changes_and_not_repeated_values() {
    let bench = Bench::new(1);
    let twice = changes_to(&bench.traced, "obsState", "READY").at_least(2);
    let mark = bench.marked(&twice).await;
    for value in ["READY", "READY", "READY"] {
        bench.set(0, value);
    }
    let outcome = bench.verify(&mark, 1.0, twice.clone()).await;
    assert_eq!(
        nearest(outcome),
        ["1 of 2 times, last EMPTY -> READY at +0.000 s"]
    );
    bench.set(0, "IDLE");
    bench.set(0, "READY");
    bench.verify(&mark, 1.0, twice).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_missed_change_counts_when_the_gap_reveals_it() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE").from("EMPTY");
    let mark = bench.marked(&assertion).await;
    bench.devices[0].push(
        "obsState",
        Signal::Lost {
            reason: "server restarted".into(),
        },
    );
    bench.devices[0].push("obsState", Signal::Back(Reading::new("IDLE")));
    bench.verify(&mark, 0.0, assertion).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn numbers_and_labels_are_the_same_state() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "OBSSTATE", 4);
    let mark = bench.marked(&assertion).await;
    let ready = crate::EnumValue::labelled(4, "READY");
    bench.devices[0].set("obsState", ready);
    bench.verify(&mark, 0.0, assertion).await.unwrap();
    bench
        .verify(&mark, 0.0, changes_to(&bench.traced, "obsState", "ready"))
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn other_attributes_and_other_devices_are_noise() {
    let bench = Bench::new(2);
    bench.devices[0].set("obsMode", "EMPTY");
    bench.traced[0].watch("obsMode").await.unwrap();
    bench.traced[1].watch("obsState").await.unwrap();
    let assertion = changes_to([&bench.traced[0]], "obsState", "IDLE");
    let way = passes_through(&bench.traced[0], "obsState", ["IDLE"]);
    let stop = stops_on([&bench.traced[0]], "obsState", "IDLE");
    let mark = bench.marked(&assertion).await;
    bench.devices[0].set("obsMode", "IDLE");
    bench.devices[1].set("obsState", "IDLE");
    let entries = bench.tracer.journal().since(&mark);
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| stop.examine(entry).is_none()));
    assert_eq!(
        nearest(bench.verify(&mark, 1.0, assertion).await),
        ["no change; it is EMPTY"]
    );
    assert_eq!(
        nearest(bench.verify(&mark, 1.0, way).await),
        ["IDLE was never reached"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_came_nearest_is_told_even_if_other_changes_followed() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "READY").from("CONFIGURING");
    let mark = bench.marked(&assertion).await;
    for value in ["IDLE", "READY", "IDLE", "EMPTY"] {
        bench.set(0, value);
    }
    let outcome = bench.verify(&mark, 1.0, assertion).await;
    assert_eq!(nearest(outcome), ["IDLE -> READY at +0.000 s"]);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_lost_before_is_told_when_nothing_is_heard() {
    let bench = Bench::new(1);
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    idle.setup().await.unwrap();
    let reason = "no heartbeat".to_owned();
    bench.devices[0].push("obsState", Signal::Lost { reason });
    let mark = bench.marked(&idle).await;
    let outcome = bench.verify(&mark, 1.0, idle).await;
    assert_eq!(
        nearest(outcome),
        ["nothing can be heard: the subscription is lost (no heartbeat); it was EMPTY"]
    );
    let idle = || changes_to(&bench.traced, "obsState", "IDLE");
    bench.devices[0].push("obsState", Signal::Back(Reading::new("EMPTY")));
    let mark = bench.marked(&idle()).await;
    let outcome = bench.verify(&mark, 1.0, idle()).await;
    assert_eq!(nearest(outcome), ["no change; it is EMPTY"]);
}
