use super::*;

fn idle(bench: &Bench) -> Changes {
    changes_to(&bench.traced, "obsState", "IDLE").on_any_device()
}

#[tokio::test(start_paused = true)]
async fn one_device_is_enough_where_any_may_change() {
    let bench = Bench::new(3);
    let mark = bench.marked(&idle(&bench)).await;
    bench.set(1, "IDLE");
    bench.verify(&mark, 0.0, idle(&bench)).await.unwrap();
    let all = changes_to(&bench.traced, "obsState", "IDLE");
    assert!(bench.verify(&mark, 0.0, all).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn the_account_of_any_tells_of_each_device() {
    let bench = Bench::new(2);
    let mark = bench.marked(&idle(&bench)).await;
    bench.set(1, "FAULT");
    let outcome = bench.verify(&mark, 0.0, idle(&bench)).await;
    let failure = outcome.as_ref().unwrap_err();
    assert_eq!(
        failure.expected()[0].description,
        "any of t/subarray/01, t/subarray/02 obsState changes to IDLE"
    );
    assert_eq!(
        nearest(outcome),
        ["t/subarray/01 no change; it is EMPTY; \
             t/subarray/02 last change EMPTY -> FAULT at +0.000 s"]
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_can_be_asked_of_no_device() {
    let bench = Bench::new(0);
    let mark = bench.tracer.mark();
    let changes = || changes_to(&bench.traced, "obsState", "IDLE");
    let assertions = || -> Vec<Box<dyn Assertion>> {
        let way = || passes_through(&bench.traced, "obsState", ["RESOURCING", "IDLE"]);
        let is_idle = || is_in_state(&bench.traced, "obsState", "IDLE");
        vec![
            Box::new(changes()),
            Box::new(changes().on_any_device()),
            Box::new(changes().never()),
            Box::new(changes().at_least(0)),
            Box::new(way()),
            Box::new(way().on_any_device()),
            Box::new(is_idle()),
            Box::new(is_idle().on_any_device()),
            Box::new(changes().then(changes())),
        ]
    };
    for assertion in assertions() {
        let failure = assertion.setup().await.unwrap_err();
        assert!(failure.to_string().contains("name at least one device"));
        // also for those who forget to set it up
        let what = assertion.describe();
        let outcome = bench.verify(&mark, 0.0, assertion).await;
        assert_eq!(nearest(outcome)[0], "no device was named", "{what}");
    }
    let stop = stops_on(&bench.traced, "obsState", "FAULT");
    assert!(stop.setup().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn any_device_can_be_in_a_state() {
    let bench = Bench::new(2);
    let mark = bench.tracer.mark();
    let any = || is_in_state(&bench.traced, "obsState", "IDLE").on_any_device();
    let outcome = bench.verify(&mark, 0.0, any()).await;
    assert_eq!(
        nearest(outcome),
        ["t/subarray/01 it is EMPTY; t/subarray/02 it is EMPTY"]
    );
    bench.set_after(1_000, "IDLE");
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 5.0, any()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn each_device_passes_through_on_its_own_or_any_of_them() {
    let bench = Bench::new(2);
    let way = || passes_through(&bench.traced, "obsState", ["RESOURCING", "IDLE"]);
    let mark = bench.marked(&way()).await;
    // between them both went there, but neither did
    bench.set(0, "RESOURCING");
    bench.set(1, "IDLE");
    let outcome = bench.verify(&mark, 0.0, way()).await;
    assert_eq!(
        nearest(outcome),
        [
            "RESOURCING at +0.000 s; IDLE was not reached after that",
            "RESOURCING was never reached"
        ]
    );
    bench.set(0, "IDLE");
    let any = way().on_any_device();
    assert_eq!(
        any.describe(),
        "any of t/subarray/01, t/subarray/02 obsState passes through RESOURCING, IDLE"
    );
    bench.verify(&mark, 0.0, any).await.unwrap();
    assert!(bench.verify(&mark, 0.0, way()).await.is_err());
    bench.set(1, "RESOURCING");
    bench.set(1, "IDLE");
    bench.verify(&mark, 0.0, way()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_device_that_never_does_is_enough_where_any_may() {
    let bench = Bench::new(2);
    let never = || never_changes_to(&bench.traced, "obsState", "FAULT").on_any_device();
    let mark = bench.marked(&never()).await;
    bench.set(0, "FAULT");
    bench.verify(&mark, 1.0, never()).await.unwrap();
    bench.set(1, "FAULT");
    assert!(bench.verify(&mark, 1.0, never()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn when_the_one_that_was_enough_fails_another_is_waited_for() {
    let bench = Bench::new(2);
    let once = changes_to(&bench.traced, "obsState", "IDLE").exactly(1);
    let any = once.clone().on_any_device();
    let mark = bench.marked(&once).await;
    let both: [Box<dyn Assertion>; 2] = [
        Box::new(any),
        Box::new(changes_to(&bench.traced, "obsState", "IDLE")),
    ];
    for value in ["IDLE", "A", "IDLE"] {
        bench.set(0, value);
    }
    let other = bench.devices[1].clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        other.set("obsState", "IDLE");
    });
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(9));
    let started = tokio::time::Instant::now();
    watch.verify_all("test", &both).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn assertions_say_which_attributes_they_are_about_and_where_those_stand() {
    let bench = Bench::new(4);
    let change = changes_to(&bench.traced, "obsState", "IDLE");
    assert_eq!(change.standing(), None);
    change.setup().await.unwrap();
    bench.set(1, "READY");
    let now = Some("now EMPTY, READY, EMPTY and 1 more".to_owned());
    let state = is_in_state(&bench.traced, "obsState", "IDLE");
    let way = passes_through(&bench.traced, "obsState", ["IDLE"]);
    let first = changes_to(&bench.traced[0], "obsState", "IDLE");
    let order = first
        .clone()
        .then(changes_to(&bench.traced[1], "obsState", "IDLE"));
    let assertions: [(Box<dyn Assertion>, _, _); 4] = [
        (Box::new(change), now.clone(), 4),
        (Box::new(state), now.clone(), 4),
        (Box::new(way), now, 4),
        (
            Box::new(order.then(first)),
            Some("now EMPTY; then now READY; then now EMPTY".into()),
            2,
        ),
    ];
    for (assertion, standing, subjects) in assertions {
        assert_eq!(assertion.standing(), standing, "{}", assertion.describe());
        assert_eq!(
            assertion.subjects().len(),
            subjects,
            "{}",
            assertion.describe()
        );
    }
}
