//! What would be run, without running it: `--list` and `--dry-run`.

use harness_bdd::suite::Plan;

use crate::{
    arguments::{ListFormat, RunArguments},
    exit::Exit,
    output,
    problem::Problem,
};

/// Says what is planned, and whether it could be run.
pub(crate) fn tell(plan: &Plan, arguments: &RunArguments) -> Result<Exit, Problem> {
    if arguments.list {
        return list(plan, arguments.format);
    }
    if arguments.format == ListFormat::Json {
        let text = serde_json::to_string_pretty(plan);
        output::say(text.map_err(|error| Problem::new(Exit::Failed, error))?);
        return Ok(soundness(plan));
    }
    for refused in &plan.refused {
        output::say(format_args!("refused: {refused}"));
    }
    for warning in &plan.warnings {
        output::say(format_args!("warning: {warning}"));
    }
    for step in &plan.undefined {
        let place = format!("{}:{}", step.file.display(), step.line);
        output::say(format_args!(
            "undefined: {} {}   # {place}",
            step.keyword, step.text
        ));
        if let Some(nearest) = &step.nearest {
            output::say(format_args!("    did you mean: {nearest}"));
        }
    }
    for step in &plan.ambiguous {
        let place = format!("{}:{}", step.file.display(), step.line);
        output::say(format_args!("ambiguous: {}   # {place}", step.text));
        for one in &step.matches {
            output::say(format_args!("    matches: {one}"));
        }
    }
    let scenarios = plan.scenarios.len();
    output::say(format_args!(
        "{scenarios} scenario{} would be run; {} not applicable; \
         {} undefined and {} ambiguous lines",
        if scenarios == 1 { "" } else { "s" },
        plan.not_applicable.len(),
        plan.undefined.len(),
        plan.ambiguous.len(),
    ));
    Ok(soundness(plan))
}

fn soundness(plan: &Plan) -> Exit {
    if !plan.refused.is_empty() {
        Exit::Failed
    } else if plan.is_sound() {
        Exit::Passed
    } else {
        Exit::NothingRan
    }
}

fn list(plan: &Plan, format: ListFormat) -> Result<Exit, Problem> {
    match format {
        ListFormat::Text => {
            for scenario in &plan.scenarios {
                let mut line = format!("{}  {}", scenario.place(), scenario.scenario);
                if let Some(round) = scenario.repetition {
                    line.push_str(&format!(", round {round}"));
                }
                for tag in &scenario.tags {
                    line.push_str(&format!("  {tag}"));
                }
                output::say(line);
            }
        }
        ListFormat::Json => {
            let text = serde_json::to_string_pretty(&plan.scenarios);
            output::say(text.map_err(|error| Problem::new(Exit::Failed, error))?);
        }
    }
    // Beside the list, which a program may read.
    for refused in &plan.refused {
        output::complain(format_args!("refused: {refused}"));
    }
    Ok(if !plan.refused.is_empty() {
        Exit::Failed
    } else if plan.scenarios.is_empty() {
        Exit::NothingRan
    } else {
        Exit::Passed
    })
}
