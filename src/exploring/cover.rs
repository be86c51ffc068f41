//! `harness cover`: every command in every state, and every way from state to state.

use harness_explore::cover::Cover;
use tokio::runtime::Runtime;

use super::{
    STOPPING,
    arguments::CoverArguments,
    kept::{self, can_be_kept},
    subject::Subject,
};
use crate::{
    exit::Exit, interrupt::stop_on_interrupt, output, problem::Problem, terminal::StatusLine,
    written_file::write,
};

/// Covers the lifecycle of a subarray, on this runtime.
pub(crate) fn cover(runtime: &Runtime, arguments: &CoverArguments) -> Result<Exit, Problem> {
    can_be_kept([
        arguments.subject.report.as_deref(),
        arguments.svg.as_deref(),
    ])?;
    let stop = stop_on_interrupt(STOPPING);
    let line = StatusLine::new();
    let subject = Subject::connect_on(runtime, &arguments.subject, &[], &line, &stop)?;
    let Some(subject) = subject else {
        return Ok(Exit::Interrupted);
    };
    let (clients, name, told) = (subject.clients.clone(), subject.name.clone(), line.clone());
    let start = async move || {
        told.doing(format!("covering {name}"));
        clients.start_one().await
    };
    let asked = stop.clone();
    let cover = Cover::new(&subject.lifecycle, &subject.name, start).shrinking_by(|explorer| {
        explorer
            .with_shrinking(u64::MAX, arguments.shrink_time)
            .ending_when(move || asked.is_requested())
    });
    let cover = match arguments.no_pairs {
        true => cover.without_pairs(),
        false => cover,
    };
    let cover = match arguments.successions {
        true => cover.with_successions(),
        false => cover,
    };
    let report = cover.run_on(runtime);
    line.end();
    let report = report.map_err(|error| Problem::new(Exit::Failed, error))?;
    runtime.block_on(subject.is_still_there(&report.findings))?;
    output::say(&report);
    kept::report(arguments.subject.report.as_deref(), &report)?;
    if let Some(path) = &arguments.svg {
        write(path, &report.matrix.to_svg())?;
    }
    Ok(match report.is_clean() {
        _ if stop.is_requested() => Exit::Interrupted,
        true if report.commands == 0 => Exit::NothingRan,
        true => Exit::Passed,
        false => Exit::Failed,
    })
}
