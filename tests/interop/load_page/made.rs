//! Loads that never happened.

use std::collections::BTreeMap;
use std::time::Duration;

use harness_explore::load::{
    Bucket, Change, Comparison, Counts, DistinctError, FaultWindow, Gauge, GaugeSeries, Judgement,
    Latencies, LoadReport, Measurement, Phase, ResultClass, Series, Verdict, Violation,
};

const HOSTILE: &str =
    "</script><img src=x onerror=\"document.body.id='hurt'\"><b>no beam</b> &amp;";

const COMMANDS: [&str; 5] = [
    "Configure until READY",
    "AssignResources until IDLE",
    "Scan",
    "EndScan",
    "<i>End</i>",
];

/// A load of so many seconds and actions, in two parts, with everything that a page can show.
pub(crate) fn run(seconds: u64, actions: usize) -> LoadReport {
    let mut report = LoadReport {
        name: "create, start, stop <b>& delete</b>".into(),
        shards: vec!["1/2".into(), "2/2".into()],
        seed: 4_815_162_342,
        plan: format!("stages = \"100, 30s; 100, {seconds}s\"\n# {HOSTILE}\n"),
        started: 1_795_694_400.25,
        lasted: Duration::from_millis(seconds * 1000 + 340),
        held: Duration::from_secs(seconds - 40),
        verdict: Verdict::Failed,
        ended_early: None,
        counts: counts(seconds),
        cycles: latencies(800_000, 100 * seconds, 9),
        lag: latencies(900, 30 * seconds, 5),
        backfill: latencies(5_000_000, seconds, 3),
        faults: faults(seconds),
        gauges: ["1/2", "2/2"].map(|part| gauges(part, seconds)).into(),
        ..LoadReport::default()
    };
    for number in 0..actions {
        let name = match COMMANDS.get(number) {
            Some(name) => (*name).to_owned(),
            None => format!("read attribute {number}"),
        };
        add(&mut report, &name, 4_000 * (1 + number as u64 % 7), seconds);
    }
    findings(&mut report);
    report
}

fn counts(seconds: u64) -> Counts {
    Counts {
        users: 100,
        started: 104 * seconds,
        done: 100 * seconds,
        failed: 31,
        cut_off: 12,
        dropped: 7,
        warm_up: 100,
        transitions: 612 * seconds,
        gaps: 2,
        ..Counts::default()
    }
}

/// Something between 0 and 999 that is always the same for a number.
fn chance(number: u64) -> u64 {
    (number.wrapping_mul(6_364_136_223_846_793_005) >> 33) % 1000
}

/// About so many microseconds, some of them much longer.
fn latencies(usual: u64, count: u64, seed: u64) -> Latencies {
    let mut latencies = Latencies::default();
    for number in 0..count {
        let chance = chance(number * 31 + seed);
        let slow = if chance > 985 { 6 } else { 1 };
        let micros = usual * (700 + chance) / 1000 * slow;
        latencies.record(Duration::from_micros(micros));
    }
    latencies
}

/// What goes wrong, from and to which second.
fn windows(seconds: u64) -> [(&'static str, u64, u64); 4] {
    let tenth = seconds / 10;
    [
        (
            "the link to low-csp/subarray/01 has a delay of 80 ms",
            2 * tenth,
            3 * tenth,
        ),
        ("half of the packets are lost", 5 * tenth, 6 * tenth),
        (
            "Configure fails <b>with</b> \"no beams\"",
            5 * tenth + 5,
            6 * tenth + 12,
        ),
        ("the telescope manager restarts", 8 * tenth, 8 * tenth + 1),
    ]
}

fn faults(seconds: u64) -> Vec<FaultWindow> {
    let window = |(number, (fault, from, to)): (u64, (&str, u64, u64))| FaultWindow {
        fault: fault.into(),
        from: Duration::from_secs(from),
        to: (number < 3).then(|| Duration::from_secs(to)),
        first_success: (number < 3).then(|| Duration::from_millis(to * 1000 + 12)),
        last_error: (number == 0).then(|| Duration::from_millis(to * 1000 + 2340)),
        problem: (number == 3).then(|| format!("it did not end: {HOSTILE}")),
    };
    (0..).zip(windows(seconds)).map(window).collect()
}

fn add(report: &mut LoadReport, action: &str, usual: u64, seconds: u64) {
    let mut series = Series {
        width: Duration::from_secs(1),
        buckets: Vec::new(),
    };
    let mut cells: BTreeMap<(ResultClass, Option<&str>), Latencies> = BTreeMap::new();
    for second in 0..seconds {
        let mut within = windows(seconds).into_iter();
        let fault = within.find(|(_, from, to)| (*from..*to).contains(&second));
        let fault = fault.map(|(name, ..)| name);
        let count = 20.min(2 + second / 2) + chance(second) / 250;
        let slow = if fault.is_some() { 9 } else { 1 };
        let latency = latencies(usual * slow, count, second);
        let wrong = fault.map_or(0, |_| count / 5);
        let mut bucket = Bucket::default();
        let classes = [
            (ResultClass::Ok, count - wrong),
            (ResultClass::Rejected, chance(second * 7) / 900),
            (ResultClass::DevFailed, wrong / 3),
            (ResultClass::TimedOut, wrong - wrong / 3),
        ];
        for (class, count) in classes {
            bucket.counts[class as usize] = count;
            cells
                .entry((class, fault))
                .or_default()
                .merge(&latencies(usual * slow, count, second));
        }
        bucket.latency = latency;
        // there is nothing for a while
        let is_gap = (seconds / 10 * 7..seconds / 10 * 7 + 6).contains(&second);
        series
            .buckets
            .push(if is_gap { Bucket::default() } else { bucket });
    }
    let measured = cells
        .into_iter()
        .map(|((class, fault), latency)| Measurement {
            action: action.into(),
            from: Some("IDLE".into()),
            class,
            phase: Phase::Hold,
            fault: fault.map(str::to_owned),
            held: latency.count(),
            service: latencies(usual / 2, latency.count(), 3),
            latency,
        });
    report.measurements.extend(measured);
    report.series.insert(action.into(), series);
}

fn gauges(part: &str, seconds: u64) -> GaugeSeries {
    let gauge = |second: u64| {
        let users = second.min(50);
        let chance = chance(second);
        let states = [
            ("EMPTY", 8_u64.saturating_sub(second / 10)),
            ("IDLE", chance % 3),
            ("CONFIGURING", chance % 4),
            ("READY", second / 40 % 4),
            ("SCANNING <b>", 6.min(second / 15)),
            ("FAULT", u64::from(chance > 900)),
        ];
        Gauge {
            at: Duration::from_millis(second * 1000 + chance / 50),
            users,
            busy: users * (500 + chance / 2) / 1000,
            states: states.map(|(name, count)| (name.to_owned(), count)).into(),
            processor: (second > 0).then_some(0.2 + chance as f64 / 4000.0),
            memory: Some(38_000_000 + second * 40_000),
        }
    };
    GaugeSeries {
        shard: part.into(),
        gauges: (0..=seconds).map(gauge).collect(),
    }
}

fn findings(report: &mut LoadReport) {
    let errors = [
        (
            "Configure until READY",
            ResultClass::TimedOut,
            "READY was not seen within 3 s: the last state was CONFIGURING",
        ),
        (
            "Scan",
            ResultClass::Rejected,
            "Scan is not allowed in obsState IDLE",
        ),
        ("<i>End</i>", ResultClass::DevFailed, HOSTILE),
        ("", ResultClass::Unreachable, "other errors"),
    ];
    report.errors = (1..)
        .zip(errors)
        .map(|(number, (action, class, words))| DistinctError {
            action: action.into(),
            class,
            words: words.into(),
            count: 4000 / (number * number),
            first: Duration::from_millis(48_120 + 10 * number),
            last: Duration::from_millis(151_400),
        })
        .collect();
    report.violations = vec![Violation {
        at: Duration::from_millis(133_700),
        device: "low-csp/subarray/01".into(),
        words: format!("two Configure were accepted at once {HOSTILE}"),
    }];
    let judgement = |threshold: &str, holds, measured: &str| Judgement {
        threshold: threshold.into(),
        holds,
        measured: measured.into(),
        ended_at: None,
    };
    report.judgements = vec![
        judgement("p95 < 500ms", true, "48 ms"),
        judgement("error-rate < 1%", false, "4.1 %"),
        judgement("Scan rate > 10", true, "19.2/s"),
    ];
    let compared = |figure: &str, before, now, change| Comparison {
        figure: figure.into(),
        before,
        now,
        change,
    };
    report.comparison = vec![
        compared("Configure until READY p95", 0.031, 0.048, Change::Regressed),
        compared("Scan p50", 0.014, 0.012, Change::Improved),
        compared("rate", 61.0, 60.2, Change::Unchanged),
    ];
}
