//! Closed loads: users that begin a cycle when their last one has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use harness_explore::load::{
    CycleError, Identity, Load, Phase, Plan, Recorder, ResultClass, Stage, Summary, User, Verdict,
};
use tokio::time::Instant;

use crate::user::{Book, behaving, millis, never, seconds, steady, whole_millis};

fn stages(text: &str) -> Vec<Stage> {
    Stage::parse_all(text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn so_many_users_go_through_so_many_cycles_exactly() {
    let book = Book::default();
    let plan = Plan::cycles("exact", 7, 13);
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(3)), never())
        .await;
    let counts = report.counts;
    assert_eq!((counts.started, counts.done, counts.failed), (91, 91, 0));
    assert_eq!((counts.users, counts.cut_off), (7, 0));
    let cycles = book.cycles();
    assert!((0..7).all(|user| cycles[&user].len() == 13));
    assert_eq!(Summary::of(&report).total.count(), 91);
    assert_eq!(report.verdict, Verdict::Passed);
}

#[tokio::test(start_paused = true)]
async fn users_come_at_even_distances_also_when_these_are_long() {
    let book = Book::default();
    let plan = Plan::closed("slow", stages("10, 20s; 10, 5s"));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(100)), never())
        .await;
    let cycles = book.cycles();
    for user in 0..10 {
        let expected = seconds(2 * user);
        let came = cycles[&user][0];
        assert!(
            came.abs_diff(expected) <= millis(2),
            "user {user}: {came:?}"
        );
    }
    assert_eq!(report.counts.users, 10);
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_ends_without_users_still_reports() {
    let book = Book::default();
    let plan = Plan::closed("valley", stages("5, 0s; 5, 2s; 0, 0s; 0, 3s"));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(50)), never())
        .await;
    assert_eq!(report.verdict, Verdict::Passed);
    assert_eq!(report.lasted, seconds(5));
    assert_eq!(report.held, seconds(2));
    let last = *book.all().last().unwrap();
    assert!(last < seconds(2), "{last:?}");
    let gauges = &report.gauges[0].gauges;
    assert_eq!(gauges.last().unwrap().users, 0);
    assert!(gauges.iter().any(|gauge| gauge.users == 5));
}

#[tokio::test(start_paused = true)]
async fn the_warm_up_is_not_measured() {
    let book = Book::default();
    let slow_at_first = |at| match at < seconds(2) {
        true => (millis(500), ResultClass::DevFailed),
        false => (millis(10), ResultClass::Ok),
    };
    let plan = Plan::closed("cold", stages("1, 0s; 1, 4s")).with_warm_up(seconds(2));
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, slow_at_first), never())
        .await;
    let total = Summary::of(&report).total;
    assert_eq!((total.errors(), report.counts.failed), (0, 0));
    assert_eq!(report.counts.warm_up, 4);
    assert_eq!(whole_millis(total.latency.max()), 10);
    assert_eq!(report.held, seconds(2));
    let warm = report
        .measurements
        .iter()
        .filter(|it| it.phase == Phase::WarmUp);
    assert_eq!(warm.map(|it| it.latency.count()).sum::<u64>(), 4);
}

#[tokio::test(start_paused = true)]
async fn cycles_of_the_warm_up_come_before_those_that_count() {
    let book = Book::default();
    let plan = Plan::cycles("both", 2, 5).with_warm_up(seconds(1));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(100)), never())
        .await;
    assert_eq!(report.counts.done, 10);
    assert_eq!(report.counts.warm_up, 20);
    assert_eq!(Summary::of(&report).total.count(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_user_with_a_pace_is_measured_from_when_it_should_have_begun() {
    let book = Book::default();
    // one stall of a second, while a cycle is due every 100 ms
    let stalls = |at| match (seconds(1)..millis(1050)).contains(&at) {
        true => (seconds(1), ResultClass::Ok),
        false => (millis(10), ResultClass::Ok),
    };
    let plan = Plan::closed("paced", stages("1, 0s; 1, 10s")).with_pace(millis(100));
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, stalls), never())
        .await;
    let total = Summary::of(&report).total;
    assert_eq!(total.count(), 100, "none is left out");
    let p95 = total.latency.percentile(95.0).unwrap();
    assert!(
        p95 > millis(400),
        "those that waited behind it were late: {p95:?}"
    );
    assert_eq!(whole_millis(total.service.percentile(95.0)), 10);
    assert!(report.backfill.is_empty(), "with a pace nothing is missing");
}

#[tokio::test(start_paused = true)]
async fn what_a_stall_kept_from_being_measured_is_told_apart() {
    let book = Book::default();
    let stalls = |at| match (seconds(5)..millis(5010)).contains(&at) {
        true => (seconds(1), ResultClass::Ok),
        false => (millis(10), ResultClass::Ok),
    };
    let plan = Plan::closed("unpaced", stages("1, 0s; 1, 10s"));
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, stalls), never())
        .await;
    let missing = report.backfill.count();
    assert!(
        (95..=99).contains(&missing),
        "one every 10 ms of a second: {missing}"
    );
    let total = Summary::of(&report).total;
    assert_eq!(total.count(), report.counts.done, "what is real stays so");
    assert!(total.latency.percentile(99.0).unwrap() < millis(12));
}

#[tokio::test(start_paused = true)]
async fn no_more_actions_begin_than_the_throttle_admits() {
    let book = Book::default();
    let plan = Plan::closed("throttled", stages("20, 0s; 20, 10s")).with_throttle(50.0);
    Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(1)), never())
        .await;
    let begun = book.all();
    for second in 0..10 {
        let in_it = begun.iter().filter(|it| it.as_secs() == second).count();
        assert!((48..=51).contains(&in_it), "{in_it} in second {second}");
    }
}

#[tokio::test(start_paused = true)]
async fn users_that_reach_nobody_do_not_hammer_who_is_gone() {
    let book = Book::default();
    // refused at once, for five seconds
    let gone = |at| match at < seconds(5) {
        true => (millis(0), ResultClass::Unreachable),
        false => (millis(50), ResultClass::Ok),
    };
    let plan = Plan::closed("gone", stages("20, 0s; 20, 10s"));
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, gone), never())
        .await;
    let tries = Summary::of(&report).total.of(ResultClass::Unreachable);
    assert!(
        (20 * 45..=20 * 50).contains(&tries),
        "ten a second each: {tries}"
    );
    assert!(Summary::of(&report).total.of(ResultClass::Ok) >= 20 * 98);
}

#[tokio::test(start_paused = true)]
async fn what_the_throttle_holds_back_is_no_latency() {
    let book = Book::default();
    let plan = Plan::closed("throttled", stages("20, 0s; 20, 5s")).with_throttle(20.0);
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(10)), never())
        .await;
    let total = Summary::of(&report).total;
    assert_eq!(whole_millis(total.latency.max()), 10);
    let rate = total.rate.unwrap();
    assert!((19.0..=20.5).contains(&rate), "{rate}");
}

#[tokio::test(start_paused = true)]
async fn pauses_come_from_the_seed_of_the_user() {
    let run = async |seed| {
        let book = Book::default();
        let plan = Plan::cycles("pausing", 3, 20)
            .with_seed(seed)
            .with_pause(millis(10), millis(500));
        Load::new(plan)
            .unwrap()
            .run(steady(&book, millis(1)), never())
            .await;
        book.cycles()
    };
    let first = run(5).await;
    assert_eq!(first, run(5).await);
    assert_ne!(first, run(6).await);
    assert_ne!(first[&0], first[&1]);
    for cycles in first.values() {
        let pauses = cycles.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(
            pauses
                .into_iter()
                .all(|it| (millis(10)..=millis(503)).contains(&it))
        );
    }
}

/// Counts what is done once.
struct Guest {
    identity: Identity,
    begun: Arc<AtomicU64>,
    ended: Arc<AtomicU64>,
    refuses: bool,
}

impl User for Guest {
    async fn begin(&mut self, recorder: &Recorder) -> Result<(), CycleError> {
        assert!(recorder.elapsed().is_zero(), "the clock is not started");
        tokio::time::sleep(seconds(3)).await;
        self.begun.fetch_add(1, Ordering::Relaxed);
        match self.refuses && self.identity.number == 2 {
            true => Err(CycleError::new(ResultClass::DevFailed, "no seat")),
            false => Ok(()),
        }
    }

    async fn cycle(&mut self, _: &Recorder, _: Instant) -> Result<(), CycleError> {
        tokio::time::sleep(millis(10)).await;
        Ok(())
    }

    async fn end(&mut self, _: &Recorder) -> Result<(), CycleError> {
        self.ended.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn users_begin_and_end_once_and_the_clock_waits_for_them() {
    let (begun, ended) = (Arc::default(), Arc::default());
    let guest = |identity| Guest {
        identity,
        begun: Arc::clone(&begun),
        ended: Arc::clone(&ended),
        refuses: false,
    };
    // users that come and go and come again
    let plan = Plan::closed("guests", stages("4, 1s; 1, 1s; 4, 1s; 4, 1s"));
    let report = Load::new(plan).unwrap().run(guest, never()).await;
    assert_eq!(begun.load(Ordering::Relaxed), 4);
    assert_eq!(ended.load(Ordering::Relaxed), 4);
    assert!(
        report.lasted.abs_diff(seconds(4)) < millis(20),
        "{:?}",
        report.lasted
    );
}

#[tokio::test(start_paused = true)]
async fn a_user_that_can_not_begin_fails_the_load_and_is_told() {
    let (begun, ended) = (Arc::default(), Arc::<AtomicU64>::default());
    let guest = |identity| Guest {
        identity,
        begun: Arc::clone(&begun),
        ended: Arc::clone(&ended),
        refuses: true,
    };
    let plan = Plan::cycles("guests", 4, 5);
    let report = Load::new(plan).unwrap().run(guest, never()).await;
    assert_eq!((report.counts.users_failed, report.counts.done), (1, 15));
    assert_eq!(report.verdict, Verdict::Failed);
    assert_eq!(report.errors[0].words, "user 2: no seat");
}

#[tokio::test(start_paused = true)]
async fn errors_are_grouped_and_every_class_has_latencies_of_its_own() {
    let book = Book::default();
    let fails = |at: std::time::Duration| match at.as_secs() {
        3 => (millis(500), ResultClass::TimedOut),
        5 => (millis(1), ResultClass::Rejected),
        _ => (millis(10), ResultClass::Ok),
    };
    let plan = Plan::closed("mixed", stages("1, 0s; 1, 8s"));
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, fails), never())
        .await;
    let told: Vec<_> = report
        .errors
        .iter()
        .map(|it| (it.words.as_str(), it.class))
        .collect();
    let expected = [
        ("it ended as rejected", ResultClass::Rejected),
        ("it ended as timed-out", ResultClass::TimedOut),
    ];
    assert_eq!(told, expected);
    assert!(report.errors[1].first >= seconds(3) && report.errors[1].first < seconds(4));
    let of = |class| {
        report
            .measurements
            .iter()
            .find(|it| it.class == class)
            .unwrap()
    };
    assert_eq!(whole_millis(of(ResultClass::TimedOut).service.max()), 500);
    assert_eq!(whole_millis(of(ResultClass::Rejected).service.max()), 1);
    let total = Summary::of(&report).total;
    assert_eq!(total.errors(), of(ResultClass::TimedOut).latency.count());
}

#[tokio::test(start_paused = true)]
async fn users_are_seen_and_those_in_a_cycle() {
    let book = Book::default();
    // six seconds of cycle and four of pause, and users who come with four seconds between
    let plan = Plan::closed("seen", stages("2, 8s; 2, 12s"));
    let plan = plan.with_pause(seconds(4), seconds(4));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, seconds(6)), never())
        .await;
    let gauges = &report.gauges[0].gauges;
    let seen = |at: u64| {
        let gauge = gauges.iter().find(|it| it.at.as_secs() == at).unwrap();
        (gauge.users, gauge.busy)
    };
    let begun = book.cycles();
    for at in [1, 3, 5, 7, 9, 11, 13, 15, 17, 19] {
        let now = seconds(at);
        let begins = |user: u64| begun.get(&user).into_iter().flatten();
        let there = (0..2).filter(|user| begins(*user).any(|it| *it <= now));
        let in_a_cycle =
            (0..2).filter(|user| begins(*user).any(|it| (*it..*it + seconds(6)).contains(&now)));
        assert_eq!(
            seen(at),
            (there.count() as u64, in_a_cycle.count() as u64),
            "{at} s"
        );
    }
    assert!(gauges.iter().any(|it| it.busy < it.users));
}

#[tokio::test(start_paused = true)]
async fn of_a_long_load_fewer_moments_are_kept_evenly() {
    let book = Book::default();
    let plan = Plan::closed("a night", stages("1, 0s; 1, 3h")).with_pace(seconds(60));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, seconds(1)), never())
        .await;
    let gauges = &report.gauges[0].gauges;
    assert!((600..=1200).contains(&gauges.len()), "{}", gauges.len());
    let apart: Vec<_> = gauges.windows(2).map(|it| it[1].at - it[0].at).collect();
    // but for the last one, which is of the end
    assert!(apart.iter().rev().skip(1).all(|it| *it == apart[0]));
    assert!(gauges.last().unwrap().at > seconds(3 * 3600 - 20));
}
