//! What happened over time, in numbers to draw.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::load::measure::{Latencies, ResultClass, Series};

/// What happened over time, of an action or of all.
#[derive(Serialize)]
pub(super) struct Drawn {
    /// The action; none for all of them.
    action: Option<String>,
    /// How long each stretch of time is, in seconds.
    width: f64,
    /// In microseconds; none where nothing ended.
    p50: Vec<Option<u64>>,
    p95: Vec<Option<u64>>,
    p99: Vec<Option<u64>>,
    max: Vec<Option<u64>>,
    /// How many there were of each class that there is at all.
    counts: BTreeMap<&'static str, Vec<u64>>,
}

/// So many stretches of time are drawn of all actions taken one by one.
const MOST: usize = 12_000;

/// Of one action so many are drawn at least.
const FEWEST: usize = 30;

/// All actions together, and then each.
pub(super) fn drawn(series: &BTreeMap<String, Series>) -> Vec<Drawn> {
    let mut all = Series::default();
    series.values().for_each(|it| all.merge(it));
    let most = (MOST / series.len().max(1)).max(FEWEST);
    let each = series
        .iter()
        .map(|(action, it)| Drawn::of(Some(action), it, most));
    let all = Drawn::of(None, &all, usize::MAX);
    std::iter::once(all).chain(each).collect()
}

impl Drawn {
    fn of(action: Option<&String>, series: &Series, most: usize) -> Drawn {
        let together = series.buckets.len().div_ceil(most).max(1);
        let mut drawn = Drawn {
            action: action.cloned(),
            width: series.width.as_secs_f64() * together as f64,
            p50: Vec::new(),
            p95: Vec::new(),
            p99: Vec::new(),
            max: Vec::new(),
            counts: BTreeMap::new(),
        };
        let mut counts: [Vec<u64>; ResultClass::ALL.len()] = Default::default();
        for buckets in series.buckets.chunks(together) {
            let mut latency = Latencies::default();
            buckets.iter().for_each(|it| latency.merge(&it.latency));
            let at = |percentile| latency.percentile(percentile).map(digits);
            drawn.p50.push(at(50.0));
            drawn.p95.push(at(95.0));
            drawn.p99.push(at(99.0));
            drawn.max.push(latency.max().map(digits));
            for (class, counts) in counts.iter_mut().enumerate() {
                counts.push(buckets.iter().map(|it| it.counts[class]).sum());
            }
        }
        for (class, counts) in ResultClass::ALL.into_iter().zip(counts) {
            if counts.iter().any(|it| *it > 0) {
                drawn.counts.insert(class.name(), counts);
            }
        }
        drawn
    }
}

/// Microseconds in three digits: no plot shows more.
pub(super) fn digits(time: Duration) -> u64 {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let mut unit = 1;
    while micros / unit >= 1000 {
        unit *= 10;
    }
    (micros / unit + u64::from(micros % unit >= unit.div_ceil(2))) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_rounded() {
        for (micros, told) in [
            (0, 0),
            (999, 999),
            (1234, 1230),
            (12_350, 12_400),
            (99_960, 100_000),
        ] {
            assert_eq!(digits(Duration::from_micros(micros)), told);
        }
    }

    #[test]
    fn stretches_are_put_together_where_there_are_too_many_and_nothing_is_lost() {
        let mut series = Series::default();
        for second in 0..100 {
            let class = ResultClass::ALL[usize::from(second == 99)];
            series.record(
                Duration::from_secs(second),
                class,
                Duration::from_micros(second + 1),
            );
        }
        let drawn = Drawn::of(None, &series, 30);
        assert_eq!((drawn.width, drawn.p50.len()), (4.0, 25));
        assert_eq!(drawn.max[24], Some(100));
        let total: u64 = drawn.counts.values().flatten().sum();
        assert_eq!((total, drawn.counts.len()), (100, 2));
    }
}
