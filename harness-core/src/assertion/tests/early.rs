use super::*;

fn watch(bench: &Bench, mark: &Mark, stop: impl EarlyStop + 'static) -> Watch {
    let stop: Arc<dyn EarlyStop> = Arc::new(stop);
    Watch::new(&bench.tracer, mark, &Timeout::seconds(10)).with_early_stops([stop])
}

#[tokio::test(start_paused = true)]
async fn fires_at_once_and_says_why() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let stop = stops_on(&bench.traced, "obsState", "FAULT");
    let mark = bench.marked(&assertion).await;
    bench.set_after(250, "FAULT");
    let started = tokio::time::Instant::now();
    let watch = watch(&bench, &mark, stop);
    watch
        .verify_all("test", &[Box::new(assertion)])
        .await
        .unwrap_err();
    assert_eq!(started.elapsed(), Duration::from_millis(250));
    assert_eq!(
        watch.stopped().unwrap().reason,
        "t/subarray/01 obsState EMPTY -> FAULT"
    );
}

#[tokio::test(start_paused = true)]
async fn a_state_from_before_does_not_fire_it() {
    let bench = Bench::new(1);
    bench.set(0, "FAULT");
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.tracer.mark();
    assertion.setup().await.unwrap();
    bench.set(0, "IDLE");
    let watch = watch(&bench, &mark, stops_on(&bench.traced, "obsState", "FAULT"));
    watch
        .verify_all("test", &[Box::new(assertion)])
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_was_seen_before_it_counts_and_the_verdict_stays() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&assertion).await;
    bench.set(0, "IDLE");
    bench.set(0, "FAULT");
    let watch = watch(&bench, &mark, stops_on(&bench.traced, "obsState", "FAULT"));
    watch
        .verify_all("test", &[Box::new(assertion)])
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_was_seen_after_it_does_not_count() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&assertion).await;
    bench.set(0, "FAULT");
    bench.set(0, "IDLE");
    let watch = watch(&bench, &mark, stops_on(&bench.traced, "obsState", "FAULT"));
    assert!(
        watch
            .verify_all("test", &[Box::new(assertion)])
            .await
            .is_err()
    );
}

#[tokio::test(start_paused = true)]
async fn ends_assertions_that_do_not_look_at_the_record() {
    struct Forever;
    impl Assertion for Forever {
        fn describe(&self) -> String {
            "the end of time is reached".to_owned()
        }
        fn verify<'a>(&'a self, _watch: &'a Watch) -> crate::BoxFuture<'a, Result<(), Failure>> {
            Box::pin(std::future::pending())
        }
    }
    let bench = Bench::new(1);
    let mark = bench.marked(&changes(&bench.traced, "obsState")).await;
    bench.set_after(100, "FAULT");
    let watch = watch(&bench, &mark, stops_on(&bench.traced, "obsState", "FAULT"));
    let outcome = watch.verify_all("test", &[Box::new(Forever)]).await;
    assert_eq!(nearest(outcome), ["still waited for when stopped"]);
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_stops_the_wait() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&assertion).await;
    bench.set_after(100, "READY");
    let watch = watch(&bench, &mark, stops_when("nonsense", |_| panic!("oh no")));
    assert!(
        watch
            .verify_all("test", &[Box::new(assertion)])
            .await
            .is_err()
    );
    assert_eq!(watch.stopped().unwrap().reason, "nonsense panicked: oh no");
}

#[tokio::test(start_paused = true)]
async fn watches_what_it_must_see() {
    let bench = Bench::new(2);
    let stop = stops_when("anything at the second", |entry| {
        entry
            .event()
            .is_some_and(|event| &*event.device == "t/subarray/02")
    })
    .watching(&bench.traced[1], "obsState");
    let assertion = changes_to([&bench.traced[0]], "obsState", "IDLE");
    assertion.setup().await.unwrap();
    stop.setup().await.unwrap();
    let mark = bench.tracer.mark();
    bench.set(1, "FAULT");
    let watch = watch(&bench, &mark, stop);
    assert!(
        watch
            .verify_all("test", &[Box::new(assertion)])
            .await
            .is_err()
    );
    assert!(
        watch
            .stopped()
            .unwrap()
            .reason
            .starts_with("anything at the second: t/subarray/02")
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_subscription_can_end_the_wait() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let stop = stops_on_loss(&bench.traced, "obsState");
    stop.setup().await.unwrap();
    let mark = bench.tracer.mark();
    bench.push_after(
        100,
        Signal::Gap {
            missed: None,
            reason: "no reason to stop".into(),
        },
    );
    bench.push_after(
        200,
        Signal::Lost {
            reason: "no heartbeat".into(),
        },
    );
    let watch = watch(&bench, &mark, stop);
    assert!(
        watch
            .verify_all("test", &[Box::new(assertion)])
            .await
            .is_err()
    );
    assert_eq!(
        watch.stopped().unwrap().reason,
        "nothing can be heard: t/subarray/01 obsState subscription lost: no heartbeat"
    );
}

#[tokio::test(start_paused = true)]
async fn a_short_loss_is_waited_out_and_a_lasting_one_is_not() {
    let bench = Bench::new(1);
    let assertion = changes_to(&bench.traced, "obsState", "READY");
    let stop = stops_on_lasting_loss(&bench.traced, "obsState", Duration::from_secs(10));
    let mark = bench.marked(&assertion).await;
    let lost = |reason: &str| Signal::Lost {
        reason: reason.into(),
    };
    let still_lost = |seconds| Signal::StillLost {
        lasting: Duration::from_secs(seconds),
        reason: "connection refused".into(),
    };
    bench.push_after(100, lost("no heartbeat"));
    bench.push_after(200, still_lost(9));
    bench.push_after(300, still_lost(10));
    let watch = watch(&bench, &mark, stop);
    let begin = tokio::time::Instant::now();
    let verdict = watch.verify_all("test", &[Box::new(assertion)]).await;
    assert!(verdict.is_err());
    assert_eq!(begin.elapsed(), Duration::from_millis(300));
    assert_eq!(
        watch.stopped().unwrap().reason,
        "the device does not come back: \
         t/subarray/01 obsState subscription lost for 10 s: connection refused"
    );
}

#[tokio::test(start_paused = true)]
async fn each_assertion_is_given_all_that_came_before_it() {
    let bench = Bench::new(1);
    let to = |value: &str| changes_to(&bench.traced, "obsState", value);
    let mark = bench.marked(&to("IDLE")).await;
    bench.set(0, "IDLE");
    bench.set(0, "FAULT");
    let watch = watch(&bench, &mark, stops_on(&bench.traced, "obsState", "FAULT"));
    // the first one comes to the stop before the second one has looked at anything
    let assertions: [Box<dyn Assertion>; 2] = [Box::new(to("READY")), Box::new(to("IDLE"))];
    let failure = watch.verify_all("test", &assertions).await.unwrap_err();
    let met: Vec<_> = failure
        .expected()
        .iter()
        .map(|expected| expected.met)
        .collect();
    assert_eq!(met, [false, true]);
}

#[tokio::test(start_paused = true)]
async fn what_came_before_it_counts_even_if_the_stop_is_noticed_first() {
    /// Holds at once, and lets the subarray pass IDLE on the way to FAULT.
    struct Meddler(InMemoryDevice);
    impl Assertion for Meddler {
        fn describe(&self) -> String {
            "a meddler".to_owned()
        }
        fn verify<'a>(&'a self, _watch: &'a Watch) -> crate::BoxFuture<'a, Result<(), Failure>> {
            Box::pin(async {
                self.0.set("obsState", "IDLE");
                self.0.set("obsState", "FAULT");
                Ok(())
            })
        }
    }
    let bench = Bench::new(1);
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&idle).await;
    let watch = watch(&bench, &mark, stops_on(&bench.traced, "obsState", "FAULT"));
    // the one that waits has looked, in vain, before the meddler acts
    let assertions: [Box<dyn Assertion>; 2] =
        [Box::new(idle), Box::new(Meddler(bench.devices[0].clone()))];
    watch.verify_all("test", &assertions).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_thousand_assertions_met_just_before_it_still_count() {
    let bench = Bench::new(1);
    let assertion = Arc::new(changes_to(&bench.traced, "obsState", "IDLE"));
    let mark = bench.marked(&assertion).await;
    let device = bench.devices[0].clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        device.set("obsState", "IDLE");
        device.set("obsState", "FAULT");
    });
    let assertions: Vec<Box<dyn Assertion>> = (0..1000)
        .map(|_| Box::new(Arc::clone(&assertion)) as Box<dyn Assertion>)
        .collect();
    let watch = watch(&bench, &mark, stops_on(&bench.traced, "obsState", "FAULT"));
    watch.verify_all("test", &assertions).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn all_that_an_early_stop_must_see_is_watched_at_once_and_all_failures_are_told() {
    let bench = Bench::new(3);
    bench.devices[0].set_unreachable(true);
    bench.devices[2].set_unreachable(true);
    let stop = stops_when("trouble", |_| false)
        .watching(&bench.traced[0], "obsState")
        .watching(&bench.traced[1], "obsState")
        .watching(&bench.traced[2], "obsState");
    let failure = stop.setup().await.unwrap_err();
    assert!(failure.headline().contains("trouble"), "{failure}");
    assert_eq!(
        nearest(Err(failure)),
        [
            "t/subarray/01 can not be reached for subscribe to obsState",
            "t/subarray/03 can not be reached for subscribe to obsState"
        ]
    );
    assert_eq!(bench.devices[1].live_subscriptions(), 1);
}
