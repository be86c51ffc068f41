//! The report as data.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::load::measure::{
    DistinctError, FaultWindow, Latencies, Measurement, Phase, ResultClass, Series, seconds,
};

/// What came of a load: all that was measured, in a form that merges.
///
/// It is data (`serde`): `harness load --report` writes it, `harness load merge` reads it. Times are
/// seconds after the clock was started; latencies are pairs of microseconds and a count. As text
/// ([`Display`](std::fmt::Display)) it fits on a terminal of 100 columns; [`page`](crate::load::page)
/// makes a page of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LoadReport {
    /// What the plan calls itself.
    pub name: String,
    /// Which parts of the plan this is of: `1/4`, in order.
    pub shards: Vec<String>,
    /// What all chance came from.
    pub seed: u64,
    /// The plan, as it was written.
    pub plan: String,
    /// When the clock was started, in seconds after 1970: of several parts, the first.
    #[serde(default)]
    pub started: f64,
    /// How long was measured, warm-up included.
    #[serde(with = "seconds")]
    pub lasted: Duration,
    /// How much of that the load was held, from which rates are made.
    #[serde(default, with = "seconds")]
    pub held: Duration,
    /// How it ended.
    pub verdict: Verdict,
    /// Why it was ended early, if it was.
    #[serde(default)]
    pub ended_early: Option<String>,
    /// Cycles and starts.
    pub counts: Counts,
    /// How long whole cycles took, from their planned start.
    #[serde(default)]
    pub cycles: Latencies,
    /// How much later than planned the harness itself began what it was free to begin: what it adds to
    /// latencies.
    #[serde(default)]
    pub lag: Latencies,
    /// In a closed load without a pace: how long cycles would have taken besides, had users begun them
    /// at their usual distance and not waited for one that took longer. Counted nowhere else.
    #[serde(default)]
    pub backfill: Latencies,
    /// How often what was done and how long it took.
    pub measurements: Vec<Measurement>,
    /// The same over time, by action.
    #[serde(default)]
    pub series: BTreeMap<String, Series>,
    /// What was seen besides over time, by part of the plan.
    #[serde(default)]
    pub gauges: Vec<GaugeSeries>,
    /// The different errors, the most frequent first.
    #[serde(default)]
    pub errors: Vec<DistinctError>,
    /// What was made to go wrong, and when.
    #[serde(default)]
    pub faults: Vec<FaultWindow>,
    /// How often devices went from one state to another, in the order of the names.
    #[serde(default)]
    pub transitions: Vec<TransitionCount>,
    /// How long devices stayed in each state, as often as they left it.
    #[serde(default)]
    pub dwell: BTreeMap<String, Latencies>,
    /// What must not be, and was.
    #[serde(default)]
    pub violations: Vec<Violation>,
    /// What the thresholds say.
    #[serde(default)]
    pub judgements: Vec<Judgement>,
    /// What differs from an earlier run, if one was given.
    #[serde(default)]
    pub comparison: Vec<Comparison>,
    /// What should be known of how it was measured: that parts began far apart, that nobody looked at what is
    /// left behind.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What could not be compared with the earlier run, and why.
    #[serde(default)]
    pub remarks: Vec<String>,
}

/// How a load ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything held.
    Passed,
    /// A threshold was crossed, something happened that must not, or it is worse than it was.
    Failed,
    /// Nothing was measured.
    #[default]
    NothingRan,
}

/// Cycles and starts of a load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// How many users there were at most at once; of several parts, together.
    pub users: u64,
    /// Users that could not begin.
    pub users_failed: u64,
    /// Users that could not do what they do at the end.
    #[serde(default)]
    pub ends_failed: u64,
    /// Cycles that were begun.
    pub started: u64,
    /// Cycles that went through.
    pub done: u64,
    /// Cycles that ended with an error.
    pub failed: u64,
    /// Cycles that were cut off at the end of the load.
    pub cut_off: u64,
    /// Planned starts of an open load that nobody was free for in time.
    pub dropped: u64,
    /// Cycles of the warm-up, which count in none of the above but `started`.
    pub warm_up: u64,
    /// Changes of state that were seen.
    pub transitions: u64,
    /// Times at which changes of state may have been missed.
    pub gaps: u64,
    /// Things that happened that must not, beside those that are told one by one.
    pub untold_violations: u64,
}

/// What was seen of a part of the plan, over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GaugeSeries {
    /// Which part of the plan.
    pub shard: String,
    /// What was seen, about once a second, in a long run less often.
    pub gauges: Vec<Gauge>,
}

/// What was seen at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gauge {
    /// The moment.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// How many users there were.
    pub users: u64,
    /// How many of them were in a cycle.
    pub busy: u64,
    /// How many devices were in each state.
    pub states: BTreeMap<String, u64>,
    /// How much of one processor this process has used since the moment before, if that is known.
    pub processor: Option<f64>,
    /// How much memory this process held, in octets, if that is known.
    pub memory: Option<u64>,
}

/// How often devices went from one state to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitionCount {
    /// The state that they left.
    pub from: String,
    /// The state that they went to.
    pub to: String,
    /// How often.
    pub count: u64,
}

/// Something that must not be, and was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// When it was noticed.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// The device.
    pub device: String,
    /// What must not be.
    pub words: String,
}

/// What a threshold says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The threshold, as it is written.
    pub threshold: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was measured, in words: `612 ms`, `no samples`.
    pub measured: String,
    /// When it ended the load, if it did.
    #[serde(default, with = "seconds::optional")]
    pub ended_at: Option<Duration>,
}

/// One figure beside that of an earlier run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What is compared: `Configure p95`, `rate`.
    pub figure: String,
    /// What it was, in seconds, per second, or as a share.
    pub before: f64,
    /// What it is.
    pub now: f64,
    /// What that means.
    pub change: Change,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Better by more than the noise.
    Improved,
    /// Worse by more than the noise.
    Regressed,
    /// Within the noise.
    Unchanged,
}

impl LoadReport {
    /// When the clock was started, as a time.
    #[must_use]
    pub fn started_at(&self) -> SystemTime {
        let since = Duration::try_from_secs_f64(self.started).unwrap_or_default();
        SystemTime::UNIX_EPOCH
            .checked_add(since)
            .unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// Whether something was done, and nothing of it went well; or no cycle went through.
    pub(crate) fn nothing_went_well(&self) -> bool {
        let counted = self.measurements.iter();
        let mut counted = counted.filter(|it| it.phase != Phase::WarmUp).peekable();
        let is_any = counted.peek().is_some();
        let went_well = counted.any(|it| it.class == ResultClass::Ok);
        (is_any && !went_well) || (self.counts.failed > 0 && self.counts.done == 0)
    }

    /// The verdict of what the report holds.
    pub(crate) fn judged(&self) -> Verdict {
        let worse = |it: &Comparison| it.change == Change::Regressed;
        if self.judgements.iter().any(|it| !it.holds)
            || !self.violations.is_empty()
            || self.counts.users_failed > 0
            || self.counts.ends_failed > 0
            || self.nothing_went_well()
            || self.faults.iter().any(|it| it.problem.is_some())
            || self.comparison.iter().any(worse)
        {
            Verdict::Failed
        } else if self.measurements.iter().all(|it| it.phase == Phase::WarmUp) {
            Verdict::NothingRan
        } else {
            Verdict::Passed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::report::sample::sample;

    #[test]
    fn a_report_that_is_written_and_read_is_the_same() {
        for report in [sample(), LoadReport::default()] {
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(serde_json::from_str::<LoadReport>(&json).unwrap(), report);
        }
    }

    #[test]
    fn a_report_without_what_came_later_can_be_read_and_another_file_can_not() {
        let old = r#"{"name": "soak", "shards": ["1/1"], "seed": 1, "plan": "", "lasted": 2.5,
            "verdict": "passed", "counts": {"done": 7}, "measurements": []}"#;
        let read: LoadReport = serde_json::from_str(old).unwrap();
        assert_eq!((read.counts.done, read.lag.count()), (7, 0));
        let error = serde_json::from_str::<LoadReport>("{}").unwrap_err();
        assert!(error.to_string().contains("missing field"), "{error}");
    }
}
