//! A team's own steps beside those of the harness: what is refused, what is told, which one counts.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{cell::RefCell, rc::Rc};

use cucumber::{World, given, then};
use harness_bdd::{
    BoxError, Context, HasTelescope, Keyword, StepBook, StepBookError, StepFinder,
    TelescopeSession,
    books::telescope_steps,
    feature,
    phrase::Phrase,
    report::Notice,
    step,
    suite::{Suite, SuiteError, Verdict},
};

#[derive(Debug, Default, World)]
struct Observatory {
    session: TelescopeSession,
    done: Vec<&'static str>,
}

impl HasTelescope for Observatory {
    fn session(&mut self) -> &mut TelescopeSession {
        &mut self.session
    }
}

#[given(expr = "the dome is {word}")]
fn dome(world: &mut Observatory, _state: String) {
    world.done.push("dome");
}

#[then(regex = r"^(\d+) things were done$")]
fn things(world: &mut Observatory, number: usize) {
    assert_eq!(world.done.len(), number, "{:?}", world.done);
}

async fn note(world: &mut Observatory, what: &'static str) -> Result<(), BoxError> {
    world.done.push(what);
    Ok(())
}

fn own(book: StepBook<Observatory>) -> StepBook<Observatory> {
    book.given(
        "the TMC subarray is in obsState READY",
        |world, _: Context| step(note(world, "own")),
    )
}

const POINTS: Phrase = Phrase::new("a dish points")
    .with_patterns(&["<who> points at <target:word>"])
    .with_examples(&["the dish SKA001 points at M87"]);

fn pointing(book: StepBook<Observatory>) -> StepBook<Observatory> {
    book.phrase(&[Keyword::When], POINTS, |world, _| {
        step(note(world, "points"))
    })
}

/// Another phrase that is the same line, among others.
fn looking(book: StepBook<Observatory>) -> StepBook<Observatory> {
    let looks = const {
        Phrase::new("a dish looks")
            .with_patterns(&["<who> (looks|points) at <target:word>"])
            .with_examples(&[
                "the dish SKA001 looks at M87",
                "the dish SKA001 points at M31",
            ])
    };
    book.phrase(&[Keyword::When], looks, |world, _| {
        step(note(world, "looks"))
    })
}

fn book() -> StepBook<Observatory> {
    StepBook::new().with_attributes()
}

/// What came of these steps, and what was told before.
async fn run(
    book: StepBook<Observatory>,
    steps: &str,
) -> (Result<Verdict, SuiteError>, Vec<String>) {
    let text = format!("Feature: f\n  Scenario: s\n{steps}");
    let told = Rc::new(RefCell::new(Vec::new()));
    let into = Rc::clone(&told);
    let outcome = Suite::new(book)
        .with_feature(feature::parse("own.feature", &text).unwrap())
        .with_reporter(move |notice: Notice<'_>| {
            if let Notice::Warning(warning) = notice {
                into.borrow_mut().push(warning.to_owned());
            }
        })
        .run()
        .await;
    let told = told.borrow().clone();
    (outcome.map(|outcome| outcome.verdict()), told)
}

fn refused(book: StepBook<Observatory>) -> String {
    book.into_collection().unwrap_err().to_string()
}

#[tokio::test(flavor = "current_thread")]
async fn steps_by_attributes_and_by_book_mix() {
    let book = book().merge(telescope_steps).merge(pointing);
    let steps = "    Given the dome is open\n    When the dish SKA001 points at M87\n    \
                 Then 2 things were done\n";
    let (verdict, told) = run(book, steps).await;
    assert_eq!(verdict.unwrap(), Verdict::Passed);
    assert_eq!(told, [""; 0]);
}

#[test]
fn a_book_step_with_the_text_of_an_attribute_is_refused_when_it_is_added() {
    let book = book().given("the dome is {word}", |world, _| step(note(world, "again")));
    assert!(matches!(book.errors()[0], StepBookError::Duplicate { .. }));
    let text = refused(book);
    assert_eq!(text.matches("own_steps.rs").count(), 2, "{text}");
}

#[test]
fn a_book_that_is_merged_twice_is_told_as_that() {
    for merge in [own, pointing, looking] {
        let text = refused(book().merge(merge).merge(merge));
        assert!(text.contains("both times at"), "{text}");
        assert!(text.contains("merge its book once only"), "{text}");
    }
    refused(
        StepBook::<Observatory>::new()
            .merge(telescope_steps)
            .merge(telescope_steps),
    );
}

#[test]
fn the_same_text_in_two_books_is_refused_with_both_places() {
    fn other(book: StepBook<Observatory>) -> StepBook<Observatory> {
        book.given("the TMC subarray is in obsState READY", |world, _| {
            step(note(world, "other"))
        })
    }
    let text = refused(book().family("One", own).family("Two", other));
    assert_eq!(text.matches("own_steps.rs").count(), 2, "{text}");
}

#[tokio::test(flavor = "current_thread")]
async fn a_line_of_two_expressions_is_refused_before_the_run_with_all_places() {
    let book = book().given("the {word} is open", |world, _| step(note(world, "open")));
    let (refused, _) = run(book, "    Given the dome is open\n").await;
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("own.feature:3"), "{text}");
    assert_eq!(text.matches("own_steps.rs:").count(), 2, "{text}");
}

#[tokio::test(flavor = "current_thread")]
async fn a_collection_from_elsewhere_is_looked_at_in_the_same_way() {
    let book = StepBook::over(Observatory::collection())
        .given("the {word} is open", |world, _| step(note(world, "open")));
    let (refused, _) = run(book, "    Given the dome is open\n").await;
    let text = refused.unwrap_err().to_string();
    assert_eq!(text.matches("own_steps.rs:").count(), 2, "{text}");
}

#[tokio::test(flavor = "current_thread")]
async fn an_own_step_comes_before_a_phrase_and_that_is_told_once() {
    let steps = "    Given the TMC subarray is in obsState READY\n    \
                 And the TMC subarray is in obsState READY\n    Then 2 things were done\n";
    for book in [
        book().merge(telescope_steps).merge(own),
        book().merge(own).merge(telescope_steps),
    ] {
        let (verdict, told) = run(book, steps).await;
        assert_eq!(verdict.unwrap(), Verdict::Passed);
        let [warning] = &told[..] else {
            panic!("{told:?}");
        };
        let text = warning;
        for part in [
            "own.feature:3",
            "own_steps.rs:",
            "books/observation",
            "1 further line",
        ] {
            assert!(text.contains(part), "`{part}` is not in: {text}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn within_a_family_an_expression_may_stand_before_a_phrase() {
    let both = |book: StepBook<Observatory>| {
        pointing(book).when("the dish {word} points at M31", |world, _| {
            step(note(world, "M31"))
        })
    };
    let steps = "    When the dish SKA001 points at M31\n    Then 1 things were done\n";
    let (verdict, told) = run(book().family("Pointing", both), steps).await;
    assert_eq!(verdict.unwrap(), Verdict::Passed);
    assert_eq!(told, [""; 0]);
}

#[tokio::test(flavor = "current_thread")]
async fn typing_errors_that_were_mended_are_told() {
    let (verdict, told) = run(
        book().merge(pointing),
        "    When the dish SKA001 piints at M87\n",
    )
    .await;
    assert_eq!(verdict.unwrap(), Verdict::Passed);
    assert_eq!(told.len(), 1);
    let text = &told[0];
    assert!(
        text.starts_with("own.feature:3: `the dish SKA001 piints"),
        "{text}"
    );
    assert!(text.contains("points at M87"), "{text}");
}

#[tokio::test(flavor = "current_thread")]
async fn of_two_phrases_the_first_counts_and_the_overlap_can_be_listed() {
    let steps = "    When the dish SKA001 points at M87\n    Then 1 things were done\n";
    let both = || {
        book()
            .family("Pointing", pointing)
            .family("Looking", looking)
    };
    let (verdict, _) = run(both(), steps).await;
    assert_eq!(verdict.unwrap(), Verdict::Passed);

    let finder = StepFinder::new(both(), []).unwrap();
    let reading = finder.read(Keyword::When, "the dish SKA001 points at M87");
    assert_eq!(reading.step().unwrap().expression, "a dish points");
    let overlaps = finder.overlaps();
    let [theirs, taken] = &overlaps[..] else {
        panic!("{overlaps:?}");
    };
    assert!(!theirs.is_taken() && taken.is_taken(), "{overlaps:?}");
    let text = taken.to_string();
    assert!(
        text.starts_with("When `the dish SKA001 points at M31`"),
        "{text}"
    );
    assert!(text.contains("is  a dish points"), "{text}");
}

#[test]
fn what_a_line_is_can_be_asked() {
    let finder = StepFinder::new(book().merge(telescope_steps), ["station"]).unwrap();
    let step = |line| finder.read(Keyword::Given, line).step().cloned();
    let dome = step("the dome is open").unwrap();
    assert_eq!(dome.expression, "the dome is {word}");
    assert_eq!(dome.filled, [("1".to_owned(), "open".to_owned())]);
    assert_eq!(step("it snows"), None);
}

/// Whoever looks for a step must find one that says what it does.
#[test]
fn every_example_of_the_library_is_of_its_own_phrase() {
    let finder = StepFinder::new(
        StepBook::<Observatory>::new().merge(telescope_steps),
        ["station", "tile"],
    )
    .unwrap();
    for entry in finder.catalogue().entries() {
        assert!(entry.family.is_some(), "{}", entry.expression);
        for example in &entry.examples {
            for keyword in &entry.keywords {
                let reading = finder.read(*keyword, example);
                let step = reading.step().map(|step| &step.expression);
                assert_eq!(step, Some(&entry.expression), "{keyword} {example}");
                assert_eq!(reading.mended, None, "{example}");
            }
        }
    }
}
