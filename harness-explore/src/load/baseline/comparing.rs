//! Which figures of two reports are compared.

use std::collections::BTreeMap;

use super::difference::{Better, Difference};
use super::noise::Noise;
use crate::load::measure::{Latencies, ResultClass};
use crate::load::report::{LoadReport, Row, Summary};

/// The percentiles that are compared, each with how many of a thousand are beyond it.
const PERCENTILES: [(&str, f64, u64); 3] =
    [("p50", 50.0, 500), ("p95", 95.0, 50), ("p99", 99.0, 10)];

/// So many samples must be beyond a percentile: with fewer it is that of a few.
const BEYOND: u64 = 10;

/// So many must have been done for a rate or a share.
const FEWEST: u64 = 100;

/// A share that differs by less differs by chance.
const LEAST_SHARE: f64 = 0.001;

/// As many errors more or fewer say nothing.
const FEW_ERRORS: f64 = 2.0;

impl LoadReport {
    /// Compares this with an earlier report, and says how it ended, anew: a figure that is worse than it
    /// was makes it [failed](crate::load::Verdict::Failed).
    ///
    /// Compared are p50, p95 and p99 of what went well, from when it should have begun, the rate and the
    /// error rate, of each action and of all. What can't be compared, and why, is told in
    /// [`remarks`](Self::remarks): a percentile needs 10 samples beyond it in both, a rate and an error rate
    /// need 100 samples.
    ///
    /// A share of errors must besides differ by a thousandth and by more than two errors.
    pub fn compare(&mut self, baseline: &LoadReport, noise: Noise) {
        let (now, before) = (Summary::of(self), Summary::of(baseline));
        let mut comparing = Comparing {
            noise,
            differences: Vec::new(),
            remarks: differing_plans(self, baseline),
        };
        let rows = |summary: &Summary| -> BTreeMap<String, Row> {
            let named = |row: &Row| Some((row.action.clone()?, row.clone()));
            summary.rows.iter().filter_map(named).collect()
        };
        comparing.add("", &before.total, &now.total);
        let (mut before, now) = (rows(&before), rows(&now));
        for (action, now) in now {
            match before.remove(&action) {
                Some(before) => comparing.add(&action, &before, &now),
                None => comparing.tell(format!("{action}: not in the baseline")),
            }
        }
        for action in before.into_keys() {
            comparing.tell(format!("{action}: only in the baseline"));
        }
        let judged = comparing.differences.into_iter();
        self.comparison = judged.map(|it| it.judged(noise)).collect();
        self.remarks = comparing.remarks;
        self.verdict = self.judged();
    }
}

fn differing_plans(now: &LoadReport, before: &LoadReport) -> Vec<String> {
    let mut remarks = Vec::new();
    if now.name != before.name {
        remarks.push(format!(
            "the baseline is of another load: {}, not {}",
            before.name, now.name
        ));
    } else if now.plan != before.plan {
        remarks.push("the baseline is of another plan of the same name".to_owned());
    }
    remarks
}

struct Comparing {
    noise: Noise,
    differences: Vec<Difference>,
    remarks: Vec<String>,
}

impl Comparing {
    fn tell(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    fn add(&mut self, action: &str, before: &Row, now: &Row) {
        let named = |figure: &str| match action {
            "" => figure.to_owned(),
            action => format!("{action} {figure}"),
        };
        let mut too_few = Vec::new();
        for (name, percentile, beyond) in PERCENTILES {
            let at = |latencies: &Latencies| {
                let enough = latencies.count() * beyond / 1000 >= BEYOND;
                let time = latencies.percentile(percentile).filter(|_| enough)?;
                Some(time.as_secs_f64())
            };
            match (at(&before.latency), at(&now.latency)) {
                (Some(before), Some(now)) => self.differences.push(Difference {
                    figure: named(name),
                    before,
                    now,
                    better: Better::Less,
                    floor: self.noise.latency.as_secs_f64(),
                }),
                _ => too_few.push(name),
            }
        }
        let enough = |row: &Row| row.count() >= FEWEST;
        let well = |row: &Row| row.of(ResultClass::Ok) >= FEWEST;
        match (before.rate, now.rate) {
            // what was often done well, and is no more, is the worst of all
            (Some(rate), Some(rate_now)) if well(before) || well(now) => {
                self.differences.push(Difference {
                    figure: named("rate"),
                    before: rate,
                    now: rate_now,
                    better: Better::More,
                    floor: 0.0,
                });
            }
            (Some(_), Some(_)) => too_few.push("rate"),
            _ => self.tell(named("rate: not compared, one of the loads was never held")),
        }
        match (before.error_rate(), now.error_rate()) {
            (Some(share), Some(share_now)) if enough(before) && enough(now) => {
                let fewest = before.count().min(now.count()) as f64;
                self.differences.push(Difference {
                    figure: named("error-rate"),
                    before: share,
                    now: share_now,
                    better: Better::Less,
                    floor: LEAST_SHARE.max(FEW_ERRORS / fewest),
                });
            }
            _ => too_few.push("error-rate"),
        }
        if !too_few.is_empty() {
            let (of, of_now) = (before.count(), now.count());
            self.tell(named(&format!(
                "{}: not compared, {of} samples before or {of_now} now are too few",
                too_few.join(", ")
            )));
        }
    }
}
