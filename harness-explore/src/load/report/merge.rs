//! One report of those of all parts.

use std::collections::BTreeMap;
use std::time::Duration;

use super::document::{Counts, LoadReport, TransitionCount};
use crate::load::measure::{Errors, Measurement};

/// How far apart parts may begin without a word.
const FAR_APART: Duration = Duration::from_secs(5);

/// Reports that are not of the same load.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is none.
    #[error("there is no report to merge")]
    None,
    /// They are of different plans.
    #[error(
        "the reports are of different loads: {first} and {second}; merge those of one plan and one seed"
    )]
    Different {
        /// The first one.
        first: String,
        /// The one that differs from it.
        second: String,
    },
    /// The same part twice.
    #[error("part {shard} is there twice: each part counts once")]
    Twice {
        /// The part.
        shard: String,
    },
    /// They were cut into different numbers of parts.
    #[error("the reports are of {first} and of {second} parts: take those of one run")]
    OtherCut {
        /// How many parts one says there are.
        first: u32,
        /// How many another one says there are.
        second: u32,
    },
    /// Some parts are missing.
    #[error("of {of} parts {missing} {} missing; give the reports of all", if missing.contains(',') { "are" } else { "is" })]
    Missing {
        /// Which are missing.
        missing: String,
        /// How many there should be.
        of: u32,
    },
}

impl LoadReport {
    /// One report of those of all parts of a plan: counts are sums, and percentiles those of one
    /// histogram that has seen it all. Thresholds are not judged anew: see
    /// [`Plan::judge`](crate::load::Plan::judge).
    ///
    /// # Errors
    /// When a part is missing or there twice, or they are of different plans.
    pub fn merge(reports: Vec<LoadReport>) -> Result<LoadReport, MergeError> {
        complete(&reports)?;
        let mut reports = reports;
        // the order of files must not show
        reports.sort_by_key(|it| it.shards.iter().filter_map(|it| place(it)).min());
        let mut reports = reports.into_iter();
        let mut merged = reports.next().ok_or(MergeError::None)?;
        for report in reports {
            merged.add(report)?;
        }
        merged.judgements.clear();
        merged.comparison.clear();
        merged.remarks.clear();
        merged.verdict = merged.judged();
        Ok(merged)
    }

    fn add(&mut self, other: LoadReport) -> Result<(), MergeError> {
        let alike = (&self.plan, self.seed) == (&other.plan, other.seed);
        if !alike || self.name != other.name {
            let told = |it: &LoadReport| format!("{} (seed {})", it.name, it.seed);
            return Err(MergeError::Different {
                first: told(self),
                second: told(&other),
            });
        }
        let apart = (self.started - other.started).abs();
        if apart > FAR_APART.as_secs_f64() {
            self.notes.push(format!(
                "part {} began {apart:.0} s apart from the first: what is told over time is not of the same time",
                other.shards.join(", ")
            ));
        }
        self.shards.extend(other.shards);
        for note in other.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        self.started = self.started.min(other.started);
        self.lasted = self.lasted.max(other.lasted);
        self.held = self.held.max(other.held);
        self.ended_early = self.ended_early.take().or(other.ended_early);
        self.counts.add(&other.counts);
        self.cycles.merge(&other.cycles);
        self.lag.merge(&other.lag);
        self.backfill.merge(&other.backfill);
        for (action, series) in &other.series {
            self.series.entry(action.clone()).or_default().merge(series);
        }
        self.gauges.extend(other.gauges);
        self.measurements = merged(std::mem::take(&mut self.measurements), other.measurements);
        let mut errors = Errors::default();
        let all = self.errors.drain(..).chain(other.errors);
        all.for_each(|error| errors.add(error));
        self.errors = errors.sorted();
        self.faults.extend(other.faults);
        self.faults.sort_by_key(|it| it.from);
        self.transitions = summed(std::mem::take(&mut self.transitions), other.transitions);
        for (state, dwell) in &other.dwell {
            self.dwell.entry(state.clone()).or_default().merge(dwell);
        }
        self.violations.extend(other.violations);
        self.violations.sort_by_key(|it| it.at);
        Ok(())
    }
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        for (sum, count) in [
            (&mut self.users, other.users),
            (&mut self.users_failed, other.users_failed),
            (&mut self.ends_failed, other.ends_failed),
            (&mut self.started, other.started),
            (&mut self.done, other.done),
            (&mut self.failed, other.failed),
            (&mut self.cut_off, other.cut_off),
            (&mut self.dropped, other.dropped),
            (&mut self.warm_up, other.warm_up),
            (&mut self.transitions, other.transitions),
            (&mut self.gaps, other.gaps),
            (&mut self.untold_violations, other.untold_violations),
        ] {
            *sum += count;
        }
    }
}

fn merged(first: Vec<Measurement>, second: Vec<Measurement>) -> Vec<Measurement> {
    let mut all: BTreeMap<_, Measurement> = BTreeMap::new();
    for measurement in first.into_iter().chain(second) {
        let (action, from, class, phase, fault) = measurement.key();
        let owned = |it: Option<&str>| it.map(str::to_owned);
        let key = (action.to_owned(), owned(from), class, phase, owned(fault));
        match all.get_mut(&key) {
            Some(known) => {
                known.latency.merge(&measurement.latency);
                known.service.merge(&measurement.service);
                known.held += measurement.held;
            }
            None => {
                all.insert(key, measurement);
            }
        }
    }
    all.into_values().collect()
}

fn summed(first: Vec<TransitionCount>, second: Vec<TransitionCount>) -> Vec<TransitionCount> {
    let mut all: BTreeMap<(String, String), u64> = BTreeMap::new();
    for TransitionCount { from, to, count } in first.into_iter().chain(second) {
        *all.entry((from, to)).or_default() += count;
    }
    let counted = |((from, to), count)| TransitionCount { from, to, count };
    all.into_iter().map(counted).collect()
}

/// Which part it is, and of how many: `2/4`.
fn place(shard: &str) -> Option<(u32, u32)> {
    let (part, of) = shard.split_once('/')?;
    Some((part.parse().ok()?, of.parse().ok()?))
}

/// Whether every part is there, once.
fn complete(reports: &[LoadReport]) -> Result<(), MergeError> {
    let shards = reports.iter().flat_map(|it| &it.shards);
    let mut places: Vec<_> = shards.filter_map(|it| place(it)).collect();
    places.sort_unstable();
    for pair in places.windows(2) {
        if let [(part, of), second] = pair
            && (*part, *of) == *second
        {
            let shard = format!("{part}/{of}");
            return Err(MergeError::Twice { shard });
        }
    }
    let of = places.first().map_or(1, |(_, of)| *of);
    if let Some((_, other)) = places.iter().find(|(_, it)| *it != of) {
        return Err(MergeError::OtherCut {
            first: of.min(*other),
            second: of.max(*other),
        });
    }
    let there = |part: &u32| places.iter().any(|(it, _)| it == part);
    let missing: Vec<_> = (1..=of).filter(|part| !there(part)).collect();
    if missing.is_empty() || places.is_empty() {
        return Ok(());
    }
    let missing = missing.iter().map(u32::to_string).collect::<Vec<_>>();
    Err(MergeError::Missing {
        missing: missing.join(", "),
        of,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::measure::{Latencies, Phase, ResultClass};

    fn part(shard: &str, micros: &[u64]) -> LoadReport {
        let mut latency = Latencies::default();
        for it in micros {
            latency.record(Duration::from_micros(*it));
        }
        LoadReport {
            name: "soak".into(),
            shards: vec![shard.into()],
            measurements: vec![Measurement {
                action: "Scan".into(),
                from: None,
                class: ResultClass::Ok,
                phase: Phase::Hold,
                fault: None,
                held: latency.count(),
                service: latency.clone(),
                latency,
            }],
            ..LoadReport::default()
        }
    }

    #[test]
    fn the_order_of_the_parts_does_not_show() {
        let [one, two] = [part("1/2", &[5, 70]), part("2/2", &[900, 12])];
        let merged = LoadReport::merge(vec![two.clone(), one.clone()]).unwrap();
        assert_eq!(merged, LoadReport::merge(vec![one, two]).unwrap());
        assert_eq!(merged.shards, ["1/2", "2/2"]);
        assert_eq!(merged.measurements[0].latency.count(), 4);
    }

    #[test]
    fn changes_of_state_add_up_and_times_in_a_state_are_those_of_all_parts() {
        let with = |shard, from: &str, count, millis| {
            let mut part = part(shard, &[1]);
            let (from, to) = (from.to_owned(), "READY".to_owned());
            part.transitions = vec![TransitionCount { from, to, count }];
            let dwell = part.dwell.entry("IDLE".to_owned()).or_default();
            dwell.record(Duration::from_millis(millis));
            part
        };
        let parts = vec![with("1/3", "IDLE", 2, 1), with("2/3", "IDLE", 3, 2)];
        let parts = [parts, vec![with("3/3", "A", 1, 1)]].concat();
        let merged = LoadReport::merge(parts).unwrap();
        let told = merged.transitions.iter().map(|it| (&*it.from, it.count));
        assert_eq!(told.collect::<Vec<_>>(), [("A", 1), ("IDLE", 5)]);
        assert_eq!(merged.dwell["IDLE"].count(), 3);
        assert_eq!(merged.dwell["IDLE"].max(), Some(Duration::from_millis(2)));
    }

    #[test]
    fn a_part_that_is_missing_or_there_twice_is_told() {
        let told = |shards: &[&str]| {
            let parts = shards.iter().map(|it| part(it, &[1])).collect();
            LoadReport::merge(parts).unwrap_err().to_string()
        };
        assert_eq!(
            told(&["1/3"]),
            "of 3 parts 2, 3 are missing; give the reports of all"
        );
        assert_eq!(
            told(&["1/1", "2/2"]),
            "the reports are of 1 and of 2 parts: take those of one run"
        );
        assert_eq!(
            told(&["1/2", "1/2"]),
            "part 1/2 is there twice: each part counts once"
        );
        assert_eq!(told(&[]), "there is no report to merge");
    }

    #[test]
    fn parts_that_began_far_apart_and_what_they_note_are_told() {
        let [mut one, mut two] = [part("1/2", &[5]), part("2/2", &[7])];
        one.started = 100.0;
        two.started = 104.0;
        let merged = LoadReport::merge(vec![one.clone(), two.clone()]).unwrap();
        assert_eq!(merged.notes, [""; 0]);
        two.started = 160.0;
        two.notes = vec!["nobody looked".into()];
        let told = LoadReport::merge(vec![one, two]).unwrap().to_string();
        assert!(told.contains("part 2/2 began 60 s apart"), "{told}");
        assert!(told.contains("nobody looked"), "{told}");
    }

    #[test]
    fn parts_of_another_seed_are_no_parts_of_it() {
        let mut other = part("2/2", &[1]);
        other.seed = 5;
        let error = LoadReport::merge(vec![part("1/2", &[1]), other]).unwrap_err();
        assert!(error.to_string().contains("different loads"), "{error}");
    }
}
