//! A report of a load that never was, with everything that there can be.

use std::collections::BTreeMap;
use std::time::Duration;

use super::document::{
    Change, Comparison, Counts, Gauge, GaugeSeries, Judgement, LoadReport, Violation,
};
use crate::load::measure::{
    DistinctError, FaultWindow, Latencies, Measurement, Phase, ResultClass, Series,
};

/// So long it took, in seconds.
const SECONDS: u64 = 40;

/// The fault is there from the first to the second of these seconds.
const DARK: (u64, u64) = (15, 20);

/// Two parts of a load of two actions, with a fault, errors, and everything else.
pub(crate) fn sample() -> LoadReport {
    let mut report = LoadReport {
        name: "soak".into(),
        shards: vec!["1/2".into(), "2/2".into()],
        seed: 42,
        started: 1_795_694_400.0,
        lasted: Duration::from_millis(40_250),
        held: Duration::from_secs(30),
        counts: Counts {
            users: 16,
            started: 820,
            done: 780,
            failed: 12,
            cut_off: 8,
            dropped: 3,
            warm_up: 20,
            transitions: 2400,
            gaps: 1,
            ..Counts::default()
        },
        lag: of(&[120, 300, 90_000], 10),
        cycles: of(&[8_000, 12_000, 700_000], 260),
        backfill: of(&[500_000, 900_000], 4),
        ..LoadReport::default()
    };
    for (action, service) in [("Configure until READY", 4000), ("Scan", 900)] {
        measured(&mut report, action, service);
    }
    report.gauges = ["1/2", "2/2"].map(gauges).into();
    rest(&mut report);
    report.verdict = report.judged();
    report
}

fn measured(report: &mut LoadReport, action: &str, service: u64) {
    let mut series = Series::default();
    for second in 0..SECONDS {
        let dark = (DARK.0..DARK.1).contains(&second);
        for nth in 0..20 {
            let class = match (dark, nth) {
                (true, 0..3) => ResultClass::TimedOut,
                (true, 3) => ResultClass::DevFailed,
                (false, 7) => ResultClass::Rejected,
                _ => ResultClass::Ok,
            };
            let slow = if dark { 40 } else { 1 };
            let latency = Duration::from_micros(service * slow + nth * 211);
            series.record(Duration::from_secs(second), class, latency);
        }
    }
    let cells = [
        (ResultClass::Ok, Phase::WarmUp, None, 95),
        (ResultClass::Ok, Phase::Ramp, None, 95),
        (ResultClass::Ok, Phase::Hold, None, 475),
        (ResultClass::Rejected, Phase::Hold, None, 35),
        (ResultClass::Ok, Phase::Hold, Some("the link is slow"), 80),
        (
            ResultClass::TimedOut,
            Phase::Hold,
            Some("the link is slow"),
            15,
        ),
        (
            ResultClass::DevFailed,
            Phase::Hold,
            Some("the link is slow"),
            5,
        ),
    ];
    for (class, phase, fault, count) in cells {
        let slow = if fault.is_some() { 40 } else { 1 };
        report.measurements.push(Measurement {
            action: action.into(),
            from: Some("IDLE".into()),
            class,
            phase,
            fault: fault.map(str::to_owned),
            held: if phase == Phase::Hold { 2 * count } else { 0 },
            latency: of(&[service * slow, service * slow * 2], count),
            service: of(&[service], 2 * count),
        });
    }
    report.series.insert(action.into(), series);
}

fn of(micros: &[u64], count: u64) -> Latencies {
    let mut latencies = Latencies::default();
    for it in micros {
        latencies.record_times(Duration::from_micros(*it), count);
    }
    latencies
}

fn gauges(shard: &str) -> GaugeSeries {
    let gauge = |second: u64| Gauge {
        at: Duration::from_secs(second),
        users: second.min(8),
        busy: second.min(6),
        states: BTreeMap::from([("IDLE".into(), 3), ("READY".into(), second % 3)]),
        processor: (second > 0).then_some(0.25),
        memory: Some(40_000_000 + second * 10_000),
    };
    GaugeSeries {
        shard: shard.into(),
        gauges: (0..=SECONDS).map(gauge).collect(),
    }
}

fn rest(report: &mut LoadReport) {
    let error = |action: &str, class, words: &str, count| DistinctError {
        action: action.into(),
        class,
        words: words.into(),
        count,
        first: Duration::from_millis(15_120),
        last: Duration::from_millis(19_900),
    };
    report.errors = vec![
        error(
            "Configure until READY",
            ResultClass::Rejected,
            "not allowed in SCANNING",
            70,
        ),
        error("Scan", ResultClass::TimedOut, "no answer within 3 s", 30),
        error(
            "",
            ResultClass::DevFailed,
            "</script><img src=x onerror=\"document.body.id='hurt'\">",
            10,
        ),
    ];
    report.faults = vec![FaultWindow {
        fault: "the link is slow".into(),
        from: Duration::from_secs(DARK.0),
        to: Some(Duration::from_secs(DARK.1)),
        first_success: Some(Duration::from_millis(20_010)),
        last_error: Some(Duration::from_millis(21_250)),
        problem: None,
    }];
    report.violations = ["low/subarray/01", "<b>low/subarray/02</b>"]
        .map(|device| Violation {
            at: Duration::from_secs(18),
            device: device.into(),
            words: "went from IDLE to SCANNING, which no command does".into(),
        })
        .into();
    report.judgements = [
        ("p95<100ms", true, "8 ms"),
        ("error-rate<1%", false, "2.9 %"),
    ]
    .map(|(threshold, holds, measured)| Judgement {
        threshold: threshold.into(),
        holds,
        measured: measured.into(),
        ended_at: None,
    })
    .into();
    report.comparison = [
        ("Configure until READY p95", 0.006, 0.008, Change::Regressed),
        ("Scan p50", 0.002, 0.0009, Change::Improved),
        ("rate", 31.0, 31.6, Change::Unchanged),
    ]
    .map(|(figure, before, now, change)| Comparison {
        figure: figure.into(),
        before,
        now,
        change,
    })
    .into();
}
