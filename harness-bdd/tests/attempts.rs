//! What is run how often, in which part, and what the report tells of it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{cell::Cell, cell::RefCell, rc::Rc, time::Duration};

use harness_bdd::{
    BoxError, Context, StepBook, Stop, argument, feature,
    report::{Notice, ReportFiles, RunVerdict, ScenarioClass, StepClass},
    step,
    suite::{ScenarioVerdict, Shard, Suite, Verdict},
};
use harness_core::Journal;

/// A World that knows the how manieth of the run it is, from 1.
#[derive(Debug, Default, cucumber::World)]
struct Numbered(usize);

async fn at_least(world: &mut Numbered, context: Context) -> Result<(), BoxError> {
    let wanted: usize = argument(&context, 0)?;
    if world.0 >= wanted {
        Ok(())
    } else {
        Err(format!("this is number {}", world.0).into())
    }
}

fn book() -> StepBook<Numbered> {
    StepBook::new()
        .given("nothing", |_, _| step(async { Ok(()) }))
        .then("this is number {int} or later", |world, context| {
            step(at_least(world, context))
        })
        .when("it panics", |_, _| {
            Box::pin(async { std::panic::resume_unwind(Box::new("a bare panic")) })
        })
        .when("I wait for ever", |_, _| Box::pin(std::future::pending()))
}

/// A suite whose Worlds are numbered in the order in which they are made.
fn suite(scenarios: &str) -> Suite<Numbered> {
    let text = format!("@all\nFeature: Numbers\n{scenarios}");
    let made = Cell::new(0);
    Suite::new(book())
        .with_feature(feature::parse("numbers.feature", &text).unwrap())
        .set_up(move |world: &mut Numbered| {
            made.set(made.get() + 1);
            world.0 = made.get();
            Box::pin(async { Ok(()) })
        })
}

const GOOD: &str = "  Scenario: good\n    Given nothing\n";

fn late(number: usize) -> String {
    format!(
        "  Scenario: late\n    Given nothing\n    Then this is number {number} or later\n    Given nothing\n"
    )
}

#[tokio::test]
async fn a_scenario_that_passes_when_tried_again_is_flaky_and_no_pass() {
    let torn_down = Rc::new(Cell::new(0));
    let count = torn_down.clone();
    let outcome = suite(&late(3))
        .with_retries(5)
        .tear_down(move |_| {
            count.set(count.get() + 1);
            Box::pin(async { Ok(()) })
        })
        .run()
        .await
        .unwrap();
    assert_eq!(outcome.verdict(), Verdict::Flaky);
    assert!(!outcome.scenarios[0].has_passed());
    assert_eq!(outcome.scenarios[0].attempts, 3);
    assert_eq!(torn_down.get(), 3);
    let ScenarioVerdict::Flaky { message, .. } = &outcome.scenarios[0].verdict else {
        panic!("{:?}", outcome.scenarios[0]);
    };
    assert_eq!(message, "this is number 2");
    let report = outcome.report();
    assert_eq!(report.verdict, RunVerdict::Flaky);
    let classes: Vec<_> = report.scenarios[0]
        .attempts
        .iter()
        .map(harness_bdd::report::AttemptReport::class)
        .collect();
    assert_eq!(
        classes,
        [
            ScenarioClass::Failed,
            ScenarioClass::Failed,
            ScenarioClass::Passed
        ]
    );
}

#[tokio::test]
async fn a_scenario_that_never_passes_has_failed_however_often_it_was_tried() {
    let outcome = suite(&late(9)).with_retries(2).run().await.unwrap();
    assert_eq!(outcome.verdict(), Verdict::Failed);
    assert_eq!(outcome.scenarios[0].attempts, 3);
}

#[tokio::test]
async fn the_tag_of_a_scenario_says_how_often_it_is_tried() {
    let tagged = format!("  @retry(1)\n{}", late(9));
    let outcome = suite(&tagged).with_retries(4).run().await.unwrap();
    assert_eq!(outcome.scenarios[0].attempts, 2);
}

#[tokio::test]
async fn an_undefined_line_is_not_tried_again() {
    let scenario = "  Scenario: s\n    Given who knows\n";
    let outcome = suite(scenario).with_retries(3).run().await.unwrap();
    assert_eq!(outcome.verdict(), Verdict::Undefined);
    assert_eq!(outcome.scenarios[0].attempts, 1);
}

#[tokio::test]
async fn the_scenario_after_a_broken_tear_down_is_told() {
    let broken = Cell::new(true);
    let outcome = suite(&format!("{GOOD}{GOOD}{GOOD}"))
        .tear_down(move |_| {
            let broken = broken.replace(false);
            Box::pin(async move {
                match broken {
                    true => Err("subarray 1 is still SCANNING".into()),
                    false => Ok(()),
                }
            })
        })
        .run()
        .await
        .unwrap();
    let warnings: Vec<_> = outcome
        .report()
        .scenarios
        .iter()
        .map(|scenario| scenario.attempts[0].warned.as_deref())
        .collect();
    assert_eq!(
        warnings,
        [
            None,
            Some(
                "the tear-down after `good` (numbers.feature:3) failed: subarray 1 is still SCANNING"
            ),
            None
        ]
    );
    assert_eq!(outcome.verdict(), Verdict::Failed);
}

#[tokio::test]
async fn a_repeated_suite_is_run_round_by_round() {
    let two = "  Scenario: two\n    Given nothing\n";
    let outcome = suite(&format!("{GOOD}{two}"))
        .repeated(2)
        .run()
        .await
        .unwrap();
    let run: Vec<_> = outcome
        .scenarios
        .iter()
        .map(|one| (one.scenario.as_str(), one.repetition))
        .collect();
    assert_eq!(
        run,
        [
            ("good", Some(1)),
            ("two", Some(1)),
            ("good", Some(2)),
            ("two", Some(2))
        ]
    );
}

#[tokio::test]
async fn every_scenario_is_in_exactly_one_shard() {
    let many: String = (0..10)
        .map(|number| format!("  Scenario: {number}\n    Given nothing\n"))
        .collect();
    let mut run = Vec::new();
    for number in 1..=3 {
        let shard = Shard::new(number, 3).unwrap();
        let outcome = suite(&many).with_shard(shard).run().await.unwrap();
        assert!((3..=4).contains(&outcome.scenarios.len()));
        assert_eq!(outcome.report().shards, [format!("{number}/3")]);
        run.extend(outcome.scenarios.into_iter().map(|one| one.line));
    }
    run.sort_unstable();
    let all: Vec<usize> = (0..10).map(|number| 3 + 2 * number).collect();
    assert_eq!(run, all);
}

#[tokio::test]
async fn the_report_tells_every_step_with_its_time_and_its_place() {
    let journal = Journal::new();
    journal.note("before the run");
    let outcome = suite(&format!("  @XTP-1\n{}", late(9)))
        .with_journal(journal)
        .run()
        .await
        .unwrap();
    let scenario = &outcome.report().scenarios[0];
    assert_eq!(
        (scenario.tags.as_slice(), scenario.feature_tags.as_slice()),
        (&["@XTP-1".to_owned()][..], &["@all".to_owned()][..])
    );
    let attempt = &scenario.attempts[0];
    let verdicts: Vec<_> = attempt.steps.iter().map(|step| step.verdict).collect();
    assert_eq!(
        verdicts,
        [StepClass::Passed, StepClass::Failed, StepClass::Skipped]
    );
    let failed = &attempt.steps[1];
    assert_eq!((failed.keyword.as_str(), failed.line), ("Then", 6));
    assert_eq!(failed.message.as_deref(), Some("this is number 1"));
    assert!(
        failed
            .defined_at
            .as_ref()
            .unwrap()
            .contains("tests/attempts.rs:")
    );
    assert!(attempt.steps[0].at_seconds.unwrap() >= attempt.at_seconds);
    assert!(attempt.steps[2].at_seconds.is_none());
    assert!(attempt.tear_down_at_seconds.unwrap() >= failed.at_seconds.unwrap());
    assert_eq!(attempt.journal, Some((1, 1)));
}

#[tokio::test]
async fn a_panic_is_a_failure_of_its_step_with_its_words() {
    let scenario = format!("  Scenario: s\n    When it panics\n{GOOD}");
    let outcome = suite(&scenario).run().await.unwrap();
    assert!(matches!(
        &outcome.scenarios[0].verdict,
        ScenarioVerdict::Failed { message, .. } if message == "a bare panic"
    ));
    assert!(outcome.scenarios[1].has_passed());
}

#[tokio::test(start_paused = true)]
async fn a_step_that_knows_no_limits_ends_at_the_deadline_and_at_a_stop() {
    let scenario = format!("  Scenario: s\n    When I wait for ever\n{GOOD}");
    let outcome = suite(&scenario)
        .with_step_deadline(Duration::from_secs(9))
        .run()
        .await
        .unwrap();
    assert!(outcome.scenarios[0].has_failed());
    let stop = Stop::new();
    let run = suite(&scenario).with_stop(stop.clone()).run();
    let (outcome, ()) = tokio::join!(run, async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stop.request();
    });
    let outcome = outcome.unwrap();
    assert_eq!(outcome.verdict(), Verdict::Stopped);
    // What was not begun is told too.
    assert!(outcome.report().scenarios[1].attempts.is_empty());
}

#[tokio::test]
async fn a_plan_tells_what_no_step_and_what_several_steps_match_and_runs_nothing() {
    let scenarios =
        format!("  @slow\n{GOOD}    And who knows\n    Then this is number 1 or later\n");
    let made = Rc::new(Cell::new(0));
    let count = made.clone();
    let text = format!("Feature: f\n{scenarios}");
    let book = book().then("this is number 1 or {word}", |_, _| step(async { Ok(()) }));
    let plan = Suite::new(book)
        .with_feature(feature::parse("f.feature", &text).unwrap())
        .set_up(move |_| {
            count.set(count.get() + 1);
            Box::pin(async { Ok(()) })
        })
        .plan()
        .unwrap();
    assert_eq!(plan.scenarios[0].tags, ["@slow"]);
    assert_eq!(plan.undefined[0].text, "who knows");
    assert_eq!(plan.ambiguous[0].line, 6);
    assert_eq!(plan.ambiguous[0].matches.len(), 2);
    assert!(!plan.is_sound());
    assert_eq!(made.get(), 0);
}

#[tokio::test]
async fn reporters_are_told_of_each_attempt_and_of_its_number() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let record = told.clone();
    let _ = suite(&format!("{}{GOOD}", late(2)))
        .with_retries(1)
        .with_reporter(move |notice: Notice<'_>| {
            record.borrow_mut().push(match notice {
                Notice::ScenarioStarted {
                    number, attempt, ..
                } => format!("{number}.{attempt}"),
                Notice::TryingAgain(one) => format!("again: {}", one.scenario),
                Notice::ScenarioEnded(one) => format!("ended: {}", one.scenario),
                _ => return,
            });
        })
        .run()
        .await
        .unwrap();
    assert_eq!(
        *told.borrow(),
        [
            "1.1",
            "again: late",
            "1.2",
            "ended: late",
            "2.1",
            "ended: good"
        ]
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_path_that_is_no_text_can_be_reported() {
    use std::os::unix::ffi::OsStringExt as _;
    let path = std::ffi::OsString::from_vec(b"f\xff.feature".to_vec());
    let text = format!("Feature: f\n{GOOD}");
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let outcome = Suite::new(book())
        .with_feature(feature::parse(path, &text).unwrap())
        .with_reports(ReportFiles::new().with_report(&report))
        .run()
        .await
        .unwrap();
    assert_eq!(outcome.verdict(), Verdict::Passed);
    let text = std::fs::read_to_string(report).unwrap();
    assert!(text.contains("\"f\u{fffd}.feature\""), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_between_two_attempts_ends_the_scenario_with_its_failure() {
    let stop = Stop::new();
    let ended = Rc::new(Cell::new(0));
    let (count, asked) = (ended.clone(), stop.clone());
    let scenario = late(5).replace("  Scenario", "  @retry.after(1h)\n  Scenario");
    let outcome = suite(&scenario)
        .with_stop(stop)
        .with_reporter(move |notice: Notice<'_>| match notice {
            Notice::TryingAgain(_) => asked.request(),
            Notice::ScenarioEnded(_) => count.set(count.get() + 1),
            _ => {}
        })
        .run()
        .await
        .unwrap();
    assert!(outcome.scenarios[0].has_failed());
    assert_eq!(outcome.scenarios[0].attempts, 1);
    assert_eq!(outcome.verdict(), Verdict::Stopped);
    assert_eq!(ended.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_set_up_that_never_ends_is_ended_and_the_others_go_on() {
    let worlds = Rc::new(Cell::new(0));
    let outcome = suite(&format!("{GOOD}{}", GOOD.replace("good", "next")))
        .set_up(move |_| {
            worlds.set(worlds.get() + 1);
            let hangs = worlds.get() == 1;
            Box::pin(async move {
                match hangs {
                    true => std::future::pending().await,
                    false => Ok(()),
                }
            })
        })
        .with_step_deadline(Duration::from_secs(5))
        .run()
        .await
        .unwrap();
    let ScenarioVerdict::Failed { step, message, .. } = &outcome.scenarios[0].verdict else {
        panic!("{:?}", outcome.scenarios[0]);
    };
    assert_eq!(step, "set-up");
    assert!(
        message.starts_with("the set-up did not end within 10 s"),
        "{message}"
    );
    assert!(outcome.scenarios[1].has_passed());
}
