//! `harness load --check`: what would be done.

use harness_explore::load::{LoadFile, Model, What};

use super::system;
use crate::{output, problem::Problem};

/// Says what would be done.
pub(super) fn tell(file: &LoadFile) -> Result<(), Problem> {
    let plan = &file.plan;
    let length = match plan.length() {
        Some(length) => format!("for {length:?}"),
        None => "until all are through their cycles".to_owned(),
    };
    let model = match plan.model() {
        Model::Open { .. } => "open",
        _ => "closed",
    };
    output::say(format_args!(
        "{}: {model}, {} users, {length}, seed {}",
        plan.name(),
        plan.users(),
        plan.seed()
    ));
    let devices = match system::config(file)? {
        None => "simulated in this process".to_owned(),
        Some(config) => system::names(file, &config)?.join(", "),
    };
    output::say(format_args!("devices: {devices}"));
    match &file.what {
        What::Flows { flows, .. } => {
            for flow in flows {
                output::say(format_args!(
                    "flow {}: {} steps, weight {}",
                    flow.name,
                    flow.steps.len(),
                    flow.weight
                ));
            }
        }
        What::Walk(walk) if walk.commands.is_empty() => {
            output::say("walk: all commands that the rules know");
        }
        What::Walk(walk) => output::say(format_args!("walk: {}", walk.commands.join(", "))),
    }
    for fault in &file.faults {
        let every = fault.every.map(|it| format!(", again every {it:?}"));
        output::say(format_args!(
            "fault {}: at {:?} for {:?}{}",
            fault.what,
            fault.at,
            fault.lasting,
            every.unwrap_or_default()
        ));
    }
    for threshold in plan.thresholds() {
        output::say(format_args!("threshold {threshold}"));
    }
    output::say("everything is sound; nothing was begun");
    Ok(())
}
