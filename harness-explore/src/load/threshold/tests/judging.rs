//! What thresholds say of reports.

use std::time::Duration;

use crate::load::measure::{FaultWindow, Latencies, Measurement, Phase, ResultClass};
use crate::load::report::{LoadReport, Violation};
use crate::load::threshold::Threshold;

fn latencies(micros: impl IntoIterator<Item = u64>) -> Latencies {
    let mut latencies = Latencies::default();
    let times = micros.into_iter().map(Duration::from_micros);
    times.for_each(|time| latencies.record(time));
    latencies
}

/// As many as there are times, in microseconds, which are exact below 2 ms; begun half of it late.
fn of(action: &str, class: ResultClass, micros: &[u64]) -> Measurement {
    Measurement {
        action: action.into(),
        from: None,
        class,
        phase: Phase::Hold,
        fault: None,
        held: micros.len() as u64,
        latency: latencies(micros.iter().copied()),
        service: latencies(micros.iter().map(|it| it / 2)),
    }
}

/// 100 scans of 10 to 1000 us, ten configurations of which four fail and one is refused, held for 10 s.
fn report() -> LoadReport {
    let scans: Vec<u64> = (1..=100).map(|it| it * 10).collect();
    let slow = Measurement {
        fault: Some("the light is out".into()),
        ..of("End", ResultClass::Ok, &[1900, 1901])
    };
    let grew = Measurement {
        phase: Phase::Ramp,
        held: 0,
        ..of("Scan", ResultClass::Ok, &[50; 50])
    };
    let warm = Measurement {
        phase: Phase::WarmUp,
        held: 0,
        ..of("Scan", ResultClass::DevFailed, &[2000; 50])
    };
    LoadReport {
        lasted: Duration::from_secs(20),
        held: Duration::from_secs(10),
        measurements: vec![
            of("Scan", ResultClass::Ok, &scans),
            grew,
            warm,
            of("Configure", ResultClass::Ok, &[100; 5]),
            of("Configure", ResultClass::DevFailed, &[2000; 4]),
            of("Configure", ResultClass::Rejected, &[1]),
            slow,
        ],
        cycles: latencies([100, 200, 300, 2000]),
        ..LoadReport::default()
    }
}

/// Whether a threshold holds, and what it says was measured.
fn judged(text: &str, report: &LoadReport) -> (bool, String) {
    let judgement = text.parse::<Threshold>().unwrap().judge(report);
    assert_eq!(judgement.threshold, text);
    (judgement.holds, judgement.measured)
}

fn crossed(text: &str, report: &LoadReport) -> Option<String> {
    let threshold: Threshold = text.parse().unwrap();
    let warm_up = Duration::from_secs(2);
    threshold.crossed(report, warm_up).map(|it| it.measured)
}

#[test]
fn each_figure_is_measured_and_told_in_its_unit() {
    for (text, holds, measured) in [
        ("p50<=0.25ms for Scan", true, "0.25 ms"),
        ("p99<900us for Scan", false, "990 us"),
        ("max<0.0015s for Scan", true, "0.001 s"),
        ("min>10us for Scan", false, "10 us"),
        ("avg<0.1ms for Configure", false, "0.1 ms"),
        ("avg<=0.1ms for Configure", true, "0.1 ms"),
        ("service p100<=0.5ms for Scan", true, "0.5 ms"),
        ("max<1.5ms outside faults", true, "1 ms"),
        ("max<1500us during faults", false, "1901 us"),
        ("cycles p75<=300us", true, "300 us"),
        ("error-rate<=40% for Configure", true, "40%"),
        ("error-rate<0.1 for Configure", false, "0.4"),
        ("rejected-rate<5% for Configure", false, "10%"),
        ("error-rate<=0% for Scan", true, "0%"),
        ("rate>=10/s for Scan", true, "10/s"),
        ("rate>=601/m for Scan", false, "600/m"),
        ("count>=151 for Scan", false, "150"),
        ("count<=162", true, "162"),
        ("count<=0 for Abort", true, "0"),
        ("dropped<=0", true, "0"),
        ("violations<=0", true, "0"),
        ("gaps<1", true, "0"),
    ] {
        let expected = (holds, measured.to_owned());
        assert_eq!(judged(text, &report()), expected, "{text}");
    }
}

#[test]
fn what_the_whole_load_counts_is_held_to_thresholds() {
    let mut report = report();
    report.counts.dropped = 5;
    report.counts.started = 95;
    report.counts.gaps = 2;
    report.violations.push(Violation {
        at: Duration::ZERO,
        device: "low/sub/1".into(),
        words: "two scans at once".into(),
    });
    for (text, measured) in [
        ("dropped<5", "5"),
        ("dropped-rate<5%", "5%"),
        ("gaps<=1", "2"),
        ("violations<=0", "1"),
    ] {
        assert_eq!(judged(text, &report), (false, measured.into()), "{text}");
        assert_eq!(
            crossed(text, &report).is_some(),
            text != "dropped-rate<5%" || report.counts.started >= 20
        );
    }
}

#[test]
fn without_samples_a_threshold_fails_at_the_end_and_ends_nothing_before() {
    let nothing = LoadReport {
        lasted: Duration::from_secs(60),
        held: Duration::from_secs(60),
        ..LoadReport::default()
    };
    for text in [
        "p95<1s",
        "p95<1s for Scan",
        "avg>=0ms",
        "service max<1s",
        "cycles p99<1s",
        "error-rate<1%",
        "rejected-rate<=100%",
        "dropped-rate<1%",
        "rate>=1/s",
        "recovery<5s",
    ] {
        assert_eq!(
            judged(text, &nothing),
            (false, "no samples".into()),
            "{text}"
        );
        assert_eq!(crossed(text, &nothing), None, "{text}");
    }
    let never_held = LoadReport {
        held: Duration::ZERO,
        ..report()
    };
    assert_eq!(judged("rate>=1/s", &never_held).1, "no samples");
    assert_eq!(judged("p95<1s for Abort", &report()).1, "no samples");
}

#[test]
fn a_rate_ends_the_load_only_after_it_was_held_for_a_while() {
    let held = |seconds| LoadReport {
        held: Duration::from_secs(seconds),
        ..report()
    };
    assert_eq!(crossed("rate>=500/s or end", &held(4)), None);
    assert_eq!(crossed("rate>=500/s or end", &held(5)).unwrap(), "21.4/s");
    assert_eq!(crossed("rate>=500/s or end after 8s", &held(7)), None);
    assert!(crossed("rate>=500/s or end after 8s", &held(8)).is_some());
    assert_eq!(crossed("rate>=5/s or end", &held(9)), None);
}

#[test]
fn a_load_is_not_ended_before_the_time_that_was_said_nor_by_few_samples() {
    let report = report();
    assert_eq!(crossed("p95<50us or end", &report).unwrap(), "950 us");
    assert_eq!(crossed("p95<50us or end after 19s", &report), None);
    assert!(crossed("p95<50us or end after 18s", &report).is_some());
    let few = "p50<50us for Configure or end";
    assert_eq!(crossed(few, &report), None);
    assert!(!few.parse::<Threshold>().unwrap().judge(&report).holds);
    // one is enough for what can't get better
    assert!(crossed("max<50us for Configure or end", &report).is_some());
}

#[test]
fn what_can_still_come_to_hold_ends_nothing() {
    for text in ["count>=1000 or end", "max>50s or end", "min<0.01ms or end"] {
        assert!(!judged(text, &report()).0, "{text}");
        assert_eq!(crossed(text, &report()), None, "{text}");
    }
}

#[test]
fn the_longest_recovery_counts() {
    let seconds = Duration::from_secs_f64;
    let window = |to: f64, success: Option<f64>, error: Option<f64>| FaultWindow {
        fault: format!("fault to {to}").into(),
        from: seconds(to - 0.5),
        to: Some(seconds(to)),
        first_success: success.map(seconds),
        last_error: error.map(seconds),
        problem: None,
    };
    let with = |faults: &[FaultWindow]| LoadReport {
        faults: faults.to_vec(),
        ..report()
    };
    let (quick, slow) = (
        window(5.0, Some(5.1), None),
        window(10.0, Some(12.0), Some(13.5)),
    );
    let both = with(&[quick.clone(), slow]);
    assert_eq!(
        judged("recovery<=3.5s", &both),
        (true, "3.5 s, after fault to 10".into())
    );
    assert_eq!(
        crossed("recovery<3s or end", &both).unwrap(),
        "3.5 s, after fault to 10"
    );
    // the load lasted 20 s: the one of 16 s had 4 s
    let late = with(&[quick, window(16.0, None, Some(19.0))]);
    assert_eq!(
        judged("recovery<3s", &late),
        (false, "4 s, after fault to 16".into())
    );
    assert!(judged("recovery<5s", &late).0);
    let mut broken = window(16.0, None, None);
    broken.to = None;
    assert_eq!(
        judged("recovery<5s", &with(&[broken.clone()])).1,
        "no samples"
    );
    broken.problem = Some("no such gate".into());
    let (holds, words) = judged("recovery<5s", &with(&[broken]));
    assert_eq!(
        (holds, words.as_str()),
        (false, "fault to 16: no such gate")
    );
}
