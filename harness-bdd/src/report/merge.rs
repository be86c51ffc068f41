//! Several reports as one.

use std::collections::{BTreeMap, BTreeSet};

use super::{REPORT_SCHEMA, RunReport, RunVerdict, ScenarioReport};

/// Why reports can't be taken together as one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("there is no report to merge")]
    Nothing,
    /// A report is of a harness that is newer than this one.
    #[error("a report has schema {found}, and this harness knows {REPORT_SCHEMA}; use a newer one")]
    Schema {
        /// The version that it has.
        found: u32,
    },
    /// Shards are missing, so that a part of the suite was not run.
    #[error("shards are missing: {}", .missing.join(", "))]
    Missing {
        /// The missing ones.
        missing: Vec<String>,
    },
    /// The same shard is there twice.
    #[error("a shard is there twice: {}", .twice.join(", "))]
    Twice {
        /// The shards that are.
        twice: Vec<String>,
    },
    /// Shards of runs that were cut differently, or beside a run that was not cut.
    #[error("the reports are not shards of one run: {}", .shards.join(", "))]
    Mixed {
        /// What each report is of.
        shards: Vec<String>,
    },
    /// The same scenario is in two shards.
    #[error("scenarios are in several shards: {}", .places.join(", "))]
    Overlap {
        /// Where they stand.
        places: Vec<String>,
    },
}

/// The reports of all shards of a suite as the report of the suite. What is wrong with them comes
/// beside it: a report that lacks a shard can be looked at, but is none of the whole suite.
///
/// With something wrong beside it the report has failed, and tells it among its warnings. Else the
/// verdict is the worst one, and the time the longest one, as shards run at the same time. `at_seconds`
/// and `journal` of each attempt stay those of its shard's journal. Reports that are no shards are put
/// together as they are.
///
/// # Errors
/// [`MergeError::Nothing`] and [`MergeError::Schema`], if there is no report to make.
pub fn merge(reports: Vec<RunReport>) -> Result<(RunReport, Vec<MergeError>), MergeError> {
    let newer = reports.iter().find(|report| report.schema > REPORT_SCHEMA);
    if let Some(report) = newer {
        return Err(MergeError::Schema {
            found: report.schema,
        });
    }
    let mut reports = reports;
    reports.sort_by_key(|report| report.shards.first().and_then(|shard| parts(shard)));
    let shards: Vec<String> = reports.iter().flat_map(|one| one.shards.clone()).collect();
    let uncut = reports.iter().filter(|report| report.shards.is_empty());
    let uncut = uncut.count();
    let all_sharded = uncut == 0;
    let mut problems = match (shards.is_empty(), all_sharded) {
        (false, false) => {
            let whole = std::iter::repeat_n("a whole suite".to_owned(), uncut);
            let shards = shards.iter().cloned().chain(whole).collect();
            vec![MergeError::Mixed { shards }]
        }
        _ => incomplete(&shards),
    };
    let mut reports = reports.into_iter();
    let mut whole = reports.next().ok_or(MergeError::Nothing)?;
    for report in reports {
        if all_sharded {
            problems.extend(overlap(&whole.scenarios, &report.scenarios));
        }
        add(&mut whole, report);
    }
    whole.schema = REPORT_SCHEMA;
    if !problems.is_empty() {
        whole.verdict = whole.verdict.worse(RunVerdict::Failed);
        whole
            .warnings
            .extend(problems.iter().map(ToString::to_string));
    }
    // All of the shards are the whole suite.
    whole.shards = if problems.is_empty() {
        Vec::new()
    } else {
        shards
    };
    Ok((whole, problems))
}

fn add(whole: &mut RunReport, report: RunReport) {
    whole.started = whole.started.clone().min(report.started);
    whole.duration_seconds = whole.duration_seconds.max(report.duration_seconds);
    whole.verdict = RunVerdict::worse(whole.verdict, report.verdict);
    whole.telescope = whole.telescope.take().or(report.telescope);
    whole.scenarios.extend(report.scenarios);
    // Each shard tells all of them.
    for one in report.not_applicable {
        if !whole.not_applicable.contains(&one) {
            whole.not_applicable.push(one);
        }
    }
    for one in report.refused {
        if !whole.refused.contains(&one) {
            whole.refused.push(one);
        }
    }
    for one in report.warnings {
        if !whole.warnings.contains(&one) {
            whole.warnings.push(one);
        }
    }
}

/// What is wrong with a set of shards.
fn incomplete(shards: &[String]) -> Vec<MergeError> {
    let Some(first) = shards.first() else {
        return Vec::new();
    };
    let of = parts(first).map(|(_, of)| of);
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for shard in shards {
        match parts(shard) {
            Some((number, shards_of)) if Some(shards_of) == of => {
                *counts.entry(number).or_default() += 1;
            }
            _ => {
                return vec![MergeError::Mixed {
                    shards: shards.to_vec(),
                }];
            }
        }
    }
    let of = of.unwrap_or_default();
    let name = |number: usize| format!("{number}/{of}");
    let missing: Vec<String> = (1..=of)
        .filter(|number| !counts.contains_key(number))
        .map(name)
        .collect();
    let twice = counts.iter().filter(|(_, count)| **count > 1);
    let twice: Vec<String> = twice.map(|(number, _)| name(*number)).collect();
    let mut problems = Vec::new();
    if !missing.is_empty() {
        problems.push(MergeError::Missing { missing });
    }
    if !twice.is_empty() {
        problems.push(MergeError::Twice { twice });
    }
    problems
}

/// Scenarios that another shard has run too: the shards were not cut from the same suite.
fn overlap(before: &[ScenarioReport], more: &[ScenarioReport]) -> Option<MergeError> {
    // By name, too: scenarios that share their Examples share their lines.
    let key = |one: &ScenarioReport| (one.file.clone(), one.line, one.name.clone(), one.repetition);
    let before: BTreeSet<_> = before.iter().map(key).collect();
    let again = more.iter().filter(|one| before.contains(&key(one)));
    let places: Vec<String> = again.map(ScenarioReport::place).collect();
    (!places.is_empty()).then_some(MergeError::Overlap { places })
}

/// `2/4` as numbers.
fn parts(shard: &str) -> Option<(usize, usize)> {
    let (number, of) = shard.split_once('/')?;
    Some((number.parse().ok()?, of.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{super::sample::*, *};

    fn shard(name: &str, scenarios: Vec<ScenarioReport>) -> RunReport {
        RunReport {
            shards: vec![name.to_owned()],
            ..run(scenarios)
        }
    }

    fn on_line(line: usize, mut scenario: ScenarioReport) -> ScenarioReport {
        scenario.line = line;
        scenario
    }

    #[test]
    fn all_shards_are_the_whole_suite_and_the_worst_verdict_is_its_own() {
        let shards = vec![
            shard("2/2", vec![on_line(9, flaky())]),
            shard("1/2", vec![passed()]),
        ];
        let (whole, problems) = merge(shards).unwrap();
        assert_eq!(problems, []);
        assert!(whole.shards.is_empty());
        assert_eq!(whole.verdict, RunVerdict::Flaky);
        let names: Vec<_> = whole
            .scenarios
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(names, ["rain", "showers"]);
        assert_eq!(whole.not_applicable.len(), 1);
    }

    #[test]
    fn a_missing_shard_and_one_that_is_there_twice_are_told() {
        let shards = vec![
            shard("1/4", vec![passed()]),
            shard("2/4", vec![on_line(9, passed())]),
            shard("2/4", vec![on_line(10, passed())]),
        ];
        let (whole, problems) = merge(shards).unwrap();
        let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "shards are missing: 3/4, 4/4",
                "a shard is there twice: 2/4"
            ]
        );
        assert_eq!(whole.shards, ["1/4", "2/4", "2/4"]);
        assert_eq!(whole.verdict, RunVerdict::Failed);
        assert_eq!(whole.warnings, texts);
    }

    #[test]
    fn shards_of_different_runs_are_not_mixed() {
        let shards = vec![shard("1/2", vec![]), shard("2/3", vec![])];
        let (_, problems) = merge(shards).unwrap();
        assert!(matches!(problems[..], [MergeError::Mixed { .. }]));
        let shards = vec![shard("1/2", vec![passed()]), shard("2/2", vec![passed()])];
        let (_, problems) = merge(shards).unwrap();
        assert_eq!(
            problems[0].to_string(),
            "scenarios are in several shards: features/weather.feature:3"
        );
    }

    #[test]
    fn a_whole_suite_among_shards_is_told() {
        let reports = vec![
            run(vec![passed()]),
            shard("1/2", vec![passed()]),
            shard("2/2", vec![]),
        ];
        let (whole, problems) = merge(reports).unwrap();
        assert_eq!(
            problems[0].to_string(),
            "the reports are not shards of one run: 1/2, 2/2, a whole suite"
        );
        assert_eq!(whole.verdict, RunVerdict::Failed);
    }

    #[test]
    fn scenarios_that_share_their_examples_are_in_no_shard_twice() {
        let mut other = passed();
        other.name = "sleet".into();
        let shards = vec![shard("1/2", vec![passed()]), shard("2/2", vec![other])];
        assert_eq!(merge(shards).unwrap().1, []);
    }

    #[test]
    fn a_shard_without_scenarios_does_not_spoil_the_others() {
        let shards = vec![shard("1/2", vec![passed()]), shard("2/2", vec![])];
        assert_eq!(merge(shards).unwrap().0.verdict, RunVerdict::Passed);
    }

    #[test]
    fn nothing_and_what_is_too_new_are_refused() {
        assert_eq!(merge(vec![]).unwrap_err(), MergeError::Nothing);
        let mut newer = run(vec![]);
        newer.schema = REPORT_SCHEMA + 1;
        assert!(matches!(merge(vec![newer]), Err(MergeError::Schema { .. })));
    }
}
