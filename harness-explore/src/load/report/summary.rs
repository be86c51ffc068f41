//! A report in a few figures.

use std::collections::BTreeMap;
use std::time::Duration;

use super::document::LoadReport;
use crate::load::measure::{Latencies, Measurement, Phase, ResultClass};

/// What was measured of an action, or of all, outside the warm-up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The action; none for all of them.
    pub action: Option<String>,
    /// How many ended with each class, in the order of [`ResultClass::ALL`].
    pub counts: [u64; ResultClass::ALL.len()],
    /// How many ended, and well, in a second of the time for which the load was held; none if it was never held.
    pub rate: Option<f64>,
    /// How long what ended well took, from its planned start.
    pub latency: Latencies,
    /// The same, from when it began.
    pub service: Latencies,
}

/// A report in a few figures: a row for each action, and one for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// By action.
    pub rows: Vec<Row>,
    /// All actions together.
    pub total: Row,
    /// All actions together within each fault, by its name, and outside all of them (none).
    pub by_fault: Vec<(Option<String>, Row)>,
}

impl Row {
    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many there were of a class.
    #[must_use]
    pub fn of(&self, class: ResultClass) -> u64 {
        self.counts[class.index()]
    }

    /// How many were errors.
    #[must_use]
    pub fn errors(&self) -> u64 {
        let errors = ResultClass::ALL.into_iter().filter(|it| it.is_error());
        errors.map(|class| self.of(class)).sum()
    }

    /// The share of errors, 0 to 1; none if there is nothing.
    #[must_use]
    pub fn error_rate(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.errors() as f64 / count as f64)
    }

    pub(crate) fn add(&mut self, measurement: &Measurement) {
        self.counts[measurement.class.index()] += measurement.latency.count();
        if measurement.class == ResultClass::Ok {
            self.latency.merge(&measurement.latency);
            self.service.merge(&measurement.service);
        }
    }
}

impl Summary {
    /// The figures of a report.
    #[must_use]
    pub fn of(report: &LoadReport) -> Summary {
        Summary::of_measurements(&report.measurements, report.held)
    }

    /// The figures of measurements, with the time for which the load was held.
    pub(crate) fn of_measurements(measurements: &[Measurement], held: Duration) -> Summary {
        let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
        let mut faults: BTreeMap<Option<&str>, Row> = BTreeMap::new();
        let mut held_well: BTreeMap<Option<&str>, u64> = BTreeMap::new();
        let mut total = Row::default();
        for measurement in measurements {
            if measurement.phase == Phase::WarmUp {
                continue;
            }
            let action = measurement.action.as_str();
            let row = rows.entry(action).or_insert_with(|| Row {
                action: Some(action.to_owned()),
                ..Row::default()
            });
            let fault = faults.entry(measurement.fault.as_deref()).or_default();
            for row in [row, fault, &mut total] {
                row.add(measurement);
            }
            if measurement.class == ResultClass::Ok {
                *held_well.entry(Some(action)).or_default() += measurement.held;
                *held_well.entry(None).or_default() += measurement.held;
            }
        }
        let rate = |action: Option<&str>| {
            let well = held_well.get(&action).copied().unwrap_or_default() as f64;
            (!held.is_zero()).then(|| well / held.as_secs_f64())
        };
        total.rate = rate(None);
        let rows = rows.into_iter().map(|(action, row)| Row {
            rate: rate(Some(action)),
            ..row
        });
        let named = |(fault, row): (Option<&str>, Row)| (fault.map(str::to_owned), row);
        Summary {
            rows: rows.collect(),
            by_fault: faults.into_iter().map(named).collect(),
            total,
        }
    }
}
