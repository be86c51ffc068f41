//! From the command line to the verb, and back with an exit code.

use std::{ffi::OsString, process::ExitCode};

use clap::Parser as _;

use crate::{
    arguments::{Arguments, Verb},
    exit::Exit,
    gate, graph, lint,
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
    let done = runtime().and_then(|runtime| {
        runtime.block_on(async {
            match verb {
                Verb::Run(arguments) => run::run(*arguments).await,
                Verb::Steps(arguments) => steps::steps(&arguments),
                Verb::Report(verb) => report::report(verb),
                Verb::Sim(arguments) => sim::sim(arguments).await,
                Verb::Gate(arguments) => gate::gate(arguments).await,
                Verb::Reach(arguments) => reach::reach(arguments).await,
                Verb::Graph(arguments) => graph::graph(&arguments),
                Verb::Lint(arguments) => lint::lint(&arguments),
            }
        })
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
