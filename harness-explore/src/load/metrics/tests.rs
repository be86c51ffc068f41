use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::capped::{Capped, MOST, OTHER};
use super::exposition;
use crate::load::{Live, Load, Plan, Recorder, ResultClass, Sample, Stage};

/// A load whose clock runs, with a warm-up of a second.
fn load() -> (Live, Recorder, Instant) {
    let plan = Plan::closed("soak", Stage::parse_all("5, 0s; 5, 1h").unwrap());
    let load = Load::new(plan.with_warm_up(Duration::from_secs(1)))
        .unwrap()
        .with_watch(|gauge| {
            gauge.states = BTreeMap::from([("READY".into(), 3), ("a \"b\\c\nd".into(), 1)]);
        });
    let (live, recorder) = (load.live(), load.recorder());
    let start = recorder.start_clock();
    (live, recorder, start)
}

/// Something that was planned after the warm-up.
fn sample(start: Instant, action: &str, micros: u64) -> Sample<'_> {
    let planned = start + Duration::from_secs(2);
    Sample {
        planned,
        ended: planned + Duration::from_micros(micros),
        ..Sample::done(action, planned + Duration::from_micros(micros / 2))
    }
}

/// The value of a sample, by its whole line before it.
fn value(text: &str, sample: &str) -> f64 {
    let line = text.lines().find_map(|line| {
        let value = line.strip_prefix("harness_load_")?.strip_prefix(sample)?;
        value.strip_prefix(' ')
    });
    line.unwrap_or_else(|| panic!("no {sample} in\n{text}"))
        .parse()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_family_is_told_once_and_all_its_samples_together() {
    let (live, recorder, start) = load();
    recorder.record(&sample(start, "Scan", 300));
    recorder
        .tally()
        .windows
        .begin(&"it is dark".into(), Duration::ZERO);
    let text = exposition(&live);
    assert!(text.ends_with('\n') && !text.contains("\n\n"));
    let mut families = BTreeSet::new();
    let mut family = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let name = help.split(' ').next().unwrap();
            assert!(families.insert(name), "{name} is told twice");
            family = name;
            let kind = lines.next().unwrap().strip_prefix("# TYPE ").unwrap();
            let (same, kind) = kind.split_once(' ').unwrap();
            assert_eq!((same, kind == "counter"), (name, name.ends_with("_total")));
        } else {
            assert!(line.starts_with(family), "{line} in {family}");
        }
    }
    assert_eq!(families.len(), 16, "{families:?}");
}

#[tokio::test(start_paused = true)]
async fn a_histogram_is_cumulative_and_its_last_bucket_is_its_count() {
    let (live, recorder, start) = load();
    for micros in [50, 100, 101, 4_000, 90_000_000] {
        recorder.record(&sample(start, "Scan", micros));
    }
    let text = exposition(&live);
    let of = |name: &str, labels: &str| {
        value(
            &text,
            &format!("{name}{{action=\"Scan\",result=\"ok\"{labels}}}"),
        )
    };
    for (bound, planned, service) in [
        ("0.0001", 2.0, 3.0),
        ("0.00025", 3.0, 3.0),
        ("0.0025", 3.0, 4.0),
        ("0.005", 4.0, 4.0),
        ("60", 4.0, 5.0),
        ("+Inf", 5.0, 5.0),
    ] {
        let labels = format!(",le=\"{bound}\"");
        assert_eq!(
            of("command_duration_seconds_bucket", &labels),
            planned,
            "{bound}"
        );
        assert_eq!(
            of("command_service_seconds_bucket", &labels),
            service,
            "{bound}"
        );
    }
    assert_eq!(of("command_duration_seconds_count", ""), 5.0);
    assert!((of("command_duration_seconds_sum", "") - 90.004_251).abs() < 1e-9);
}

#[tokio::test(start_paused = true)]
async fn commands_are_counted_by_state_result_and_part_of_the_load() {
    let (live, recorder, start) = load();
    let scan = sample(start, "Scan", 300);
    recorder.record(&scan.clone().from_state(Some("READY")));
    recorder.record(&scan.clone().from_state(Some("READY")));
    recorder.record(&scan.ended_as(ResultClass::TimedOut, Some("no answer")));
    recorder.record(&Sample::done("Scan", start));
    let text = exposition(&live);
    for (labels, count) in [
        (r#"from="READY",result="ok",phase="hold""#, 2.0),
        (r#"from="",result="timed-out",phase="hold""#, 1.0),
        (r#"from="",result="ok",phase="warm-up""#, 1.0),
    ] {
        let sample = format!("commands_total{{action=\"Scan\",{labels}}}");
        assert_eq!(value(&text, &sample), count, "{labels}");
    }
    let timed = r#"command_duration_seconds_count{action="Scan",result="ok"}"#;
    assert_eq!(value(&text, timed), 2.0, "without the warm-up");
}

#[tokio::test(start_paused = true)]
async fn what_names_hold_can_not_end_a_label() {
    let (live, recorder, start) = load();
    recorder.record(&sample(start, "a \"b\\c\nd", 1));
    let text = exposition(&live);
    assert_eq!(value(&text, r#"device_states{state="a \"b\\c\nd"}"#), 1.0);
    let count = r#"command_service_seconds_count{action="a \"b\\c\nd",result="ok"}"#;
    assert_eq!(value(&text, count), 1.0);
}

#[tokio::test(start_paused = true)]
async fn faults_are_active_while_they_last() {
    let (live, recorder, _) = load();
    let dark: Arc<str> = "it is dark".into();
    for second in [0, 10] {
        let active = r#"chaos_active{fault="it is dark"}"#;
        let begun = Duration::from_secs(second);
        recorder.tally().windows.begin(&dark, begun);
        assert_eq!(value(&exposition(&live), active), 1.0);
        recorder
            .tally()
            .windows
            .end(&dark, begun + Duration::from_secs(5), None);
        assert_eq!(value(&exposition(&live), active), 0.0);
    }
    assert_eq!(
        value(&exposition(&live), r#"faults_total{fault="it is dark"}"#),
        2.0
    );
}

#[tokio::test(start_paused = true)]
async fn too_many_labels_are_counted_together_and_no_counter_goes_back() {
    let (live, recorder, start) = load();
    let mut before = BTreeMap::new();
    for many in [150, 250, 2000] {
        for it in 0..many {
            recorder.record(&sample(start, &format!("action {it}"), 1));
        }
        let text = exposition(&live);
        let counters = text
            .lines()
            .filter(|line| line.starts_with("harness_load_commands_total{"));
        let now: BTreeMap<_, _> = counters
            .map(|line| line.rsplit_once(' ').unwrap())
            .map(|(labels, value)| (labels.to_owned(), value.parse::<u64>().unwrap()))
            .collect();
        assert!(now.len() <= MOST);
        for (labels, count) in &before {
            assert!(now[labels] >= *count, "{labels}");
        }
        before = now;
    }
    assert_eq!(before.values().sum::<u64>(), 2400);
    let text = exposition(&live);
    let overflow = r#"label_overflow_total{family="commands_total"}"#;
    assert_eq!(value(&text, overflow), 1801.0);
    let other = r#"commands_total{action="other",from="other",result="other",phase="other"}"#;
    assert_eq!(value(&text, other), 51.0 + 1801.0);
}

#[test]
fn what_is_really_called_other_is_counted_with_the_rest() {
    let mut capped: Capped<1, u64> = Capped::new();
    *capped.at([OTHER.into()]) += 1;
    for it in 0..MOST {
        *capped.at([it.to_string().into()]) += 1;
    }
    let others: Vec<_> = capped
        .samples()
        .iter()
        .filter(|(labels, _)| &*labels[0] == OTHER)
        .collect();
    assert_eq!(others, [&(["other".into()], 3)]);
    assert_eq!((capped.samples().len(), capped.rest()), (MOST - 1, 2));
}
