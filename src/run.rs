//! `harness run`: runs feature files.

use std::path::PathBuf;

use harness_bdd::{
    HarnessWorld, StepBook,
    books::telescope_steps,
    feature::{FeatureError, Selection},
    report::{JournalReporter, ReportFiles},
    suite::{Outcome, Plan, Suite, SuiteError, Verdict},
};
use harness_chaos::Network;
use harness_core::Journal;

use crate::{
    arguments::{RunArguments, StepsArguments},
    exit::Exit,
    interrupt::stop_on_interrupt,
    journal_file, listing, output,
    problem::Problem,
    steps,
    system::{System, preset, read_config},
    terminal::{StatusLine, TerminalReporter},
    via::Via,
};

/// Where features are if the command line doesn't say.
pub(crate) const FEATURES: &str = "features";

/// The tag of scenarios that only the simulator can satisfy.
const SIMULATED: &str = "simulated";

/// The tag of scenarios that need the subsystems of a whole simulated telescope.
const SUBSYSTEMS: &str = "subsystems";

/// The tag of scenarios that need gates on the ways to devices.
const NETWORK: &str = "network";

/// What is said at the first Ctrl-C.
const STOPPING: &str = "stopping, and putting the telescope back; Ctrl-C again ends at once";

/// Runs the features and says how it went.
pub(crate) async fn run(arguments: RunArguments) -> Result<Exit, Problem> {
    if arguments.list_steps {
        return steps::steps(&StepsArguments::default());
    }
    arguments.via.check()?;
    let selection = selection(&arguments)?;
    let config = arguments
        .telescope
        .as_deref()
        .map(read_config)
        .transpose()?;
    let simulated = preset(arguments.preset.as_deref())?;
    let selection = applicable(selection, &arguments);
    let planned = suite(&arguments)?.with_selection(selection.clone());
    let is_run = !arguments.list && !arguments.dry_run;
    if is_run {
        // Before anything else can go wrong, so that no report of the run before is taken for one of this.
        reports(&arguments).create().map_err(Problem::usage)?;
    }
    let plan = planned
        .plan()
        .map_err(|error| unusable(error, &arguments))?;
    if !is_run {
        return listing::tell(&plan, &arguments);
    }
    let suite = suite(&arguments)?.with_selection(selection);
    let network = gates(&plan, &arguments)?;
    let journal = Journal::new();
    let line = StatusLine::new();
    let stop = stop_on_interrupt(STOPPING);
    if let Some(path) = journal_path(&arguments) {
        // A pipe is opened only when somebody reads from it, which may be never.
        tokio::select! {
            written = journal_file::write(&journal, path) => written.map_err(Problem::usage)?,
            () = stop.requested() => return Ok(Exit::Interrupted),
        }
    }
    let system = tokio::select! {
        system = System::connect(config, simulated, journal.clone(), &line, network.as_ref(), arguments.via) => system?,
        () = stop.requested() => return Ok(Exit::Interrupted),
    };
    let suite = match system.simulated() {
        Some(telescope) => suite.on_simulated(telescope),
        None => suite,
    };
    let suite = match network {
        Some(network) => suite.through(network),
        None => suite,
    };
    let outcome = suite
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
    advise(&outcome, &arguments);
    Ok(outcome.verdict().into())
}

/// The network, if lines are about it.
fn gates(plan: &Plan, arguments: &RunArguments) -> Result<Option<Network>, Problem> {
    if !plan.needs_gates() {
        return Ok(None);
    }
    if arguments.via != Via::Wire {
        let words = "lines are about the network, and --via tango-rs goes past gates";
        let advice =
            format!("leave those scenarios out by a tag, as @{NETWORK}; or leave --via out");
        return Err(Problem::usage(words).advise(advice));
    }
    Ok(Some(network(arguments)))
}

/// The network for lines about it, with all that it leaves to chance told.
fn network(arguments: &RunArguments) -> Network {
    let network = match arguments.network_seed {
        Some(seed) => Network::new().with_seed(seed),
        None => Network::new(),
    };
    output::complain(format!(
        "the telescope is connected through gates, as lines are about its network ({}: --network-seed)",
        network.seed()
    ));
    network
}

fn suite(arguments: &RunArguments) -> Result<Suite<HarnessWorld>, Problem> {
    let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
    let count = |number: Option<u32>| number.map_or(0, |number| number as usize);
    let suite = features(arguments)
        .into_iter()
        .fold(Suite::new(book), Suite::with_features)
        .fail_fast(arguments.fail_fast)
        .keep_going(arguments.keep_going)
        .with_retries(count(arguments.retry))
        .repeated(count(arguments.repeat))
        .with_reports(reports(arguments));
    Ok(match arguments.shard {
        Some(shard) => suite.with_shard(shard.resolve().map_err(Problem::usage)?),
        None => suite,
    })
}

/// All forms in the folder, and each that was asked for by itself in its own file.
fn reports(arguments: &RunArguments) -> ReportFiles {
    let folder = arguments.report_dir.as_ref();
    let mut files = folder.map_or_else(ReportFiles::new, ReportFiles::in_folder);
    if let Some(path) = &arguments.report {
        files = files.with_report(path);
    }
    if let Some(path) = &arguments.junit {
        files = files.with_junit(path);
    }
    if let Some(path) = &arguments.json {
        files = files.with_cucumber_json(path);
    }
    if let Some(path) = &arguments.html {
        files = files.with_page(path);
    }
    files
}

fn journal_path(arguments: &RunArguments) -> Option<PathBuf> {
    let folder = arguments.report_dir.as_ref();
    let in_folder = folder.map(|folder| folder.join(ReportFiles::JOURNAL));
    arguments.journal.clone().or(in_folder)
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
    let selection = match arguments.via {
        Via::Wire => selection,
        Via::TangoRs => selection.not_applicable(NETWORK, "cppTango goes past gates: --via wire"),
    };
    if arguments.telescope.is_some() {
        selection.not_applicable(SIMULATED, "only the simulated telescope can do it")
    } else if arguments.preset.is_none() {
        selection.not_applicable(SUBSYSTEMS, "only a whole telescope can do it: --preset low")
    } else {
        selection
    }
}

fn unusable(error: SuiteError, arguments: &RunArguments) -> Problem {
    let errors = match &error {
        SuiteError::Features(errors) => errors,
        // The files were made before the run, so that it is over.
        SuiteError::Report(_) => {
            return Problem::new(Exit::Failed, error)
                .advise("the run is over; what came of it stands above, and in the other reports");
        }
        _ => return Problem::usage(error),
    };
    let absent = errors
        .iter()
        .any(|error| matches!(error, FeatureError::Unreadable { .. }));
    let advice = if absent && arguments.features.is_empty() {
        "say which features to run: harness run PATH..; without a path it is ./features"
    } else {
        "nothing was run; correct the paths or the files, or leave them out with --keep-going"
    };
    Problem::usage(error).advise(advice)
}

/// What to do about a run that tested too little, or not for sure.
fn advise(outcome: &Outcome, arguments: &RunArguments) {
    match outcome.verdict() {
        Verdict::NothingRan if arguments.shard.is_some() => output::complain(
            "next: there are fewer scenarios than shards, or none was chosen; \
             look with `harness run --list`, without --shard",
        ),
        Verdict::NothingRan if outcome.not_applicable.is_empty() => {
            output::complain("next: no scenario was chosen; check the paths, --tags and --name")
        }
        Verdict::Undefined => {
            output::complain(
                "next: `harness steps` lists the steps there are, `harness steps --explain LINE` says what is nearest",
            );
        }
        Verdict::Flaky => output::complain(
            "flaky: nothing failed for good, but not all passed at once; \
             this has exit code 5, so that a pipeline can allow it and show it",
        ),
        _ => {}
    }
}
