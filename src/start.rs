//! From the command line to the verb, and back with an exit code.

use std::{ffi::OsString, process::ExitCode};

use clap::Parser as _;

use crate::{
    arguments::{Arguments, Verb},
    exit::Exit,
    exploring, gate, graph, lint, loading,
    problem::Problem,
    reach, report, run, sim, steps,
};

/// Does what the command line says.
pub(crate) fn start(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(answer) => {
            // `--help` and `--version` come this way too, with a code of their own. A closed pipe is
            // no reason to fail.
            let _ = answer.print();
            return if answer.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Passed.into()
            };
        }
    };
    let verb = arguments.verb.unwrap_or_else(|| Verb::Run(Box::default()));
    let done = runtime().and_then(|runtime| match verb {
        Verb::Run(arguments) => runtime.block_on(run::run(*arguments)),
        Verb::Steps(arguments) => steps::steps(&arguments),
        Verb::Report(verb) => report::report(verb),
        Verb::Sim(arguments) => runtime.block_on(sim::sim(arguments)),
        Verb::Gate(arguments) => runtime.block_on(gate::gate(arguments)),
        Verb::Reach(arguments) => runtime.block_on(reach::reach(arguments)),
        Verb::Explore(arguments) => exploring::explore(&runtime, &arguments),
        Verb::Cover(arguments) => exploring::cover(&runtime, &arguments),
        Verb::Race(arguments) => exploring::race(&runtime, &arguments),
        Verb::Load(arguments) => runtime.block_on(loading::load(*arguments)),
        Verb::Graph(arguments) => graph::graph(&arguments),
        Verb::Lint(arguments) => lint::lint(&arguments),
    });
    done.unwrap_or_else(|problem| problem.tell()).into()
}

/// One thread is enough: a test waits much more than it computes.
fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new(Exit::Failed, error))
}
