//! How long something took, in buckets that never change.

use std::time::Duration;

/// The upper bounds of the buckets, in microseconds; what took longer is in one more.
const BOUNDS: [u64; 18] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000,
];

/// How long something took, many times, in buckets that never change: as metrics tell it. Small enough
/// to be copied while everybody waits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct FixedBuckets {
    counts: [u64; BOUNDS.len() + 1],
    sum: Duration,
}

impl FixedBuckets {
    pub(crate) fn record(&mut self, time: Duration) {
        let place = BOUNDS.partition_point(|bound| Duration::from_micros(*bound) < time);
        self.counts[place] += 1;
        self.sum = self.sum.saturating_add(time);
    }

    pub(crate) fn merge(&mut self, other: &FixedBuckets) {
        for (sum, count) in self.counts.iter_mut().zip(other.counts) {
            *sum += count;
        }
        self.sum = self.sum.saturating_add(other.sum);
    }

    /// How many did not exceed each bound, in seconds.
    pub(crate) fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let mut sum = 0;
        BOUNDS.iter().zip(self.counts).map(move |(bound, count)| {
            sum += count;
            (Duration::from_micros(*bound).as_secs_f64(), sum)
        })
    }

    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    pub(crate) fn sum(&self) -> Duration {
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_the_bucket_of_the_bound_that_it_does_not_exceed() {
        let mut buckets = FixedBuckets::default();
        for micros in [0, 100, 101, 60_000_000, 60_000_001] {
            buckets.record(Duration::from_micros(micros));
        }
        let counts: Vec<_> = buckets.cumulative().collect();
        assert_eq!((counts[0], counts[1]), ((0.0001, 2), (0.00025, 3)));
        assert_eq!(counts[17], (60.0, 4));
        assert_eq!(buckets.count(), 5);
        assert_eq!(buckets.sum(), Duration::from_micros(120_000_202));
    }

    #[test]
    fn a_merge_is_what_one_would_have_seen() {
        let of = |micros: &[u64]| {
            let mut buckets = FixedBuckets::default();
            let times = micros.iter().map(|it| Duration::from_micros(*it));
            times.for_each(|time| buckets.record(time));
            buckets
        };
        let mut merged = of(&[5, 700, 90_000_000]);
        merged.merge(&of(&[6, 2_000]));
        assert_eq!(merged, of(&[5, 6, 700, 2_000, 90_000_000]));
    }
}
