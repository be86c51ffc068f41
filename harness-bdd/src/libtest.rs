//! Scenarios as tests of `cargo test` and `cargo nextest run`.
//!
//! A test target with `harness = false` whose `main` is [`Scenarios::run`] has a test for each scenario
//! (each row of an outline), named `FILE::SCENARIO::line_N`. So scenarios are listed, chosen and timed
//! as all tests are, by whatever knows tests.
//!
//! Each test makes its own suite, with its own telescope: with nextest each has a process of its own.
//! Where the telescope is a shared one, one test must run at a time: that is so with `cargo test` unless
//! `--test-threads` says otherwise; nextest needs a test group with `max-threads = 1`.
//!
//! ```no_run
//! use harness_bdd::{HarnessWorld, StepBook, books::telescope_steps, libtest::Scenarios, suite::Suite};
//! # fn suite() -> Suite<HarnessWorld> {
//! #     Suite::new(StepBook::new().merge(telescope_steps)).with_features("features")
//! # }
//!
//! fn main() -> std::process::ExitCode {
//!     Scenarios::new(suite).run()
//! }
//! ```

use std::{cell::RefCell, fmt, io, path::Path, process::ExitCode, rc::Rc, sync::Arc};

use cucumber::World;
use futures_util::future::LocalBoxFuture;
use libtest_mimic::{Arguments, Failed, Trial};

use crate::{
    BoxError, ErrorChain,
    report::TextReporter,
    suite::{Outcome, PlannedScenario, Suite, SuiteError, Verdict},
};

/// The tag of scenarios that are run only when ignored tests are asked for.
const IGNORE: &str = "@ignore";

type Make<W> = Arc<dyn Fn() -> Suite<W> + Send + Sync>;
type Prepare<W> =
    Arc<dyn Fn(Suite<W>) -> LocalBoxFuture<'static, Result<Suite<W>, BoxError>> + Send + Sync>;

/// The scenarios of a suite as tests.
pub struct Scenarios<W> {
    make: Make<W>,
    prepare: Prepare<W>,
}

impl<W: World> Scenarios<W> {
    /// The scenarios of the suite that `make` makes: once to list them, and anew for each test.
    pub fn new(make: impl Fn() -> Suite<W> + Send + Sync + 'static) -> Self {
        Self {
            make: Arc::new(make),
            prepare: Arc::new(|suite| Box::pin(async { Ok(suite) })),
        }
    }

    /// Does something with the suite before each test, but not for a list of them: connects the
    /// telescope, for example. What fails here fails the test.
    #[must_use]
    pub fn prepared<F>(mut self, prepare: F) -> Self
    where
        F: Fn(Suite<W>) -> LocalBoxFuture<'static, Result<Suite<W>, BoxError>>
            + Send
            + Sync
            + 'static,
    {
        self.prepare = Arc::new(prepare);
        self
    }

    /// Does what the arguments of the process say, which are those of any test: filters, `--list`,
    /// `--exact`, `--ignored`. A suite whose files can't be read has no tests and fails.
    #[must_use = "the code to end with; return it from `main`"]
    pub fn run(&self) -> ExitCode {
        let mut arguments = Arguments::from_args();
        // One telescope. In the same process, tests at the same time would share it.
        arguments.test_threads = arguments.test_threads.or(Some(1));
        match self.trials() {
            Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
            Err(error) => {
                let _ = io::Write::write_fmt(
                    &mut io::stderr(),
                    format_args!("error: {}\n", ErrorChain(&error)),
                );
                ExitCode::FAILURE
            }
        }
    }

    /// A trial for each scenario, to be run together with trials of other kinds. A scenario with the
    /// tag `@ignore` is an ignored one. A feature file that can't be read is one that fails, if the
    /// suite [keeps going](Suite::keep_going).
    ///
    /// # Errors
    /// As [`Suite::plan`].
    pub fn trials(&self) -> Result<Vec<Trial>, SuiteError> {
        let plan = (self.make)().repeated(1).plan()?;
        let trials = plan.scenarios.into_iter().map(|scenario| {
            let (make, prepare) = (Arc::clone(&self.make), Arc::clone(&self.prepare));
            let ignored = scenario.tags.iter().any(|tag| tag == IGNORE);
            let test = name(&scenario);
            Trial::test(test, move || run_one(&make, &prepare, &scenario))
                .with_ignored_flag(ignored)
        });
        let refused = plan.refused.into_iter().map(|refused| {
            let file = refused.split_once(':').map_or(&*refused, |(file, _)| file);
            Trial::test(format!("{file}::unreadable"), move || {
                Err(Failed::from(refused))
            })
        });
        Ok(trials.chain(refused).collect())
    }
}

fn run_one<W: World>(
    make: &Make<W>,
    prepare: &Prepare<W>,
    scenario: &PlannedScenario,
) -> Result<(), Failed> {
    let failed =
        |error: &(dyn std::error::Error + 'static)| Failed::from(ErrorChain(error).to_string());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    runtime.block_on(async {
        let suite = prepare(make())
            .await
            .map_err(|error| failed(error.as_ref()))?;
        let text = Text::default();
        let outcome = suite
            .repeated(1)
            .only(&scenario.file, scenario.line, &scenario.scenario)
            .with_reporter(TextReporter::new(text.clone()))
            .run()
            .await
            .map_err(|error| failed(&error))?;
        match wrong(&outcome) {
            None => Ok(()),
            Some(reason) => Err(Failed::from(format!("{reason}\n{}", text.written()))),
        }
    })
}

/// Why the test did not pass, if it did not. Tests are not flaky: trying again is for the runner of the
/// tests, which then calls it so.
fn wrong(outcome: &Outcome) -> Option<String> {
    let ran = outcome.scenarios.len();
    if ran != 1 {
        return Some(format!("{ran} scenarios ran, and not the one of this test"));
    }
    // Files that can't be read are tests of their own.
    match Verdict::of(&outcome.report().scenarios, outcome.stopped) {
        Verdict::Passed => None,
        verdict => Some(verdict.to_string()),
    }
}

/// `features/low/abort::Abort_while_scanning::line_12`: what a shell and a filter take as one word.
fn name(scenario: &PlannedScenario) -> String {
    let here = std::env::current_dir().ok();
    let file = here
        .and_then(|here| scenario.file.strip_prefix(here).ok())
        .unwrap_or(&scenario.file);
    let file = file.with_extension("");
    let words = |text: &str| {
        let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join("_")
    };
    let folders: Vec<String> = Path::new(&file)
        .iter()
        .map(|part| words(&part.to_string_lossy()))
        .filter(|part| !part.is_empty())
        .collect();
    let (file, line) = (folders.join("/"), scenario.line);
    format!("{file}::{}::line_{line}", words(&scenario.scenario))
}

/// What was written of a run.
#[derive(Clone, Default)]
struct Text(Rc<RefCell<Vec<u8>>>);

impl Text {
    fn written(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }
}

impl io::Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W> fmt::Debug for Scenarios<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scenarios").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{StepBook, feature, step};

    #[derive(Debug, Default, cucumber::World)]
    struct Blank;

    const TEXT: &str = "\
Feature: Weather
  Scenario: Rain, and hail
    Given it rains

  @ignore
  Scenario Outline: Sun
    Given it <does>

    Examples:
      | does    |
      | snows   |
      | thunders |
";

    fn scenarios() -> Scenarios<Blank> {
        Scenarios::new(|| {
            let book = StepBook::new()
                .given("it rains", |_, _| step(async { Ok(()) }))
                .given("it snows", |_, _| step(async { Err("too warm".into()) }));
            let feature = feature::parse("features/low/weather.feature", TEXT).unwrap();
            Suite::new(book).with_feature(feature)
        })
    }

    fn conclusion(arguments: &[&str]) -> libtest_mimic::Conclusion {
        conclusion_of(&scenarios(), arguments)
    }

    fn conclusion_of(
        scenarios: &Scenarios<Blank>,
        arguments: &[&str],
    ) -> libtest_mimic::Conclusion {
        let mut arguments = Arguments::from_iter(["test"].iter().chain(arguments));
        // What it says of tests that are to fail would stand among what is said of this one.
        let log = tempfile::NamedTempFile::new().unwrap();
        arguments.logfile = Some(log.path().display().to_string());
        libtest_mimic::run(&arguments, scenarios.trials().unwrap())
    }

    #[test]
    fn every_row_is_a_test_with_a_name_of_one_word() {
        let trials = scenarios().trials().unwrap();
        let names: Vec<_> = trials.iter().map(Trial::name).collect();
        assert_eq!(
            names,
            [
                "features/low/weather::Rain_and_hail::line_2",
                "features/low/weather::Sun::line_11",
                "features/low/weather::Sun::line_12",
            ]
        );
        let ignored: Vec<_> = trials.iter().map(Trial::has_ignored_flag).collect();
        assert_eq!(ignored, [false, true, true]);
    }

    #[test]
    fn ignored_tests_are_run_when_they_are_asked_for() {
        let all = conclusion(&[]);
        assert_eq!((all.num_passed, all.num_failed, all.num_ignored), (1, 0, 2));
        let ignored = conclusion(&["--ignored"]);
        assert_eq!((ignored.num_passed, ignored.num_failed), (0, 2));
    }

    #[test]
    fn one_test_is_chosen_by_its_whole_name() {
        let one = conclusion(&["--exact", "features/low/weather::Rain_and_hail::line_2"]);
        assert_eq!((one.num_passed, one.num_filtered_out), (1, 2));
    }

    #[test]
    fn the_tests_of_a_shard_are_the_scenarios_of_the_shard() {
        let of = |shard: &'static str| {
            let make = Arc::clone(&scenarios().make);
            let part = Scenarios::new(move || make().with_shard(shard.parse().unwrap()));
            let all = conclusion_of(&part, &["--include-ignored"]);
            (all.num_passed, all.num_failed)
        };
        let both = [of("1/2"), of("2/2")];
        let (passed, failed) = (both[0].0 + both[1].0, both[0].1 + both[1].1);
        // The others fail for reasons of their own: see above.
        assert_eq!((passed, failed), (1, 2));
    }

    #[test]
    fn scenarios_that_share_their_examples_are_tests_of_their_own() {
        let text = "Feature: f\n  Examples:\n    | x |\n    | 1 |\n  Scenario: a\n    Given <x>\n  \
                    Scenario: b\n    Given <x>\n";
        let all = Scenarios::new(move || {
            let book = StepBook::<Blank>::new().given("1", |_, _| step(async { Ok(()) }));
            Suite::new(book).with_feature(feature::parse("f.feature", text).unwrap())
        });
        let all = conclusion_of(&all, &[]);
        assert_eq!((all.num_passed, all.num_failed), (2, 0));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_a_test_that_fails() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("broken.feature"), b"Feature: \xff\n").unwrap();
        let (make, path) = (Arc::clone(&scenarios().make), folder.path().to_owned());
        let all = Scenarios::new(move || make().with_features(&path).keep_going(true));
        let all = conclusion_of(&all, &[]);
        assert_eq!((all.num_passed, all.num_failed), (1, 1));
    }

    #[test]
    fn what_cannot_be_prepared_fails_the_test() {
        let scenarios = scenarios().prepared(|_| Box::pin(async { Err("no telescope".into()) }));
        let all = conclusion_of(&scenarios, &[]);
        assert_eq!((all.num_passed, all.num_failed), (0, 1));
    }
}
