//! What a run tells of such files.

use std::{cell::RefCell, fs, rc::Rc};

use harness_bdd::{
    StepBook,
    cucumber::World,
    feature,
    report::Notice,
    step,
    suite::{ScenarioVerdict, Suite, Verdict},
};

#[derive(Debug, Default, World)]
struct Weather;

#[tokio::test]
async fn a_run_tells_each_warning_once_and_runs_what_can_be_run() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Scenario: empty\nScenario: wet\n  and it rains\n";
    fs::write(folder.path().join("rain.feature"), text).unwrap();
    let book = StepBook::<Weather>::new().given("it rains", |_, _| step(async { Ok(()) }));
    let told = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&told);
    let outcome = Suite::new(book)
        .with_features(folder.path())
        .with_reporter(move |notice: Notice<'_>| {
            if let Notice::Warning(warning) = notice {
                noted.borrow_mut().push(warning.to_owned());
            }
        })
        .run()
        .await
        .unwrap();
    assert_eq!(*told.borrow(), outcome.warnings);
    let loaded = feature::load([folder.path()]).unwrap().warnings;
    let names: Vec<_> = loaded
        .iter()
        .map(|warning| warning.departure.name())
        .collect();
    let texts: Vec<_> = loaded.iter().map(ToString::to_string).collect();
    assert_eq!(outcome.warnings, texts);
    assert_eq!(
        names,
        [
            "no-feature-line",
            "no-steps",
            "keyword-spelling",
            "first-step"
        ]
    );
    assert_eq!(outcome.verdict(), Verdict::Undefined);
    let empty = &outcome.scenarios[0].verdict;
    assert!(
        matches!(empty, ScenarioVerdict::Undefined { line: 1, .. }),
        "{empty:?}"
    );
    assert_eq!(outcome.scenarios[1].verdict, ScenarioVerdict::Passed);
}
