//! How loads end: by time, by request, by a threshold, by a panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use harness_explore::load::{
    CycleError, Load, Plan, Recorder, ResultClass, Stage, Summary, User, Verdict,
};
use tokio::time::{Instant, sleep};

use crate::user::{Book, behaving, millis, never, seconds, steady};

fn hold(users: f64, lasting: u64) -> Vec<Stage> {
    vec![
        Stage::new(users, seconds(0)),
        Stage::new(users, seconds(lasting)),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_load_that_is_stopped_reports_all_that_was_measured() {
    let book = Book::default();
    let stop = async {
        sleep(seconds(3)).await;
        "enough".to_owned()
    };
    let plan = Plan::closed("stopped", hold(4.0, 600));
    let report = Load::new(plan)
        .unwrap()
        .run(steady(&book, millis(100)), stop)
        .await;
    assert_eq!(report.ended_early.as_deref(), Some("enough"));
    assert_eq!(
        report.counts.done, 120,
        "cycles under way came to their end"
    );
    assert_eq!(Summary::of(&report).total.count(), 120);
    assert_eq!(report.verdict, Verdict::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_load_that_is_stopped_while_users_begin_has_measured_nothing() {
    struct Slow;
    impl User for Slow {
        async fn begin(&mut self, _: &Recorder) -> Result<(), CycleError> {
            sleep(seconds(100)).await;
            Ok(())
        }
        async fn cycle(&mut self, _: &Recorder, _: Instant) -> Result<(), CycleError> {
            Ok(())
        }
    }
    let stop = async {
        sleep(seconds(3)).await;
        "too slow".to_owned()
    };
    let plan = Plan::closed("stopped", hold(4.0, 600));
    let report = Load::new(plan).unwrap().run(|_| Slow, stop).await;
    assert_eq!(report.ended_early.as_deref(), Some("too slow"));
    assert_eq!(report.verdict, Verdict::NothingRan);
}

#[tokio::test(start_paused = true)]
async fn cycles_that_do_not_come_to_their_end_are_cut_off_and_counted() {
    let book = Book::default();
    let hangs = |at| match at > seconds(1) {
        true => (seconds(3600), ResultClass::Ok),
        false => (millis(100), ResultClass::Ok),
    };
    let plan = Plan::closed("hung", hold(3.0, 2)).with_grace(seconds(5));
    let report = Load::new(plan)
        .unwrap()
        .run(behaving(&book, hangs), never())
        .await;
    assert_eq!(report.counts.cut_off, 3);
    assert_eq!(report.lasted, seconds(7));
    let counts = report.counts;
    assert_eq!(counts.started, counts.done + counts.cut_off);
}

#[tokio::test(start_paused = true)]
async fn a_load_of_which_nothing_went_well_has_failed() {
    let book = Book::default();
    let plan = Plan::cycles("vain", 2, 3);
    let report = Load::new(plan)
        .unwrap()
        .run(
            behaving(&book, |_| (millis(1), ResultClass::DevFailed)),
            never(),
        )
        .await;
    assert_eq!(report.verdict, Verdict::Failed);
    assert_eq!(report.why(), "none of 6 cycles went through");
}

#[tokio::test(start_paused = true)]
async fn a_user_that_can_not_do_what_it_does_at_the_end_fails_the_load() {
    struct Messy;
    impl User for Messy {
        async fn cycle(&mut self, recorder: &Recorder, _: Instant) -> Result<(), CycleError> {
            let begun = Instant::now();
            sleep(millis(10)).await;
            recorder.record(&harness_explore::load::Sample::done("work", begun));
            Ok(())
        }
        async fn end(&mut self, _: &Recorder) -> Result<(), CycleError> {
            Err(CycleError::new(ResultClass::DevFailed, "it stays as it is"))
        }
    }
    let load = Load::new(Plan::cycles("messy", 2, 3)).unwrap();
    let report = load.run(|_| Messy, never()).await;
    assert_eq!((report.counts.done, report.counts.ends_failed), (6, 2));
    assert_eq!(report.why(), "2 users could not do what they do at the end");
}

#[tokio::test(start_paused = true)]
async fn the_clock_starts_when_it_shall_and_not_before_users_have_begun() {
    struct Slow;
    impl User for Slow {
        async fn begin(&mut self, _: &Recorder) -> Result<(), CycleError> {
            sleep(seconds(3)).await;
            Ok(())
        }
        async fn cycle(&mut self, _: &Recorder, _: Instant) -> Result<(), CycleError> {
            sleep(millis(10)).await;
            Ok(())
        }
    }
    for (wanted, started) in [(10, 10), (1, 3)] {
        let begun = Instant::now();
        let load = Load::new(Plan::cycles("together", 2, 1)).unwrap();
        let load = load.with_start(begun + seconds(wanted));
        let report = load.run(|_| Slow, never()).await;
        let clock = begun.elapsed() - report.lasted;
        assert!(clock.abs_diff(seconds(started)) < millis(20), "{clock:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_measured_is_no_pass() {
    struct Idle;
    impl User for Idle {
        async fn cycle(&mut self, _: &Recorder, _: Instant) -> Result<(), CycleError> {
            sleep(millis(10)).await;
            Ok(())
        }
    }
    let report = Load::new(Plan::cycles("idle", 2, 3))
        .unwrap()
        .run(|_| Idle, never())
        .await;
    assert_eq!(report.verdict, Verdict::NothingRan);
    let total = Summary::of(&report).total;
    assert_eq!(
        (total.error_rate(), total.latency.percentile(99.0)),
        (None, None)
    );
}

#[tokio::test(start_paused = true)]
async fn a_user_that_panics_fails_the_load_and_the_others_go_on() {
    struct Fragile(u64);
    impl User for Fragile {
        async fn cycle(&mut self, _: &Recorder, _: Instant) -> Result<(), CycleError> {
            sleep(millis(10)).await;
            assert_ne!(self.0, 1, "the lamp is broken");
            Ok(())
        }
    }
    let plan = Plan::cycles("fragile", 3, 5);
    let load = Load::new(plan).unwrap();
    let report = load.run(|it| Fragile(it.number), never()).await;
    assert_eq!(report.counts.done, 10);
    assert_eq!(report.verdict, Verdict::Failed);
    let words = &report.violations[0].words;
    assert!(words.contains("the lamp is broken"), "{words}");
    assert_eq!(report.gauges[0].gauges.last().unwrap().busy, 0);
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_told_every_second_also_while_users_begin() {
    struct Slow;
    impl User for Slow {
        async fn begin(&mut self, _: &Recorder) -> Result<(), CycleError> {
            sleep(millis(2500)).await;
            Ok(())
        }
        async fn cycle(&mut self, _: &Recorder, _: Instant) -> Result<(), CycleError> {
            sleep(millis(10)).await;
            Ok(())
        }
    }
    let (before, after) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let told = (Arc::clone(&before), Arc::clone(&after));
    let load = Load::new(Plan::closed("told", hold(1.0, 4))).unwrap();
    let load = load.with_observer(move |live| {
        let counter = if live.elapsed().is_zero() {
            &told.0
        } else {
            &told.1
        };
        counter.fetch_add(1, Ordering::Relaxed);
    });
    load.run(|_| Slow, never()).await;
    assert_eq!(before.load(Ordering::Relaxed), 2);
    assert!((3..=4).contains(&after.load(Ordering::Relaxed)));
}

#[tokio::test(start_paused = true)]
async fn of_very_many_violations_the_first_thousand_are_kept() {
    struct Bad;
    impl User for Bad {
        async fn cycle(&mut self, recorder: &Recorder, _: Instant) -> Result<(), CycleError> {
            sleep(millis(1)).await;
            recorder.violation("a/b/c", "it is not as it should be");
            Ok(())
        }
    }
    let load = Load::new(Plan::cycles("bad", 2, 700)).unwrap();
    let report = load.run(|_| Bad, never()).await;
    assert_eq!(report.violations.len(), 1000);
    assert_eq!(
        report.why(),
        "1400 things happened that must not; of what must not be the first 1000 are told"
    );
    assert!(report.violations.iter().all(|it| it.at <= millis(501)));
    assert_eq!(report.verdict, Verdict::Failed);
}
