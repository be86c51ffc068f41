//! `harness cover`: every command in every state, and every way from state to state.

use harness_explore::cover::Cover;
use tokio::runtime::Runtime;

use super::{
    arguments::CoverArguments,
    kept,
    subject::{DWELL, Subject},
};
use crate::{
    exit::Exit, interrupt::end_on_interrupt, output, problem::Problem, terminal::StatusLine,
};

/// Covers the lifecycle of a subarray, on this runtime.
pub(crate) fn cover(runtime: &Runtime, arguments: &CoverArguments) -> Result<Exit, Problem> {
    end_on_interrupt("ended; the subarray stays where it is");
    let line = StatusLine::new();
    let subject = runtime.block_on(Subject::connect(&arguments.subject, &[], 1, DWELL, &line))?;
    let (clients, name, told) = (subject.clients.clone(), subject.name.clone(), line.clone());
    let start = async move || {
        told.doing(format!("covering {name}"));
        clients.start_one().await
    };
    let cover = Cover::new(&subject.lifecycle, &subject.name, start)
        .shrinking_by(|explorer| explorer.with_shrinking(u64::MAX, arguments.shrink_time));
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
        kept::file(path, &report.matrix.to_svg())?;
    }
    Ok(match report.is_clean() {
        true if report.commands == 0 => Exit::NothingRan,
        true => Exit::Passed,
        false => Exit::Failed,
    })
}
