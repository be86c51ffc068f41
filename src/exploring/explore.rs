//! `harness explore`: programs of commands until one fails, and then the shortest that does.

use std::{cell::Cell, rc::Rc};

use harness_explore::{Explorer, Finding, Report};
use tokio::runtime::Runtime;

use super::{
    STOPPING,
    arguments::{ExploreArguments, ProgramForm},
    kept::{self, can_be_kept},
    subject::Subject,
};
use crate::{
    exit::Exit, interrupt::stop_on_interrupt, output, problem::Problem, terminal::StatusLine,
};

/// What the machine is called in a Rust test.
const MACHINE: &str = "machine()";

/// Explores a subarray, on this runtime.
pub(crate) fn explore(runtime: &Runtime, arguments: &ExploreArguments) -> Result<Exit, Problem> {
    can_be_kept([arguments.subject.report.as_deref()])?;
    let stop = stop_on_interrupt(STOPPING);
    let line = StatusLine::new();
    let (subject, faults) = (&arguments.subject, &arguments.fault);
    let subject = Subject::connect_on(runtime, subject, faults, &line, &stop)?;
    let Some(subject) = subject else {
        return Ok(Exit::Interrupted);
    };
    let asked = stop.clone();
    let explorer = explorer(&subject, arguments, &line).ending_when(move || asked.is_requested());
    let report = explorer.run_on(runtime);
    line.end();
    let report = report.map_err(|error| Problem::new(Exit::Failed, error))?;
    runtime.block_on(subject.is_still_there(&report.findings))?;
    output::say(&report);
    for finding in &report.findings {
        forms(finding, &arguments.also);
    }
    kept::report(arguments.subject.report.as_deref(), &report)?;
    Ok(match stop.is_requested() {
        true => Exit::Interrupted,
        false => verdict(&report),
    })
}

fn explorer(
    subject: &Subject,
    arguments: &ExploreArguments,
    line: &StatusLine,
) -> Explorer<
    harness_explore::lifecycle::Walk<
        harness_explore::tango::SubarrayUnderTest,
        harness_tango::control_model::ObsState,
    >,
> {
    let (clients, line, name) = (subject.clients.clone(), line.clone(), subject.name.clone());
    let programs = Rc::new(Cell::new(0_u64));
    let machine = subject.lifecycle.machine(&subject.name, async move || {
        programs.set(programs.get() + 1);
        line.doing(format!("exploring {name}: program {}", programs.get()));
        clients.start_one().await
    });
    let mut explorer = Explorer::new(machine)
        .with_programs(arguments.programs)
        .with_steps(usize::try_from(arguments.steps).unwrap_or(usize::MAX))
        .with_findings(usize::try_from(arguments.findings).unwrap_or(usize::MAX))
        .with_shrinking(u64::MAX, arguments.shrink_time);
    if let Some(seed) = arguments.seed {
        explorer = explorer.with_seed(seed);
    }
    if let Some(time) = arguments.time {
        explorer = explorer.with_time(time);
    }
    if arguments.no_database {
        explorer
    } else {
        explorer.with_database(&arguments.database)
    }
}

fn forms(finding: &Finding, forms: &[ProgramForm]) {
    for form in forms {
        output::say("");
        output::say(match form {
            ProgramForm::Gherkin => finding.scenario(),
            ProgramForm::Rust => finding.rust_test(MACHINE),
        });
    }
}

fn verdict(report: &Report) -> Exit {
    match report.is_clean() {
        true if report.steps == 0 => Exit::NothingRan,
        true => Exit::Passed,
        false => Exit::Failed,
    }
}
