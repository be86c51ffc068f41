//! A run as plain text.

use std::{fmt::Display, io::Write, time::Duration};

use super::{Notice, Reporter};
use crate::suite::{Outcome, ScenarioOutcome, ScenarioVerdict};

/// Writes a line per scenario, the whole account of each failure, and a summary.
///
/// Writing errors are ignored: a closed pipe must not end a run that holds a telescope.
#[derive(Debug)]
pub struct TextReporter<O> {
    output: O,
}

impl<O: Write> TextReporter<O> {
    /// Writes to `output`.
    pub fn new(output: O) -> Self {
        Self { output }
    }

    fn line(&mut self, text: impl Display) {
        let _ = writeln!(self.output, "{text}");
    }

    fn scenario(&mut self, scenario: &ScenarioOutcome, again: bool) {
        let word = match &scenario.verdict {
            ScenarioVerdict::Passed => "passed",
            ScenarioVerdict::Flaky { .. } => "FLAKY",
            ScenarioVerdict::Failed { .. } if again => "failed",
            ScenarioVerdict::Failed { .. } => "FAILED",
            ScenarioVerdict::Undefined { .. } => "UNDEFINED",
            ScenarioVerdict::Stopped => "stopped",
        };
        let round = round(scenario);
        let attempts = match (again, scenario.attempts) {
            (true, number) => format!(", attempt {number}; it is tried again"),
            (false, 0 | 1) => String::new(),
            (false, number) => format!(", attempt {number}"),
        };
        let took = seconds(scenario.duration);
        self.line(format_args!(
            "  {word:<9} {} ({took}{round}{attempts})",
            scenario.scenario
        ));
        if let Some(warning) = scenario.warned.as_ref().filter(|_| !scenario.has_passed()) {
            self.line("    before it began:");
            self.indented(warning);
        }
        match &scenario.verdict {
            ScenarioVerdict::Failed {
                step,
                line,
                message,
            } => {
                self.line(format_args!(
                    "    {step}   # {}:{line}",
                    scenario.file.display()
                ));
                self.indented(message);
            }
            ScenarioVerdict::Undefined { step, line } => {
                self.line(format_args!(
                    "    {step}   # {}:{line}",
                    scenario.file.display()
                ));
                self.indented("no step of the book matches this line");
            }
            // What failed was told when it was tried again.
            ScenarioVerdict::Passed | ScenarioVerdict::Flaky { .. } | ScenarioVerdict::Stopped => {}
        }
        if let Some(failure) = &scenario.tear_down {
            self.line("    the tear-down after this scenario failed:");
            self.indented(failure);
        }
    }

    fn indented(&mut self, text: &str) {
        for line in text.lines() {
            self.line(format_args!("      {line}"));
        }
    }

    fn summary(&mut self, outcome: &Outcome) {
        let _ = writeln!(self.output);
        if !outcome.undefined.is_empty() {
            self.line("lines that no step matches:");
            for step in &outcome.undefined {
                let place = format!("{}:{}", step.file.display(), step.line);
                self.line(format_args!("  {} {}   # {place}", step.keyword, step.text));
                if let Some(nearest) = &step.nearest {
                    self.line(format_args!("      did you mean: {nearest}"));
                }
            }
        }
        let bad =
            |scenario: &&ScenarioOutcome| scenario.has_failed() || scenario.tear_down.is_some();
        if outcome.scenarios.iter().any(|scenario| bad(&scenario)) {
            self.line("failed:");
            for scenario in outcome.scenarios.iter().filter(bad) {
                let part = if scenario.has_failed() {
                    ""
                } else {
                    " (its tear-down)"
                };
                let round = round(scenario);
                self.line(format_args!(
                    "  {}{round}   # {}{part}",
                    scenario.scenario,
                    scenario.place()
                ));
            }
        }
        if outcome.scenarios.iter().any(ScenarioOutcome::is_flaky) {
            self.line("flaky, as they passed only when they were tried again:");
            for scenario in outcome.scenarios.iter().filter(|one| one.is_flaky()) {
                let place = scenario.place();
                let round = round(scenario);
                self.line(format_args!("  {}{round}   # {place}", scenario.scenario));
            }
        }
        let refused = &outcome.report().refused;
        if !refused.is_empty() {
            self.line("feature files that can't be read, which fails the run:");
            for file in refused {
                self.line(format_args!("  {file}"));
            }
        }
        for skipped in &outcome.not_applicable {
            let place = format!("{}:{}", skipped.file.display(), skipped.line);
            self.line(format_args!(
                "not applicable: {}   # {place}: {}",
                skipped.scenario, skipped.reason
            ));
        }
        self.line(summary_line(outcome));
    }
}

impl<O: Write> Reporter for TextReporter<O> {
    fn report(&mut self, notice: Notice<'_>) {
        match notice {
            Notice::Warning(warning) => self.line(format_args!("warning: {warning}")),
            Notice::FeatureStarted { name, file } => {
                self.line(format_args!("{name}   # {}", file.display()));
            }
            Notice::ScenarioEnded(scenario) => self.scenario(scenario, false),
            Notice::TryingAgain(scenario) => self.scenario(scenario, true),
            Notice::Ended(outcome) => self.summary(outcome),
            _ => {}
        }
    }
}

/// `12 scenarios: 10 passed, 1 failed, 1 undefined; 2 not applicable; 3.4 s`
fn summary_line(outcome: &Outcome) -> String {
    let all = outcome.scenarios.len();
    let mut parts = Vec::new();
    let mut part = |count: usize, word: &str| {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    };
    part(outcome.count(ScenarioOutcome::has_passed), "passed");
    part(outcome.count(ScenarioOutcome::is_flaky), "flaky");
    part(outcome.count(ScenarioOutcome::has_failed), "failed");
    part(
        outcome.count(|one| matches!(one.verdict, ScenarioVerdict::Undefined { .. })),
        "undefined",
    );
    part(
        outcome.count(|one| one.verdict == ScenarioVerdict::Stopped),
        "stopped",
    );
    part(
        outcome.count(|one| one.tear_down.is_some()),
        "with a failed tear-down",
    );
    let mut line = match all {
        0 => "nothing ran: there was no scenario to run".to_owned(),
        _ => format!(
            "{all} scenario{}: {}",
            if all == 1 { "" } else { "s" },
            parts.join(", ")
        ),
    };
    if outcome.not_begun > 0 {
        line.push_str(&format!("; {} not begun", outcome.not_begun));
    }
    let refused = outcome.report().refused.len();
    if refused > 0 {
        let files = if refused == 1 { "file" } else { "files" };
        line.push_str(&format!("; {refused} {files} not read"));
    }
    if !outcome.not_applicable.is_empty() {
        line.push_str(&format!(
            "; {} not applicable",
            outcome.not_applicable.len()
        ));
    }
    line.push_str(&format!("; {}", seconds(outcome.duration)));
    line
}

/// `, round 2`, where there are several.
fn round(scenario: &ScenarioOutcome) -> String {
    scenario
        .repetition
        .map_or_else(String::new, |round| format!(", round {round}"))
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(name: &str, verdict: ScenarioVerdict) -> ScenarioOutcome {
        ScenarioOutcome {
            feature: "Navigation".into(),
            scenario: name.into(),
            file: "a.feature".into(),
            line: 7,
            repetition: None,
            verdict,
            tear_down: None,
            warned: None,
            attempts: 1,
            duration: Duration::from_millis(1240),
        }
    }

    fn text(notice: Notice<'_>) -> String {
        let mut output = Vec::new();
        TextReporter::new(&mut output).report(notice);
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn a_failure_is_told_with_line_and_whole_message() {
        let verdict = ScenarioVerdict::Failed {
            step: "Then it is READY".into(),
            line: 9,
            message: "it is IDLE\ncaused by: rain".into(),
        };
        let mut failed = scenario("observe", verdict);
        failed.tear_down = Some("still SCANNING".into());
        assert_eq!(
            text(Notice::ScenarioEnded(&failed)),
            "  FAILED    observe (1.2 s)\n    Then it is READY   # a.feature:9\n      it is IDLE\n      \
             caused by: rain\n    the tear-down after this scenario failed:\n      still SCANNING\n"
        );
    }

    #[test]
    fn what_a_stop_left_behind_is_told() {
        let mut stopped = scenario("observe", ScenarioVerdict::Stopped);
        stopped.tear_down = Some("still SCANNING".into());
        let text = text(Notice::ScenarioEnded(&stopped));
        assert!(text.starts_with("  stopped   observe (1.2 s)\n"), "{text}");
        assert!(text.contains("still SCANNING"), "{text}");
    }

    #[test]
    fn the_summary_counts_every_kind() {
        let failed = ScenarioVerdict::Failed {
            step: "s".into(),
            line: 1,
            message: "m".into(),
        };
        let flaky = ScenarioVerdict::Flaky {
            step: "s".into(),
            line: 1,
            message: "m".into(),
        };
        let scenarios = vec![scenario("a", flaky), scenario("b", failed)];
        let outcome = Outcome {
            scenarios,
            ..Outcome::default()
        };
        let text = text(Notice::Ended(&outcome));
        assert!(
            text.ends_with("2 scenarios: 1 flaky, 1 failed; 0.0 s\n"),
            "{text}"
        );
        assert!(text.contains("failed:\n  b   # a.feature:7\n"), "{text}");
    }

    #[test]
    fn a_run_without_scenarios_says_so() {
        assert_eq!(
            text(Notice::Ended(&Outcome::default())),
            "\nnothing ran: there was no scenario to run; 0.0 s\n"
        );
    }
}
