//! How thresholds are read and written.

use std::time::Duration;

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::load::threshold::Threshold;
use crate::load::threshold::figure::{Figure, NAMES, Scope, Statistic, Timed};
use crate::load::threshold::limit::{Kind, Limit, Operator, Unit};

#[test]
fn the_ways_to_write_one_threshold_are_read_alike() {
    for (one, ways) in [
        (
            "p95<500ms",
            ["p(95)<500ms", " p95  <  500 ms ", "p95.0<500.0ms"].as_slice(),
        ),
        (
            "p99.9<1.5s for Configure",
            &[
                "p99.9 < 1.5s for Configure",
                "p99.9(Configure)<1.5s",
                "p(99.9)(Configure) < 1.5 s",
                "p99.9( \"Configure\" )<1.5s",
            ],
        ),
        ("rate>=200/s for Scan", &["rate(Scan)>=200 /s"]),
        ("cycles p95<2s", &["cycles  p(95) <2s"]),
        ("service avg<=3ms", &[" service avg <= 3 ms"]),
        ("max<100us", &["max<100µs"]),
        (
            "p50<1m for Configure until READY outside faults or end",
            &["p50(Configure until READY)<1m outside faults or end"],
        ),
        (
            "error-rate<1% during faults or end after 90s",
            &["error-rate < 1 % during  faults or end after 1m30s"],
        ),
        ("error-rate<=0.01", &["error-rate <= 0.010"]),
        ("count>=10 for Scan", &["count(Scan)>=10"]),
    ] {
        let first: Threshold = one.parse().unwrap();
        assert_eq!(first.to_string(), one);
        for way in ways {
            assert_eq!(way.parse::<Threshold>().unwrap(), first, "{way}");
        }
    }
}

#[test]
fn the_names_of_all_figures_are_read() {
    for name in NAMES {
        let figure = Figure::named(name).unwrap();
        assert_eq!(figure.name(), name);
        let text = format!("{name}>0{}", figure.kind().example().trim_matches('0'));
        assert!(text.parse::<Threshold>().is_ok(), "{text}");
    }
}

#[test]
fn a_wrong_one_is_refused_with_what_is_wrong_and_where() {
    for (text, column, told) in [
        (
            "",
            1,
            "there is no figure ``; there is pN (p95, p99.9), avg,",
        ),
        ("p96", 4, "here must be <"),
        ("median<5ms", 1, "there is no figure `median`"),
        ("eror-rate<1%", 1, "did you mean error-rate?"),
        ("drops<1", 1, "there is no figure `drops`"),
        ("p101<5ms", 1, "a percentile is a number from 0 to 100"),
        ("p<5ms", 1, "a percentile is"),
        ("p-5<5ms", 1, "a percentile is"),
        ("p9.9.9<5ms", 1, "a percentile is"),
        ("p(95<5ms", 3, "are never closed"),
        ("p95=5ms", 4, "here must be <, <=, > or >="),
        ("p95 5ms", 5, "here must be <"),
        ("p95<", 5, "here must be a number, as in 500ms"),
        ("p95<-5ms", 5, "here must be a number"),
        ("p95<.5ms", 5, "here must be a number"),
        ("p95<NaNms", 5, "here must be a number"),
        ("p95<1e3ms", 6, "`e3ms` is no unit of a time"),
        (
            "p95<500",
            8,
            "`` is no unit of a time; write us, ms, s or m",
        ),
        ("p95<500 for Scan", 9, "`for` is no unit of a time"),
        ("p95<5%", 6, "`%` is no unit of a time"),
        ("error-rate<5ms", 13, "`ms` is no unit"),
        (
            "error-rate<5",
            12,
            "a share is less than 1, or has a percent sign",
        ),
        ("error-rate<101%", 12, "a share is less than 1"),
        ("rate>=200", 10, "`` is no unit of a rate; write /s or /m"),
        ("count>=1.5", 8, "a number of something is whole"),
        ("count>=5ms", 9, "`ms` is no unit of a count"),
        ("count>=5 ms", 10, "`ms` can't stand here"),
        ("p95<5ms four Scan", 9, "`four Scan` can't stand here"),
        ("p95<5ms for", 12, "here must be the name of an action"),
        (
            "p95<5ms for or end",
            13,
            "here must be the name of an action",
        ),
        ("p95()<5ms", 6, "here must be the name of an action"),
        ("p95(Scan<5ms", 4, "are never closed"),
        ("p95<5ms for \"Scan", 13, "are never closed"),
        ("p95(Scan)<5ms for Scan", 15, "the action is named twice"),
        (
            "cycles p95<5ms for Scan",
            16,
            "`cycles` is of the whole load: an action",
        ),
        (
            "dropped(Scan)<5",
            8,
            "`dropped` is of the whole load: an action",
        ),
        (
            "rate>5/s outside faults",
            10,
            "`rate` is of the whole load: a time with faults",
        ),
        ("p95<5ms during lunch", 9, "`during lunch` can't stand here"),
        ("service rate>5/s", 9, "only times can be those of service"),
        ("p95<5ms or else", 9, "`or else` can't stand here"),
        ("p95<5ms or end soon", 16, "`soon` can't stand here"),
        ("p95<5ms or end after lunch", 22, "here must be a time"),
        (
            "p95<5ms or end outside faults",
            16,
            "`outside faults` can't stand here",
        ),
        ("p95(µs) ? 5ms", 9, "here must be <"),
    ] {
        let error = text.parse::<Threshold>().unwrap_err();
        assert!(error.to_string().contains(told), "{text}: {error}");
        assert_eq!(error.column(), column, "{text}: {error}");
    }
}

#[test]
fn what_is_said_by_calls_is_written_as_text() {
    let threshold: Threshold = "p95<500ms".parse().unwrap();
    assert!(!threshold.ends_the_load());
    let ending = threshold.ending_the_load();
    assert_eq!(ending.to_string(), "p95<500ms or end");
    let after = ending.after(Duration::from_millis(2500));
    assert_eq!(after.to_string(), "p95<500ms or end after 2.5s");
}

fn figure() -> impl Strategy<Value = Figure> {
    let timed = select(&[Timed::Latency, Timed::Service, Timed::Cycles]);
    let statistic = prop_oneof![
        (0.0..=100.0).prop_map(Statistic::Percentile),
        Just(Statistic::Percentile(99.9)),
        Just(Statistic::Average),
        Just(Statistic::Min),
        Just(Statistic::Max),
    ];
    let time = (timed, statistic).prop_map(|(timed, statistic)| Figure::Time(timed, statistic));
    let other = select(&NAMES[3..]).prop_filter_map("named", Figure::named);
    prop_oneof![time, other]
}

fn limit(kind: Kind) -> impl Strategy<Value = Limit> {
    let units = match kind {
        Kind::Time => vec![
            Unit::Microseconds,
            Unit::Milliseconds,
            Unit::Seconds,
            Unit::Minutes,
        ],
        Kind::Share => vec![Unit::Percent, Unit::Share],
        Kind::Rate => vec![Unit::PerSecond, Unit::PerMinute],
        Kind::Count => vec![Unit::Whole],
    };
    let operators = Operator::ALL.map(|(_, operator)| operator).to_vec();
    let chosen = (select(operators), 0.0..1.0, select(units));
    chosen.prop_map(|(operator, share, unit)| Limit {
        operator,
        number: match unit {
            Unit::Share => share,
            Unit::Percent => share * 100.0,
            Unit::Whole => (share * 1e6_f64).floor(),
            _ => share * 1e6,
        },
        unit,
    })
}

prop_compose! {
    fn any_threshold()(figure in figure())(
        limit in limit(figure.kind()),
        action in option::of(prop_oneof![
            "[A-Z][a-z]{0,9}( [a-zA-Z./_-]{1,9}){0,3}",
            "(or|end|for|outside|during| |faults){1,4}",
            any::<String>(),
        ]),
        scope in select(&[Scope::Always, Scope::OutsideFaults, Scope::DuringFaults]),
        ends in any::<bool>(),
        after in option::of(0..3_600_000_000_u64),
        figure in Just(figure),
    ) -> Threshold {
        let action = action.filter(|name| figure.is_by_action() && !name.is_empty());
        Threshold {
            figure,
            action,
            scope: if figure.is_by_fault() { scope } else { Scope::Always },
            limit,
            ends,
            after: after.filter(|_| ends).map(Duration::from_micros),
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_as_the_same(threshold in any_threshold()) {
        let text = threshold.to_string();
        prop_assert_eq!(text.parse::<Threshold>(), Ok(threshold), "{}", text);
    }

    #[test]
    fn no_text_is_too_odd_to_be_refused(text in any::<String>(), tail in any::<String>()) {
        let _ = text.parse::<Threshold>();
        if let Err(error) = format!("p95<5ms {tail}").parse::<Threshold>() {
            prop_assert!(error.column() >= 1);
        }
    }
}
