//! `harness run`: runs feature files.

use std::path::PathBuf;

use harness_bdd::{
    HarnessWorld, StepBook,
    books::telescope_steps,
    feature::{FeatureError, Selection},
    report::JournalReporter,
    suite::{Outcome, Suite, SuiteError, Verdict},
};
use harness_core::Journal;

use crate::{
    arguments::RunArguments,
    exit::Exit,
    interrupt::stop_on_interrupt,
    output,
    problem::Problem,
    system::{System, preset, read_config},
    terminal::{StatusLine, TerminalReporter},
};

/// Where features are if the command line doesn't say.
pub(crate) const FEATURES: &str = "features";

/// The tag of scenarios that only the simulator can satisfy.
const SIMULATED: &str = "simulated";

/// The tag of scenarios that need the subsystems of a whole simulated telescope.
const SUBSYSTEMS: &str = "subsystems";

/// What is said at the first Ctrl-C.
const STOPPING: &str = "stopping, and putting the telescope back; Ctrl-C again ends at once";

/// Runs the features and says how it went.
pub(crate) async fn run(arguments: RunArguments) -> Result<Exit, Problem> {
    let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
    if arguments.list_steps {
        output::say(book.catalogue().to_string().trim_end());
        return Ok(Exit::Passed);
    }
    let selection = selection(&arguments)?;
    let config = arguments
        .telescope
        .as_deref()
        .map(read_config)
        .transpose()?;
    let simulated = preset(arguments.preset.as_deref())?;
    let journal = journal(&arguments)?;
    let line = StatusLine::new();
    let stop = stop_on_interrupt(STOPPING);
    let system = tokio::select! {
        system = System::connect(config, simulated, journal.clone(), &line) => system?,
        () = stop.requested() => return Ok(Exit::Interrupted),
    };
    let suite = match system.simulated() {
        Some(telescope) => suite(book, &arguments).on_simulated(telescope),
        None => suite(book, &arguments),
    };
    let outcome = suite
        .with_selection(applicable(selection, &arguments))
        .on_telescope(system.telescope.clone())
        .with_reporter(TerminalReporter::new(line.clone()))
        .with_reporter(JournalReporter::new(journal.clone()))
        .with_stop(stop)
        .run()
        .await;
    line.end();
    system.end().await;
    let written = journal.flush().await;
    let outcome = outcome.map_err(|error| unusable(error, &arguments))?;
    written.map_err(|error| Problem::new(Exit::Failed, error))?;
    advise(&outcome);
    Ok(outcome.verdict().into())
}

fn suite(book: StepBook<HarnessWorld>, arguments: &RunArguments) -> Suite<HarnessWorld> {
    let suite = features(arguments)
        .into_iter()
        .fold(Suite::new(book), Suite::with_features);
    let suite = suite.fail_fast(arguments.fail_fast);
    let suite = match &arguments.junit {
        Some(path) => suite.with_junit(path),
        None => suite,
    };
    match &arguments.json {
        Some(path) => suite.with_json(path),
        None => suite,
    }
}

fn features(arguments: &RunArguments) -> Vec<PathBuf> {
    match arguments.features.is_empty() {
        true => vec![FEATURES.into()],
        false => arguments.features.clone(),
    }
}

fn selection(arguments: &RunArguments) -> Result<Selection, Problem> {
    let mut selection = Selection::new();
    if let Some(tags) = &arguments.tags {
        selection = selection.tagged(tags).map_err(Problem::usage)?;
    }
    if let Some(name) = &arguments.name {
        selection = selection.named(name).map_err(Problem::usage)?;
    }
    Ok(selection)
}

/// Leaves out what the telescope cannot do.
fn applicable(selection: Selection, arguments: &RunArguments) -> Selection {
    if arguments.telescope.is_some() {
        selection.not_applicable(SIMULATED, "only the simulated telescope can do it")
    } else if arguments.preset.is_none() {
        selection.not_applicable(SUBSYSTEMS, "only a whole telescope can do it: --preset low")
    } else {
        selection
    }
}

/// The record of the run, written to a file if asked.
fn journal(arguments: &RunArguments) -> Result<Journal, Problem> {
    let journal = Journal::new();
    if let Some(path) = &arguments.journal {
        journal.write_to_file(path).map_err(Problem::usage)?;
    }
    Ok(journal)
}

fn unusable(error: SuiteError, arguments: &RunArguments) -> Problem {
    let SuiteError::Features(errors) = &error else {
        return Problem::usage(error);
    };
    let absent = errors
        .iter()
        .any(|error| matches!(error, FeatureError::Unreadable { .. }));
    let advice = if absent && arguments.features.is_empty() {
        "say which features to run: harness run PATH..; without a path it is ./features"
    } else {
        "nothing was run; correct the paths or the files"
    };
    Problem::usage(error).advise(advice)
}

/// What to do about a run that tested too little.
fn advise(outcome: &Outcome) {
    match outcome.verdict() {
        Verdict::NothingRan if outcome.not_applicable.is_empty() => {
            output::complain("next: no scenario was chosen; check the paths, --tags and --name")
        }
        Verdict::Undefined => {
            output::complain("next: `harness run --list-steps` lists the steps there are");
        }
        _ => {}
    }
}
