use std::time::Duration;

use super::{Noise, Overall};
use crate::load::measure::{Latencies, Measurement, Phase, ResultClass};
use crate::load::report::{Change, LoadReport, Verdict};

fn of(action: &str, class: ResultClass, count: u64, time: Duration) -> Measurement {
    let mut latency = Latencies::default();
    latency.record_times(time, count);
    Measurement {
        action: action.into(),
        from: None,
        class,
        phase: Phase::Hold,
        fault: None,
        held: count,
        service: latency.clone(),
        latency,
    }
}

/// So many that went well in 10 s, each so long, and so many that did not.
fn report(action: &str, well: u64, micros: u64, errors: u64) -> LoadReport {
    let well = of(action, ResultClass::Ok, well, Duration::from_micros(micros));
    let errors = of(action, ResultClass::DevFailed, errors, Duration::ZERO);
    LoadReport {
        name: "soak".into(),
        held: Duration::from_secs(10),
        verdict: Verdict::Passed,
        measurements: vec![well, errors],
        ..LoadReport::default()
    }
}

fn compared(now: LoadReport, before: &LoadReport) -> LoadReport {
    let mut now = now;
    now.compare(before, Noise::default());
    for it in &now.comparison {
        assert!(it.before.is_finite() && it.now.is_finite(), "{it:?}");
    }
    now
}

fn changes(report: &LoadReport) -> Vec<(&str, Change)> {
    let named = report
        .comparison
        .iter()
        .map(|it| (it.figure.as_str(), it.change));
    named
        .filter(|(_, change)| *change != Change::Unchanged)
        .collect()
}

#[test]
fn what_is_within_the_noise_is_unchanged() {
    let before = report("Scan", 10_000, 10_000, 0);
    let now = compared(report("Scan", 9_100, 10_900, 5), &before);
    assert_eq!(changes(&now), []);
    assert_eq!(now.overall(), Some(Overall::Unchanged));
    assert_eq!(now.verdict, Verdict::Passed);
    let figures: Vec<_> = now.comparison.iter().map(|it| it.figure.as_str()).collect();
    assert_eq!(
        figures,
        [
            "p50",
            "p95",
            "p99",
            "rate",
            "error-rate",
            "Scan p50",
            "Scan p95",
            "Scan p99",
            "Scan rate",
            "Scan error-rate"
        ]
    );
    assert_eq!(now.remarks, [""; 0]);
}

#[test]
fn what_is_worse_by_more_than_the_noise_fails_the_load() {
    let before = report("Scan", 10_000, 10_000, 0);
    for (now, worse) in [
        (report("Scan", 10_000, 11_200, 0), "Scan p95"),
        (report("Scan", 8_900, 10_000, 0), "Scan rate"),
        (report("Scan", 10_000, 10_000, 20), "Scan error-rate"),
        (report("Scan", 0, 0, 10_000), "Scan rate"),
    ] {
        let now = compared(now, &before);
        assert!(
            changes(&now).contains(&(worse, Change::Regressed)),
            "{worse}"
        );
        assert_eq!(now.overall(), Some(Overall::Regressed), "{worse}");
        assert_eq!(now.verdict, Verdict::Failed, "{worse}");
    }
}

#[test]
fn what_is_better_is_told_and_what_is_better_and_worse_is_mixed() {
    let before = report("Scan", 10_000, 10_000, 0);
    let better = compared(report("Scan", 12_000, 8_000, 0), &before);
    assert_eq!(changes(&better).len(), 8);
    assert_eq!(better.overall(), Some(Overall::Improved));
    assert_eq!(better.verdict, Verdict::Passed);
    let mixed = compared(report("Scan", 12_000, 12_000, 0), &before);
    assert_eq!(mixed.overall(), Some(Overall::Mixed));
    assert_eq!(mixed.overall().unwrap().to_string(), "mixed");
    assert_eq!(mixed.verdict, Verdict::Failed);
}

#[test]
fn quick_things_must_differ_by_more_than_timers_do() {
    let before = report("Scan", 10_000, 50, 0);
    let now = compared(report("Scan", 10_000, 149, 0), &before);
    assert_eq!(changes(&now), []);
    let now = compared(report("Scan", 10_000, 151, 0), &before);
    assert_eq!(now.overall(), Some(Overall::Regressed));
}

#[test]
fn percentiles_of_too_few_samples_are_not_compared_but_told() {
    let now = compared(report("Scan", 999, 500, 0), &report("Scan", 1000, 10, 0));
    let figures: Vec<_> = now.comparison.iter().map(|it| it.figure.as_str()).collect();
    assert!(figures.contains(&"Scan p95") && !figures.contains(&"Scan p99"));
    assert_eq!(
        now.remarks[1],
        "Scan p99: not compared, 1000 samples before or 999 now are too few"
    );
    let now = compared(report("Scan", 5, 500, 0), &report("Scan", 5, 10, 0));
    assert_eq!((now.comparison.len(), now.overall()), (0, None));
    assert_eq!(now.verdict, Verdict::Passed);
}

#[test]
fn nothing_before_and_nothing_now_are_compared_without_dividing_by_them() {
    let nothing = LoadReport::default();
    for (now, before) in [
        (nothing.clone(), report("Scan", 10_000, 10_000, 0)),
        (report("Scan", 10_000, 10_000, 0), nothing.clone()),
        (nothing.clone(), nothing.clone()),
    ] {
        let compared = compared(now, &before);
        assert_eq!(compared.overall(), None);
        let told = "rate: not compared, one of the loads was never held";
        assert!(
            compared.remarks.iter().any(|it| it == told),
            "{:?}",
            compared.remarks
        );
    }
    let dead = report("Scan", 0, 0, 10_000);
    let alive = report("Scan", 10_000, 0, 0);
    assert_eq!(
        compared(alive.clone(), &dead).overall(),
        Some(Overall::Improved)
    );
    assert_eq!(
        compared(alive.clone(), &alive).overall(),
        Some(Overall::Unchanged)
    );
    assert_eq!(
        compared(dead.clone(), &dead).overall(),
        Some(Overall::Unchanged)
    );
}

#[test]
fn one_error_more_is_no_regression() {
    let before = report("Scan", 100, 10_000, 0);
    for (errors, change) in [(2, Overall::Unchanged), (3, Overall::Regressed)] {
        let now = compared(report("Scan", 100, 10_000, errors), &before);
        assert_eq!(now.overall(), Some(change), "{errors}");
    }
}

#[test]
fn another_plan_and_actions_of_one_side_only_are_told() {
    let mut before = report("Scan", 10_000, 10_000, 0);
    before
        .measurements
        .push(of("End", ResultClass::Ok, 5, Duration::ZERO));
    let mut now = report("Scan", 10_000, 10_000, 0);
    now.measurements
        .push(of("Abort", ResultClass::Ok, 5, Duration::ZERO));
    now.plan = "users = 3".into();
    let told = compared(now.clone(), &before).remarks;
    assert_eq!(
        told,
        [
            "the baseline is of another plan of the same name",
            "Abort: not in the baseline",
            "End: only in the baseline",
        ]
    );
    now.name = "spike".into();
    let told = compared(now, &before).remarks;
    assert_eq!(told[0], "the baseline is of another load: soak, not spike");
}

#[test]
fn noise_is_read_with_or_without_a_time() {
    for (text, share, micros) in [
        ("10%", 0.1, 100),
        (" 25 % , 2ms", 0.25, 2000),
        ("0%,0s", 0.0, 0),
    ] {
        let noise = Noise {
            share,
            latency: Duration::from_micros(micros),
        };
        assert_eq!(text.parse(), Ok(noise));
    }
    for text in ["", "10", "ten%", "-1%", "NaN%", "inf%", "10%,", "10%, 5"] {
        let error = text.parse::<Noise>().unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("`{text}` is no noise")),
            "{error}"
        );
    }
}
