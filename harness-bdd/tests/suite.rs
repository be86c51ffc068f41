//! The suite through its public interface: what passes, what fails, and what is told.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{cell::RefCell, fs, rc::Rc, time::Duration};

use harness_bdd::{
    BoxError, Context, StepBook, Stop, argument, feature,
    feature::Selection,
    report::{Notice, TextReporter},
    step,
    suite::{Outcome, ScenarioVerdict, Suite, SuiteError, Verdict},
};

#[derive(Debug, Default, cucumber::World)]
struct Counter {
    value: i64,
}

async fn add(world: &mut Counter, context: Context) -> Result<(), BoxError> {
    world.value += argument::<i64>(&context, 0)?;
    Ok(())
}

async fn compare(world: &mut Counter, context: Context) -> Result<(), BoxError> {
    let expected: i64 = argument(&context, 0)?;
    if world.value == expected {
        Ok(())
    } else {
        Err(format!("the counter is {}, not {expected}", world.value).into())
    }
}

fn book() -> StepBook<Counter> {
    StepBook::new()
        .when("I add {int}", |world, context| step(add(world, context)))
        .then("the counter is {int}", |world, context| {
            step(compare(world, context))
        })
        .when("I wait for ever", |_, _| step(std::future::pending()))
}

fn suite(scenarios: &str) -> Suite<Counter> {
    let text = format!("Feature: Counting\n{scenarios}");
    Suite::new(book()).with_feature(feature::parse("counting.feature", &text).unwrap())
}

const GOOD: &str = "  Scenario: good\n    When I add 1\n    Then the counter is 1\n";
const BAD: &str = "  Scenario: bad\n    When I add 1\n    Then the counter is 2\n";
const UNKNOWN: &str = "  Scenario: unknown\n    When I add 1\n    Then the counters is 1\n";

fn verdicts(outcome: &Outcome) -> Vec<(&str, bool)> {
    let passed = |one: &harness_bdd::suite::ScenarioOutcome| one.has_passed();
    outcome
        .scenarios
        .iter()
        .map(|one| (one.scenario.as_str(), passed(one)))
        .collect()
}

#[tokio::test]
async fn a_run_whose_scenarios_pass_passes() {
    let outcome = suite(GOOD).run().await.unwrap();
    assert_eq!(outcome.verdict(), Verdict::Passed);
    assert_eq!(verdicts(&outcome), [("good", true)]);
}

#[tokio::test]
async fn a_failure_is_told_with_its_line_and_its_account() {
    let outcome = suite(&format!("{BAD}{GOOD}")).run().await.unwrap();
    assert_eq!(outcome.verdict(), Verdict::Failed);
    assert_eq!(verdicts(&outcome), [("bad", false), ("good", true)]);
    let ScenarioVerdict::Failed {
        step,
        line,
        message,
    } = &outcome.scenarios[0].verdict
    else {
        panic!("{:?}", outcome.scenarios[0]);
    };
    assert_eq!(step, "Then the counter is 2");
    assert_eq!(*line, 4);
    assert_eq!(message, "the counter is 1, not 2");
}

#[tokio::test]
async fn fail_fast_ends_after_the_first_failure() {
    let outcome = suite(&format!("{BAD}{GOOD}"))
        .fail_fast(true)
        .run()
        .await
        .unwrap();
    assert_eq!(verdicts(&outcome), [("bad", false)]);
}

#[tokio::test]
async fn an_undefined_line_is_a_class_of_its_own_and_the_nearest_step_is_named() {
    let outcome = suite(&format!("{UNKNOWN}{GOOD}")).run().await.unwrap();
    assert_eq!(outcome.verdict(), Verdict::Undefined);
    assert!(matches!(
        outcome.scenarios[0].verdict,
        ScenarioVerdict::Undefined { line: 4, .. }
    ));
    assert_eq!(outcome.undefined.len(), 1);
    assert_eq!(outcome.undefined[0].text, "the counters is 1");
    assert_eq!(
        outcome.undefined[0].nearest.as_deref(),
        Some("Then the counter is {int}")
    );
}

#[tokio::test]
async fn no_tag_lets_an_undefined_line_pass() {
    let scenario = format!("  @allow.skipped\n{UNKNOWN}");
    assert_eq!(
        suite(&scenario).run().await.unwrap().verdict(),
        Verdict::Undefined
    );
}

#[tokio::test]
async fn a_run_without_scenarios_does_not_pass() {
    let none = Selection::new().named("no such name").unwrap();
    let outcome = suite(GOOD).with_selection(none).run().await.unwrap();
    assert_eq!(outcome.verdict(), Verdict::NothingRan);
    let elsewhere = Selection::new().not_applicable("simulated", "a real telescope");
    let scenario = format!("  @simulated\n{GOOD}");
    let outcome = suite(&scenario)
        .with_selection(elsewhere)
        .run()
        .await
        .unwrap();
    assert_eq!(outcome.verdict(), Verdict::NothingRan);
    assert_eq!(outcome.not_applicable.len(), 1);
}

#[tokio::test]
async fn a_failing_tear_down_is_apart_from_the_scenario_and_fails_the_run() {
    let outcome = suite(GOOD)
        .tear_down(|_| Box::pin(async { Err("the counter is still 1".into()) }))
        .run()
        .await
        .unwrap();
    assert!(outcome.scenarios[0].has_passed());
    assert_eq!(
        outcome.scenarios[0].tear_down.as_deref(),
        Some("the counter is still 1")
    );
    assert_eq!(outcome.verdict(), Verdict::Failed);
}

#[tokio::test]
async fn the_tear_down_sees_the_world_of_a_scenario_that_failed() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let record = seen.clone();
    let outcome = suite(BAD)
        .set_up(|world| {
            world.value = 40;
            Box::pin(async { Ok(()) })
        })
        .tear_down(move |world| {
            record.borrow_mut().push(world.value);
            Box::pin(async { Ok(()) })
        })
        .run()
        .await
        .unwrap();
    assert_eq!(outcome.verdict(), Verdict::Failed);
    assert_eq!(*seen.borrow(), [41]);
}

#[tokio::test]
async fn a_failing_set_up_fails_the_scenario_before_its_first_step() {
    let outcome = suite(GOOD)
        .set_up(|_| Box::pin(async { Err("no telescope".into()) }))
        .run()
        .await
        .unwrap();
    let ScenarioVerdict::Failed { step, message, .. } = &outcome.scenarios[0].verdict else {
        panic!("{:?}", outcome.scenarios[0]);
    };
    assert_eq!(
        (step.as_str(), message.as_str()),
        ("set-up", "no telescope")
    );
}

#[tokio::test]
async fn a_book_with_the_same_text_twice_is_not_run() {
    let book = book().when("I add {int}", |world, context| step(add(world, context)));
    let error = Suite::new(book).run().await.unwrap_err();
    assert!(matches!(error, SuiteError::Book(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_never_ends_fails_at_its_deadline() {
    let outcome = suite("  Scenario: patience\n    When I wait for ever\n")
        .with_step_deadline(Duration::from_secs(9))
        .run()
        .await
        .unwrap();
    let ScenarioVerdict::Failed { message, .. } = &outcome.scenarios[0].verdict else {
        panic!("{:?}", outcome.scenarios[0]);
    };
    assert!(message.contains("9 s"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_running_step_tears_down_and_begins_nothing_more() {
    let stop = Stop::new();
    let torn_down = Rc::new(RefCell::new(0));
    let record = torn_down.clone();
    let scenarios = format!("  Scenario: patience\n    When I wait for ever\n{GOOD}");
    let run = suite(&scenarios)
        .with_stop(stop.clone())
        .tear_down(move |world| {
            // The second scenario's World was never set up by a step, but it is offered too.
            *record.borrow_mut() += 1 + world.value;
            Box::pin(async { Ok(()) })
        })
        .run();
    let (outcome, ()) = tokio::join!(run, async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stop.request();
    });
    let outcome = outcome.unwrap();
    assert_eq!(outcome.verdict(), Verdict::Stopped);
    assert!(
        outcome
            .scenarios
            .iter()
            .all(|one| one.verdict == ScenarioVerdict::Stopped)
    );
    assert!(*torn_down.borrow() >= 1);
}

#[tokio::test]
async fn a_repeated_scenario_counts_once_as_it_ended() {
    let scenario = format!("  @retry(2)\n{BAD}");
    let outcome = suite(&scenario).run().await.unwrap();
    assert_eq!(outcome.scenarios.len(), 1);
    assert_eq!(outcome.scenarios[0].attempts, 3);
    assert!(outcome.scenarios[0].has_failed());
}

#[tokio::test]
async fn reports_are_written_where_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (junit, json) = (
        folder.path().join("new/junit.xml"),
        folder.path().join("run.json"),
    );
    let outcome = suite(&format!("  @XTP-1\n{GOOD}{BAD}"))
        .with_junit(&junit)
        .with_json(&json)
        .run()
        .await
        .unwrap();
    assert_eq!(outcome.verdict(), Verdict::Failed);
    let junit = fs::read_to_string(junit).unwrap();
    assert!(junit.contains("the counter is 1, not 2"), "{junit}");
    let json: serde_json::Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    let elements = json[0]["elements"].as_array().unwrap();
    assert_eq!(elements.len(), 2);
    assert_eq!(elements[0]["tags"][0]["name"], "@XTP-1");
}

#[tokio::test]
async fn a_report_that_cannot_be_written_is_told_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let begun = Rc::new(RefCell::new(false));
    let record = begun.clone();
    let error = suite(GOOD)
        .with_junit(folder.path())
        .with_reporter(move |_: Notice<'_>| *record.borrow_mut() = true)
        .run()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("JUnit"), "{error}");
    assert!(!*begun.borrow());
}

#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_text_of_a_run_reads_well() {
    let output = Shared::default();
    let _ = suite(&format!("{GOOD}{BAD}{UNKNOWN}"))
        .with_reporter(TextReporter::new(output.clone()))
        .run()
        .await
        .unwrap();
    let text = String::from_utf8(output.0.borrow().clone()).unwrap();
    let expected = "\
Counting   # counting.feature
  passed    good (0.0 s)
  FAILED    bad (0.0 s)
    Then the counter is 2   # counting.feature:7
      the counter is 1, not 2
  UNDEFINED unknown (0.0 s)
    Then the counters is 1   # counting.feature:10
      no step of the book matches this line

lines that no step matches:
  Then the counters is 1   # counting.feature:10
      did you mean: Then the counter is {int}
failed:
  bad   # counting.feature:5
3 scenarios: 1 passed, 1 failed, 1 undefined; 0.0 s
";
    assert_eq!(text, expected);
}
