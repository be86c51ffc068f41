use super::*;

#[tokio::test(start_paused = true)]
async fn all_that_is_missing_is_reported_after_one_timeout() {
    let bench = Bench::new(1);
    let to = |value: &str| changes_to(&bench.traced, "obsState", value);
    let mark = bench.marked(&to("A")).await;
    bench.set_after(500, "B");
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(3));
    let assertions: [Box<dyn Assertion>; 3] =
        [Box::new(to("A")), Box::new(to("B")), Box::new(to("C"))];
    let started = tokio::time::Instant::now();
    let failure = watch.verify_all("test", &assertions).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::from_secs(3));
    let met: Vec<_> = failure
        .expected()
        .iter()
        .map(|expected| expected.met)
        .collect();
    assert_eq!(met, [false, true, false]);
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_fails_alone() {
    let bench = Bench::new(1);
    let sound = changes_to(&bench.traced, "obsState", "IDLE");
    let broken = changes(&bench.traced, "obsState")
        .matching("nonsense", |reading| reading.value.as_int().unwrap() > 0);
    let mark = bench.marked(&sound).await;
    bench.set_after(500, "IDLE");
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(3));
    let failure = watch
        .verify_all("test", &[Box::new(broken), Box::new(sound)])
        .await
        .unwrap_err();
    let met: Vec<_> = failure
        .expected()
        .iter()
        .map(|expected| expected.met)
        .collect();
    assert_eq!(met, [false, true]);
    assert!(
        failure
            .to_string()
            .contains("panicked: called `Option::unwrap()`"),
        "{failure}"
    );
}

#[tokio::test(start_paused = true)]
async fn two_thousand_waits_on_one_event_all_end() {
    let bench = Bench::new(1);
    let assertion = Arc::new(changes_to(&bench.traced, "obsState", "IDLE"));
    let mark = bench.marked(&assertion).await;
    let waits: Vec<_> = (0..2000)
        .map(|_| {
            let (tracer, mark) = (bench.tracer.clone(), mark.clone());
            let assertion = Arc::clone(&assertion);
            tokio::spawn(async move {
                let watch = Watch::new(&tracer, &mark, &Timeout::seconds(5));
                watch.verify_all("test", &[Box::new(assertion)]).await
            })
        })
        .collect();
    bench.set_after(1_000, "IDLE");
    let started = tokio::time::Instant::now();
    for wait in waits {
        wait.await.unwrap().unwrap();
    }
    assert_eq!(started.elapsed(), Duration::from_secs(1));
}

#[test]
fn a_slow_matcher_delays_neither_the_record_nor_the_others() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build();
    runtime.unwrap().block_on(async {
        let bench = Bench::new(1);
        let (door, opened) = std::sync::mpsc::channel::<()>();
        let opened = Mutex::new(opened);
        let slow = changes(&bench.traced, "obsState")
            .matching("a slow one", move |_| opened.lock().unwrap().recv().is_ok());
        let quick = changes_to(&bench.traced, "obsState", "READY");
        let mark = bench.marked(&quick).await;
        let (tracer, its_mark) = (bench.tracer.clone(), mark.clone());
        let slow = tokio::spawn(async move {
            let watch = Watch::new(&tracer, &its_mark, &Timeout::seconds(30));
            watch.verify_all("slow", &[Box::new(slow)]).await
        });
        bench.set(0, "IDLE");
        bench.set(0, "READY");
        // done although the slow one has its thread blocked
        bench.verify(&mark, 30.0, quick).await.unwrap();
        door.send(()).unwrap();
        slow.await.unwrap().unwrap();
    });
}

#[tokio::test(start_paused = true)]
async fn each_entry_is_shown_to_a_matcher_once() {
    let bench = Bench::new(1);
    let shown = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&shown);
    let never = changes(&bench.traced, "obsState").matching("never", move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        false
    });
    let mark = bench.marked(&never).await;
    for number in 0..50u64 {
        bench.set_after(number * 10, if number % 2 == 0 { "A" } else { "B" });
    }
    assert!(bench.verify(&mark, 1.0, never).await.is_err());
    assert_eq!(shown.load(Ordering::Relaxed), 50);
}

#[tokio::test(start_paused = true)]
async fn long_waits_are_reported_once_a_second_until_they_are_over() {
    let reports: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let kept = Arc::clone(&reports);
    let bench = Bench::new(1);
    let tracer = bench
        .tracer
        .clone()
        .with_progress(move |progress: &Progress| {
            kept.lock().unwrap().push(progress.clone());
        });
    let assertion = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&assertion).await;
    bench.set_after(3_500, "IDLE");
    let watch = Watch::new(&tracer, &mark, &Timeout::seconds(10));
    watch
        .verify_all("Assign", &[Box::new(assertion)])
        .await
        .unwrap();
    let reports = reports.lock().unwrap();
    let left: Vec<_> = reports
        .iter()
        .filter_map(|report| report.remaining)
        .map(|left| left.as_secs_f64())
        .collect();
    assert_eq!(left, [9.0, 8.0, 7.0, 6.5]);
    assert_eq!(reports[0].action, "Assign");
    assert_eq!(
        reports[0].awaited,
        ["t/subarray/01 obsState changes to IDLE (now EMPTY)"]
    );
    let over: Vec<_> = reports.iter().map(Progress::is_over).collect();
    assert_eq!(over, [false, false, false, true]);
}

#[tokio::test(start_paused = true)]
async fn one_that_panics_before_it_waits_fails_alone() {
    struct Hasty;
    impl Assertion for Hasty {
        fn describe(&self) -> String {
            "hasty".to_owned()
        }
        fn verify<'a>(&'a self, _: &'a Watch) -> crate::BoxFuture<'a, Result<(), Failure>> {
            panic!("too soon")
        }
    }
    let bench = Bench::new(1);
    let sound = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&sound).await;
    bench.set_after(500, "IDLE");
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(3));
    let both: [Box<dyn Assertion>; 2] = [Box::new(Hasty), Box::new(sound)];
    let failure = watch.verify_all("test", &both).await.unwrap_err();
    let met: Vec<_> = failure.expected().iter().map(|one| one.met).collect();
    assert_eq!(met, [false, true]);
    assert_eq!(nearest(Err(failure)), ["the assertion panicked: too soon"]);
}
