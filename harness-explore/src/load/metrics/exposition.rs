//! Which figures there are.

use std::sync::Arc;

use super::capped::Capped;
use super::page::{Kind, Page};
use crate::load::engine::Live;
use crate::load::measure::{FixedBuckets, Phase, Snapshot};

/// What [`exposition`] gives, as HTTP calls it.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How a load is going, in the text format of Prometheus, version 0.0.4.
///
/// It does not hold the load up: what was counted is copied while samples wait, and written after that.
/// A family has at most 200 sets of labels: what comes after them is counted together, under `other`, and
/// `harness_load_label_overflow_total` says how many sets that are.
///
/// ```
/// use harness_explore::load::{Load, Plan, metrics};
///
/// let load = Load::new(Plan::cycles("patience", 5, 20))?;
/// let text = metrics::exposition(&load.live());
/// assert!(text.contains("\nharness_load_dropped_total 0\n"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn exposition(live: &Live) -> String {
    let mut snapshot = live.snapshot();
    let gauge = live.gauge();
    snapshot.cells.sort_unstable_by_key(|cell| cell.number);
    let mut page = Page::default();
    let mut overflows = Vec::new();
    overflows.extend(commands(&mut page, &snapshot));
    cycles(&mut page, &snapshot);
    page.gauge("users", "Users that are there.", gauge.users);
    page.gauge("busy_users", "Users that are in a cycle.", gauge.busy);
    states(&mut page, &gauge.states);
    changes(&mut page, &snapshot);
    overflows.extend(faults(&mut page, &snapshot));
    let mut family = page.family(
        "label_overflow_total",
        Kind::Counter,
        "Sets of labels of a counter or histogram that are counted under other: there were too many.",
    );
    for (name, count) in overflows {
        family.sample(&[("family", name)], count);
    }
    let mut family = page.family("build_info", Kind::Gauge, "The version of the harness.");
    family.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.into_text()
}

/// How many sets of labels of which families are not told apart.
type Overflow = (&'static str, usize);

fn commands(page: &mut Page, snapshot: &Snapshot) -> [Overflow; 2] {
    let mut counts: Capped<4, u64> = Capped::new();
    let mut times: Capped<2, (FixedBuckets, FixedBuckets)> = Capped::new();
    for cell in &snapshot.cells {
        let (action, result) = (&cell.action, Arc::from(cell.class.name()));
        let (from, phase) = (&cell.from, Arc::from(cell.phase.name()));
        let labels = [action.clone(), from.clone(), Arc::clone(&result), phase];
        *counts.at(labels) += cell.times.latency.count();
        if cell.phase != Phase::WarmUp {
            let (latency, service) = times.at([action.clone(), result]);
            latency.merge(&cell.times.latency);
            service.merge(&cell.times.service);
        }
    }
    let mut family = page.family(
        "commands_total",
        Kind::Counter,
        "What users did, by the state of the device before, what became of it, and the part of the load.",
    );
    for ([action, from, result, phase], count) in counts.samples() {
        let labels = [
            ("action", &**action),
            ("from", from),
            ("result", result),
            ("phase", phase),
        ];
        family.sample(&labels, count);
    }
    let mut family = page.family(
        "command_duration_seconds",
        Kind::Histogram,
        "How long it took, from when it should have begun; without the warm-up.",
    );
    for ([action, result], (latency, _)) in times.samples() {
        family.histogram(&[("action", action), ("result", result)], latency);
    }
    let mut family = page.family(
        "command_service_seconds",
        Kind::Histogram,
        "How long it took, from when it began; without the warm-up.",
    );
    for ([action, result], (_, service)) in times.samples() {
        family.histogram(&[("action", action), ("result", result)], service);
    }
    [
        ("commands_total", counts.rest()),
        ("command_duration_seconds", times.rest()),
    ]
}

fn cycles(page: &mut Page, snapshot: &Snapshot) {
    let counts = &snapshot.counts;
    let mut family = page.family(
        "cycles_total",
        Kind::Counter,
        "Cycles of users that have ended, by how; those of the warm-up by that.",
    );
    for (result, count) in [
        ("done", counts.done),
        ("failed", counts.failed),
        ("cut-off", counts.cut_off),
        ("warm-up", counts.warm_up),
    ] {
        family.sample(&[("result", result)], count);
    }
    let mut family = page.family(
        "cycle_duration_seconds",
        Kind::Histogram,
        "How long cycles took that went through, from when they should have begun; without the warm-up.",
    );
    family.histogram(&[], &snapshot.cycles);
    page.counter(
        "dropped_total",
        "Planned starts that nobody was free for in time.",
        counts.dropped,
    );
}

/// States are no counter: which of too many are told apart may change.
fn states(page: &mut Page, states: &std::collections::BTreeMap<String, u64>) {
    let mut counts: Capped<1, u64> = Capped::new();
    for (state, count) in states {
        *counts.at([state.as_str().into()]) += count;
    }
    let mut family = page.family(
        "device_states",
        Kind::Gauge,
        "How many devices are in each state.",
    );
    for ([state], count) in counts.samples() {
        family.sample(&[("state", state)], count);
    }
}

/// What was seen of the devices.
fn changes(page: &mut Page, snapshot: &Snapshot) {
    page.counter(
        "transitions_total",
        "Changes of state that were seen.",
        snapshot.counts.transitions,
    );
    page.counter(
        "gaps_total",
        "Times at which changes of state may have been missed.",
        snapshot.counts.gaps,
    );
    page.counter(
        "violations_total",
        "Things that must not be, and were.",
        snapshot.violations as u64,
    );
}

fn faults(page: &mut Page, snapshot: &Snapshot) -> [Overflow; 1] {
    let mut faults: Capped<1, (u64, u64)> = Capped::new();
    for window in &snapshot.faults {
        let (active, all) = faults.at([window.fault.clone()]);
        *active += u64::from(window.to.is_none() && window.problem.is_none());
        *all += 1;
    }
    let mut family = page.family(
        "chaos_active",
        Kind::Gauge,
        "Whether something is made to go wrong.",
    );
    for ([fault], (active, _)) in faults.samples() {
        family.sample(&[("fault", fault)], u64::from(*active > 0));
    }
    let mut family = page.family(
        "faults_total",
        Kind::Counter,
        "How often something was made to go wrong.",
    );
    for ([fault], (_, all)) in faults.samples() {
        family.sample(&[("fault", fault)], all);
    }
    [("faults_total", faults.rest())]
}
