use super::*;

fn ready(bench: &Bench) -> Changes {
    changes_to(&bench.traced, "obsState", "READY")
}

/// Sets the first subarray to each of these values, a second apart.
fn every_second(bench: &Bench, values: &[&'static str]) {
    for (second, value) in (1..).zip(values) {
        bench.set_after(second * 1_000, value);
    }
}

async fn verify_both(
    bench: &Bench,
    mark: &Mark,
    one: impl Assertion + 'static,
    other: impl Assertion + 'static,
) -> (Result<(), Failure>, u64) {
    let watch = Watch::new(&bench.tracer, mark, &Timeout::seconds(20));
    let started = tokio::time::Instant::now();
    let both: [Box<dyn Assertion>; 2] = [Box::new(one), Box::new(other)];
    let outcome = watch.verify_all("test", &both).await;
    (outcome, started.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn one_change_too_many_fails_at_once_and_is_named() {
    let bench = Bench::new(1);
    let twice = ready(&bench).at_most(2);
    let mark = bench.marked(&twice).await;
    every_second(&bench, &["READY", "IDLE", "READY", "IDLE", "READY"]);
    let started = tokio::time::Instant::now();
    let outcome = bench.verify(&mark, 60.0, twice).await;
    assert_eq!(started.elapsed(), Duration::from_secs(5));
    assert_eq!(
        nearest(outcome),
        ["3 times, the one too many IDLE -> READY at +5.000 s"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_that_must_never_come_is_told() {
    let bench = Bench::new(2);
    let never = never_changes_to(&bench.traced, "obsState", one_of(["FAULT", "ABORTED"]));
    let mark = bench.marked(&never).await;
    every_second(&bench, &["READY", "FAULT"]);
    let outcome = bench.verify(&mark, 60.0, never).await;
    let failure = outcome.as_ref().unwrap_err();
    let met: Vec<_> = failure.expected().iter().map(|one| one.met).collect();
    assert_eq!(met, [false, true]);
    assert_eq!(
        failure.expected()[0].description,
        "t/subarray/01 obsState never changes to FAULT or ABORTED"
    );
    assert_eq!(nearest(outcome), ["READY -> FAULT at +2.000 s"]);
}

#[tokio::test(start_paused = true)]
async fn what_must_not_happen_is_watched_until_everything_else_has_been_seen() {
    let bench = Bench::new(1);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let mark = bench.marked(&never).await;
    every_second(&bench, &["RESOURCING", "READY", "FAULT"]);
    let (outcome, seconds) = verify_both(&bench, &mark, never.clone(), ready(&bench)).await;
    outcome.unwrap();
    assert_eq!(seconds, 2);
    // whatever is in the record by then counts
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (outcome, _) = verify_both(&bench, &mark, never, ready(&bench)).await;
    assert_eq!(nearest(outcome), ["READY -> FAULT at +3.000 s"]);
}

#[tokio::test(start_paused = true)]
async fn alone_it_is_watched_to_the_end_of_the_timeout() {
    let bench = Bench::new(1);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let mark = bench.marked(&never).await;
    every_second(&bench, &["READY"]);
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 7.0, never.clone()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(7));
    bench.verify(&mark, 0.0, never).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_that_must_never_come_ends_the_wait_for_all_others() {
    let bench = Bench::new(1);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let mark = bench.marked(&never).await;
    every_second(&bench, &["CONFIGURING", "FAULT"]);
    let (outcome, seconds) = verify_both(&bench, &mark, ready(&bench), never).await;
    assert_eq!(seconds, 2);
    assert_eq!(
        nearest(outcome),
        [
            "last change CONFIGURING -> FAULT at +2.000 s",
            "CONFIGURING -> FAULT at +2.000 s"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn exactly_so_many_are_waited_for_and_no_more_may_come() {
    let bench = Bench::new(1);
    let twice = ready(&bench).exactly(2);
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&twice).await;
    every_second(&bench, &["READY", "IDLE", "READY", "IDLE", "READY"]);
    // done with the second one, though the other was done before
    let (outcome, seconds) = verify_both(&bench, &mark, idle.clone(), twice.clone()).await;
    outcome.unwrap();
    assert_eq!(seconds, 3);
    // alone it is watched on
    let outcome = bench.verify(&mark, 10.0, twice).await;
    assert_eq!(
        nearest(outcome),
        ["3 times, the one too many IDLE -> READY at +5.000 s"]
    );
    let once = ready(&bench).exactly(1);
    let mark = bench.tracer.mark();
    let outcome = bench.verify(&mark, 1.0, once).await;
    assert_eq!(nearest(outcome), ["no change; it is READY"]);
}

#[tokio::test(start_paused = true)]
async fn others_are_watched_while_one_with_a_bound_still_waits_for_its_share() {
    let bench = Bench::new(1);
    let twice = ready(&bench).exactly(2);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let mark = bench.marked(&twice).await;
    every_second(&bench, &["READY", "IDLE", "FAULT", "READY"]);
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(20));
    let all: [Box<dyn Assertion>; 3] = [Box::new(idle), Box::new(never), Box::new(twice)];
    let outcome = watch.verify_all("test", &all).await;
    assert_eq!(
        nearest(outcome),
        [
            "IDLE -> FAULT at +3.000 s",
            "1 of 2 times, last EMPTY -> READY at +1.000 s"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_judged_before_all_have_said_what_they_wait_for() {
    let bench = Bench::new(1);
    let (change, twice) = (changes(&bench.traced, "obsState"), ready(&bench).exactly(2));
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let mark = bench.marked(&twice).await;
    bench.set(0, "READY");
    every_second(&bench, &["FAULT", "READY"]);
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(20));
    let all: [Box<dyn Assertion>; 3] = [Box::new(change), Box::new(never), Box::new(twice)];
    let outcome = watch.verify_all("test", &all).await;
    assert_eq!(nearest(outcome)[0], "READY -> FAULT at +1.000 s");
}

#[tokio::test(start_paused = true)]
async fn watching_goes_on_for_at_least_so_long() {
    let bench = Bench::new(1);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let never = never.for_at_least(Duration::from_secs(5));
    let mark = bench.marked(&never).await;
    every_second(&bench, &["READY"]);
    let (outcome, seconds) = verify_both(&bench, &mark, never.clone(), ready(&bench)).await;
    outcome.unwrap();
    assert_eq!(seconds, 5);
    // alone it ends then; and what the record tells need not be waited for
    let mark = bench.tracer.mark();
    let started = tokio::time::Instant::now();
    bench.verify(&mark, 60.0, never.clone()).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(5));
    bench.verify(&mark, 0.0, never.clone()).await.unwrap();
    // longer than the others
    let mark = bench.tracer.mark();
    every_second(&bench, &["A", "B", "C", "D", "E", "F", "READY"]);
    let (outcome, seconds) = verify_both(&bench, &mark, never, ready(&bench)).await;
    outcome.unwrap();
    assert_eq!(seconds, 7);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_is_too_short_for_it_is_told() {
    let bench = Bench::new(1);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let never = never.for_at_least(Duration::from_secs(5));
    let mark = bench.marked(&never).await;
    let outcome = bench.verify(&mark, 3.0, never).await;
    assert_eq!(nearest(outcome), ["so far, but it was only watched for 3s"]);
}

#[tokio::test(start_paused = true)]
async fn an_early_stop_leaves_what_must_not_happen_unwatched() {
    let bench = Bench::new(1);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let mark = bench.marked(&never).await;
    every_second(&bench, &["READY", "ABORTED"]);
    let watch = || {
        let stop: Arc<dyn EarlyStop> = Arc::new(stops_on(&bench.traced, "obsState", "ABORTED"));
        Watch::new(&bench.tracer, &mark, &Timeout::seconds(9)).with_early_stops([stop])
    };
    let alone = watch().verify_all("test", &[Box::new(never.clone())]).await;
    assert_eq!(nearest(alone), ["only watched until then"]);
    // what was seen before still counts
    let both: [Box<dyn Assertion>; 2] = [Box::new(never.clone()), Box::new(ready(&bench))];
    watch().verify_all("test", &both).await.unwrap();
    let longer = never.for_at_least(Duration::from_secs(5));
    let both: [Box<dyn Assertion>; 2] = [Box::new(longer), Box::new(ready(&bench))];
    let outcome = watch().verify_all("test", &both).await;
    assert_eq!(nearest(outcome), ["so far, but it was only watched for 2s"]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_can_be_used_again() {
    let bench = Bench::new(1);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    let mark = bench.marked(&never).await;
    every_second(&bench, &["FAULT", "READY"]);
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(9));
    assert!(watch.verify_all("test", &[Box::new(never)]).await.is_err());
    let again: [Box<dyn Assertion>; 1] = [Box::new(ready(&bench))];
    watch.verify_all("test", &again).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn assertions_of_ones_own_can_be_judged_last() {
    struct Quiet;
    impl Assertion for Quiet {
        fn describe(&self) -> String {
            "nothing more than two events is recorded".to_owned()
        }
        fn is_judged_last(&self) -> bool {
            true
        }
        fn verify<'a>(&'a self, watch: &'a Watch) -> crate::BoxFuture<'a, Result<(), Failure>> {
            Box::pin(async {
                let (mut entries, mut count) = (watch.entries(), 0);
                while entries.next().await.is_ok() {
                    count += 1;
                }
                match count {
                    0..=2 => Ok(()),
                    more => Err(Failure::new(format!("{more} events"))),
                }
            })
        }
    }
    let bench = Bench::new(1);
    let mark = bench.marked(&ready(&bench)).await;
    every_second(&bench, &["IDLE", "READY", "IDLE"]);
    let (outcome, seconds) = verify_both(&bench, &mark, Quiet, ready(&bench)).await;
    outcome.unwrap();
    assert_eq!(seconds, 2);
    bench.verify(&mark, 0.5, Quiet).await.unwrap();
    assert!(bench.verify(&mark, 5.0, Quiet).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_judged_before_all_of_very_many_have_said_what_they_wait_for() {
    let bench = Bench::new(1);
    let mark = bench.marked(&ready(&bench)).await;
    bench.set(0, "READY");
    every_second(&bench, &["FAULT", "READY"]);
    let mut all: Vec<Box<dyn Assertion>> = vec![Box::new(changes(&bench.traced, "obsState"))];
    for _ in 0..200 {
        let never = never_changes_to(&bench.traced, "obsState", "FAULT");
        all.push(Box::new(never));
    }
    all.push(Box::new(ready(&bench).exactly(2)));
    let watch = Watch::new(&bench.tracer, &mark, &Timeout::seconds(20));
    let outcome = watch.verify_all("test", &all).await;
    assert_eq!(nearest(outcome)[0], "READY -> FAULT at +1.000 s");
}

#[tokio::test(start_paused = true)]
async fn what_contradicts_itself_is_refused_before_anything_is_done() {
    let bench = Bench::new(1);
    let long = Duration::from_secs(3);
    for (nonsense, why) in [
        (ready(&bench).never().stays_for(long), "need not come"),
        (ready(&bench).at_most(2).stays_for(long), "need not come"),
        (ready(&bench).at_least(0).stays_for(long), "need not come"),
        (ready(&bench).never().at_least(1), "more are asked for"),
        (ready(&bench).at_least(3).at_most(2), "more are asked for"),
    ] {
        let failure = nonsense.setup().await.unwrap_err();
        assert!(failure.to_string().contains(why), "{failure}");
        let mark = bench.tracer.mark();
        bench.set(0, "READY");
        bench.set(0, "IDLE");
        let outcome = bench.verify(&mark, 9.0, nonsense).await;
        assert!(nearest(outcome)[0].contains(why));
    }
    // the last word counts
    let twice = ready(&bench).never().exactly(2).stays_for(long);
    twice.setup().await.unwrap();
}
