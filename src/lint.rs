//! `harness lint`: looks for what is wrong with feature files, without a telescope.

use std::path::PathBuf;

use harness_bdd::{
    HarnessWorld, StepBook,
    books::telescope_steps,
    lint::{KnownSteps, LintReport, Linter, RULES, Severity},
};

use crate::{
    arguments::{LintArguments, LintFormat},
    exit::Exit,
    output,
    problem::Problem,
    run::FEATURES,
    system::read_config,
};

/// Looks at the features and tells what was found.
pub(crate) fn lint(arguments: &LintArguments) -> Result<Exit, Problem> {
    if arguments.rules {
        list_rules();
        return Ok(Exit::Passed);
    }
    let report = linter(arguments)?
        .run(features(arguments))
        .map_err(|error| {
            Problem::usage(error)
                .advise("say which features to look at: harness lint PATH..; without it ./features")
        })?;
    match arguments.format {
        LintFormat::Text => output::say(&report),
        LintFormat::Json => output::say(report.to_json()),
    }
    Ok(exit(&report, arguments))
}

fn linter(arguments: &LintArguments) -> Result<Linter, Problem> {
    let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
    let config = (arguments.telescope.as_deref())
        .map(read_config)
        .transpose()?;
    let devices: Vec<&str> = config
        .iter()
        .flat_map(|config| config.device_names())
        .collect();
    let steps = KnownSteps::new(book, &devices).map_err(Problem::usage)?;
    let mut linter = Linter::new().with_steps(steps);
    for rule in &arguments.allow {
        linter = linter.allow(rule).map_err(Problem::usage)?;
    }
    let used_by = arguments.used_by.iter();
    Ok(used_by.fold(linter, |linter, path| linter.with_used_by(path)))
}

fn features(arguments: &LintArguments) -> Vec<PathBuf> {
    match arguments.features.is_empty() {
        true => vec![FEATURES.into()],
        false => arguments.features.clone(),
    }
}

fn exit(report: &LintReport, arguments: &LintArguments) -> Exit {
    let warnings = arguments.deny_warnings && report.count(Severity::Warning) > 0;
    if report.count(Severity::Error) > 0 || warnings {
        Exit::Failed
    } else if report.files == 0 {
        Exit::NothingRan
    } else {
        Exit::Passed
    }
}

fn list_rules() {
    for rule in RULES {
        output::say(format_args!(
            "{:<7}  {:<22}  {}",
            rule.severity, rule.name, rule.explanation
        ));
    }
}
