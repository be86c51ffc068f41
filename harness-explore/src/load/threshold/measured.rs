//! What a figure is in a report.

use std::time::Duration;

use super::figure::{Figure, Scope, Statistic, Timed};
use super::threshold::Threshold;
use crate::load::measure::{FaultWindow, Latencies, Measurement, Phase, ResultClass};
use crate::load::report::{LoadReport, Row};

/// What was measured of a figure.
#[derive(Debug, PartialEq)]
pub(super) enum Measured {
    /// Nothing.
    Nothing,
    /// So much, in what its kind is counted in, of so many.
    So { figure: f64, of: u64 },
    /// So long after a fault, in nanoseconds.
    After { figure: f64, fault: String },
    /// A fault that could not be begun or ended.
    Broken { fault: String, problem: String },
}

impl Threshold {
    pub(super) fn measured(&self, report: &LoadReport) -> Measured {
        let counts = &report.counts;
        let so_many = |count: u64| Measured::So {
            figure: count as f64,
            of: count,
        };
        match self.figure {
            Figure::Time(Timed::Cycles, statistic) => time(&report.cycles, statistic),
            Figure::Time(Timed::Service, statistic) => time(&self.row(report).service, statistic),
            Figure::Time(Timed::Latency, statistic) => time(&self.row(report).latency, statistic),
            Figure::ErrorRate => {
                let row = self.row(report);
                share(row.errors(), row.count())
            }
            Figure::RejectedRate => {
                let row = self.row(report);
                share(row.of(ResultClass::Rejected), row.count())
            }
            Figure::DroppedRate => share(counts.dropped, counts.dropped + counts.started),
            Figure::Rate => self.rate(report),
            Figure::Count => so_many(self.row(report).count()),
            Figure::Dropped => so_many(counts.dropped),
            Figure::Violations => so_many(report.violations.len() as u64),
            Figure::Gaps => so_many(counts.gaps),
            Figure::Recovery => self.recovery(report),
        }
    }

    /// What it is made of, together.
    fn row(&self, report: &LoadReport) -> Row {
        let mut row = Row::default();
        self.chosen(report).for_each(|it| row.add(it));
        row
    }

    fn chosen<'a>(&'a self, report: &'a LoadReport) -> impl Iterator<Item = &'a Measurement> {
        report.measurements.iter().filter(|it| {
            let of_it = self.action.as_ref().is_none_or(|name| *name == it.action);
            let in_scope = match self.scope {
                Scope::Always => true,
                Scope::OutsideFaults => it.fault.is_none(),
                Scope::DuringFaults => it.fault.is_some(),
            };
            of_it && in_scope && it.phase != Phase::WarmUp
        })
    }

    fn rate(&self, report: &LoadReport) -> Measured {
        if report.held.is_zero() {
            return Measured::Nothing;
        }
        let (mut well, mut of) = (0, 0);
        for measurement in self.chosen(report) {
            of += measurement.held;
            if measurement.class == ResultClass::Ok {
                well += measurement.held;
            }
        }
        match of {
            0 => Measured::Nothing,
            of => Measured::So {
                figure: well as f64 / report.held.as_secs_f64(),
                of,
            },
        }
    }

    /// The longest time. One that has not recovered, and was not given the time for it, says nothing.
    fn recovery(&self, report: &LoadReport) -> Measured {
        let mut longest: Option<(Duration, &FaultWindow)> = None;
        for window in &report.faults {
            if let Some(problem) = &window.problem {
                return Measured::Broken {
                    fault: window.fault.to_string(),
                    problem: problem.clone(),
                };
            }
            let pending = || {
                let to = window.to?;
                let went_on = |it: &FaultWindow| it.to.is_none_or(|end| end > to);
                if report.faults.iter().any(went_on) {
                    // that it did not recover is the other one's doing
                    return None;
                }
                let since = report.lasted.saturating_sub(to);
                let too_long = !self.limit.holds(nanoseconds(since));
                too_long.then_some(since)
            };
            let took = window.time_to_recover().or_else(pending);
            longest = match (took, longest) {
                (Some(took), Some((known, _))) if took <= known => longest,
                (Some(took), _) => Some((took, window)),
                (None, longest) => longest,
            };
        }
        match longest {
            None => Measured::Nothing,
            Some((took, window)) => Measured::After {
                figure: nanoseconds(took),
                fault: window.fault.to_string(),
            },
        }
    }
}

fn time(times: &Latencies, statistic: Statistic) -> Measured {
    let time = match statistic {
        Statistic::Percentile(percentile) => times.percentile(percentile),
        Statistic::Average => times.mean(),
        Statistic::Min => times.min(),
        Statistic::Max => times.max(),
    };
    time.map_or(Measured::Nothing, |time| Measured::So {
        figure: nanoseconds(time),
        of: times.count(),
    })
}

fn share(part: u64, of: u64) -> Measured {
    match of {
        0 => Measured::Nothing,
        of => Measured::So {
            figure: part as f64 / of as f64,
            of,
        },
    }
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_nanos() as f64
}
