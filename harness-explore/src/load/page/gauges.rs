//! What was seen besides over time, of each part and of all together.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Serialize;

use crate::load::report::{Gauge, GaugeSeries};

/// So many moments are drawn.
const MOST: u32 = 300;

/// So many parts are shown one by one.
const MOST_PARTS: usize = 16;

/// What was seen, moment by moment.
#[derive(Default, Serialize)]
pub(super) struct Seen {
    /// Which part; none for all together.
    shard: Option<String>,
    /// How far the moments are apart, in seconds.
    width: f64,
    users: Vec<Option<u64>>,
    busy: Vec<Option<u64>>,
    processor: Vec<Option<f64>>,
    memory: Vec<Option<u64>>,
    states: BTreeMap<String, Vec<u64>>,
}

/// All parts together, and then each, if there are several, and not too many.
pub(super) fn seen(parts: &[GaugeSeries]) -> Vec<Seen> {
    let all = Seen::of(None, &parts.iter().collect::<Vec<_>>());
    let each = match (2..=MOST_PARTS).contains(&parts.len()) {
        true => parts,
        false => &[],
    };
    let each = each
        .iter()
        .map(|it| Seen::of(Some(it.shard.clone()), &[it]));
    std::iter::once(all).chain(each).collect()
}

impl Seen {
    fn of(shard: Option<String>, parts: &[&GaugeSeries]) -> Seen {
        let gauges = || parts.iter().flat_map(|it| &it.gauges);
        let end = gauges().map(|it| it.at).max().unwrap_or_default();
        let width = (end / MOST).max(Duration::from_secs(1));
        let names: BTreeSet<&String> = gauges().flat_map(|it| it.states.keys()).collect();
        let mut seen = Seen {
            shard,
            width: width.as_secs_f64(),
            states: names
                .into_iter()
                .map(|it| (it.clone(), Vec::new()))
                .collect(),
            ..Seen::default()
        };
        let mut at = Duration::ZERO;
        while at <= end && gauges().next().is_some() {
            at += width;
            let now: Vec<&Gauge> = parts
                .iter()
                .filter_map(|it| last_before(it, at, width))
                .collect();
            seen.push(&now);
        }
        seen
    }

    fn push(&mut self, now: &[&Gauge]) {
        let sum =
            |of: fn(&Gauge) -> Option<u64>| now.iter().filter_map(|it| of(it)).reduce(|a, b| a + b);
        self.users.push(sum(|it| Some(it.users)));
        self.busy.push(sum(|it| Some(it.busy)));
        self.memory.push(sum(|it| it.memory));
        let used = now.iter().filter_map(|it| it.processor);
        let used = used.reduce(|a, b| a + b).filter(|it| it.is_finite());
        self.processor
            .push(used.map(|it| (it * 1000.0).round() / 1000.0));
        for (name, counts) in &mut self.states {
            counts.push(now.iter().filter_map(|it| it.states.get(name)).sum());
        }
    }
}

/// What a part saw last before a moment, if it was still there.
fn last_before(part: &GaugeSeries, moment: Duration, width: Duration) -> Option<&Gauge> {
    let after = part.gauges.partition_point(|it| it.at < moment);
    let gauge = part.gauges.get(after.checked_sub(1)?)?;
    let is_last = after == part.gauges.len();
    (!is_last || gauge.at + width >= moment).then_some(gauge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(shard: &str, users: u64, seconds: std::ops::Range<u64>) -> GaugeSeries {
        let gauge = |second| Gauge {
            at: Duration::from_secs(second),
            users,
            states: BTreeMap::from([("IDLE".into(), users)]),
            ..Gauge::default()
        };
        GaugeSeries {
            shard: shard.into(),
            gauges: seconds.map(gauge).collect(),
        }
    }

    #[test]
    fn parts_are_counted_together_as_long_as_each_is_there() {
        let all = seen(&[part("1/2", 3, 0..4), part("2/2", 5, 0..2)]);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].users, [Some(8), Some(8), Some(3), Some(3)]);
        assert_eq!(all[0].states["IDLE"], [8, 8, 3, 3]);
        assert_eq!(all[0].memory, [None; 4], "not known is not zero");
        assert_eq!(all[2].users, [Some(5), Some(5)]);
    }

    #[test]
    fn a_long_run_has_fewer_moments_and_many_parts_are_shown_together() {
        let parts: Vec<_> = (0..40).map(|_| part("x", 1, 0..3000)).collect();
        let all = seen(&parts);
        assert_eq!(all.len(), 1);
        assert!(all[0].users.len() <= 301);
        assert!(all[0].users.iter().all(|it| *it == Some(40)));
    }

    #[test]
    fn nothing_seen_is_nothing_to_draw() {
        assert!(seen(&[]).iter().all(|it| it.users.is_empty()));
    }
}
