//! What the page is given.

use std::sync::Arc;

use serde::Serialize;

use super::curves::Curve;
use super::gauges::{Seen, seen};
use super::series::{Drawn, drawn};
use crate::load::measure::{DistinctError, Latencies, ResultClass};
use crate::load::report::{
    Change, Counts, Judgement, LoadReport, Row, Summary, Verdict, Violation, figure, outcome,
    windows_of,
};

/// What the page is given: a report, with percentiles instead of histograms.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    name: &'a str,
    verdict: Verdict,
    why: String,
    seed: u64,
    plan: &'a str,
    shards: &'a [String],
    /// In seconds after 1970.
    started: f64,
    /// In seconds.
    lasted: f64,
    held: f64,
    counts: &'a Counts,
    /// In the order of counts of a row.
    classes: [&'static str; ResultClass::ALL.len()],
    rows: Vec<Line>,
    total: Line,
    by_fault: Vec<Line>,
    cycles: Option<Figures>,
    backfilled: Option<Figures>,
    backfill: u64,
    lag: Option<Figures>,
    curves: Vec<Curves>,
    series: Vec<Drawn>,
    gauges: Vec<Seen>,
    faults: Vec<Window>,
    errors: &'a [DistinctError],
    violations: &'a [Violation],
    judgements: &'a [Judgement],
    comparison: Vec<Compared<'a>>,
    notes: &'a [String],
    remarks: &'a [String],
}

/// A row of the table of actions, or of that of faults.
#[derive(Serialize)]
struct Line {
    /// None for all actions, or outside all faults.
    name: Option<String>,
    counts: [u64; ResultClass::ALL.len()],
    errors: u64,
    rate: Option<f64>,
    latency: Option<Figures>,
    service: Option<Figures>,
}

/// Percentiles in microseconds.
#[derive(Serialize)]
struct Figures {
    count: u64,
    p50: u128,
    p95: u128,
    p99: u128,
    p999: u128,
    max: u128,
}

/// Latency against percentile, of two things beside each other.
#[derive(Serialize)]
struct Curves {
    /// None for all actions.
    action: Option<String>,
    planned: Option<Curve>,
    service: Option<Curve>,
    /// Whole cycles, with those that users would have begun besides had they not waited.
    backfilled: Option<Curve>,
}

#[derive(Serialize)]
struct Window {
    fault: Arc<str>,
    from: f64,
    to: Option<f64>,
    outcome: String,
    recovered: Option<f64>,
}

#[derive(Serialize)]
struct Compared<'a> {
    figure: &'a str,
    before: String,
    now: String,
    /// The share of what it was by which it differs.
    by: Option<f64>,
    change: Change,
}

impl<'a> Document<'a> {
    pub(super) fn of(report: &'a LoadReport) -> Document<'a> {
        let summary = Summary::of(report);
        let mut backfilled = report.cycles.clone();
        backfilled.merge(&report.backfill);
        Document {
            name: &report.name,
            verdict: report.verdict,
            why: report.why(),
            seed: report.seed,
            plan: &report.plan,
            shards: &report.shards,
            started: report.started,
            lasted: report.lasted.as_secs_f64(),
            held: report.held.as_secs_f64(),
            counts: &report.counts,
            classes: ResultClass::ALL.map(ResultClass::name),
            curves: curves(report, &summary, &backfilled),
            rows: summary
                .rows
                .iter()
                .map(|it| Line::of(it.action.clone(), it))
                .collect(),
            total: Line::of(None, &summary.total),
            by_fault: summary
                .by_fault
                .iter()
                .map(|(name, it)| Line::of(name.clone(), it))
                .collect(),
            cycles: Figures::of(&report.cycles),
            backfilled: Figures::of(&backfilled).filter(|_| !report.backfill.is_empty()),
            backfill: report.backfill.count(),
            lag: Figures::of(&report.lag),
            series: drawn(&report.series),
            gauges: seen(&report.gauges),
            faults: windows(report),
            errors: &report.errors,
            violations: &report.violations,
            judgements: &report.judgements,
            comparison: compared(report),
            notes: &report.notes,
            remarks: &report.remarks,
        }
    }
}

impl Line {
    fn of(name: Option<String>, row: &Row) -> Line {
        Line {
            name,
            counts: row.counts,
            errors: row.errors(),
            rate: row.rate,
            latency: Figures::of(&row.latency),
            service: Figures::of(&row.service),
        }
    }
}

impl Figures {
    fn of(latencies: &Latencies) -> Option<Figures> {
        let at = |percentile| Some(latencies.percentile(percentile)?.as_micros());
        Some(Figures {
            count: latencies.count(),
            p50: at(50.0)?,
            p95: at(95.0)?,
            p99: at(99.0)?,
            p999: at(99.9)?,
            max: latencies.max()?.as_micros(),
        })
    }
}

/// Of all actions, of each, and of whole cycles.
fn curves(report: &LoadReport, summary: &Summary, backfilled: &Latencies) -> Vec<Curves> {
    let of = |row: &Row| Curves {
        action: row.action.clone(),
        planned: Curve::of(&row.latency),
        service: Curve::of(&row.service),
        backfilled: None,
    };
    let cycles = Curves {
        action: Some("whole cycles".to_owned()),
        planned: Curve::of(&report.cycles),
        service: None,
        backfilled: Curve::of(backfilled).filter(|_| !report.backfill.is_empty()),
    };
    let all = std::iter::once(&summary.total).chain(&summary.rows).map(of);
    let curves = all.chain([cycles]);
    let has_any = |it: &Curves| it.action.is_none() || it.planned.is_some();
    curves.filter(has_any).collect()
}

fn windows(report: &LoadReport) -> Vec<Window> {
    let shown = windows_of(&report.faults).into_iter().map(|it| Window {
        from: it.from.as_secs_f64(),
        to: it.to.map(|to| to.as_secs_f64()),
        outcome: outcome(&it),
        recovered: it.time_to_recover().map(|time| time.as_secs_f64()),
        fault: it.fault,
    });
    shown.collect()
}

fn compared(report: &LoadReport) -> Vec<Compared<'_>> {
    let shown = report.comparison.iter().map(|it| Compared {
        figure: &it.figure,
        before: figure(&it.figure, it.before),
        now: figure(&it.figure, it.now),
        by: Some((it.now - it.before) / it.before).filter(|share| share.is_finite()),
        change: it.change,
    });
    shown.collect()
}
