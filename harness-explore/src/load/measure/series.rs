//! What happened over time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::class::ResultClass;
use super::latencies::Latencies;
use super::seconds;

/// So many buckets at most: a run that takes longer has longer ones.
const MOST: usize = 600;

/// How long a bucket is at first.
const SHORTEST: Duration = Duration::from_secs(1);

/// What ended in each second of a run, or in every two, four and so on of a long one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// How long each bucket is: one second, or twice, four times and so on as long.
    #[serde(with = "seconds")]
    pub width: Duration,
    /// The buckets, from the start of the clock on.
    pub buckets: Vec<Bucket>,
}

/// What ended in one stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// How many there were of each class, in the order of [`ResultClass::ALL`].
    pub counts: [u64; ResultClass::ALL.len()],
    /// How long they took, from their planned start.
    pub latency: Latencies,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            width: SHORTEST,
            buckets: Vec::new(),
        }
    }
}

impl Series {
    pub(crate) fn record(&mut self, at: Duration, class: ResultClass, latency: Duration) {
        let bucket = self.bucket(at);
        bucket.counts[class.index()] += 1;
        bucket.latency.record(latency);
    }

    /// Adds what another part of the same run has seen.
    pub(crate) fn merge(&mut self, other: &Series) {
        while self.width < other.width {
            self.widen();
        }
        for (place, bucket) in (0..).zip(&other.buckets) {
            self.bucket(other.width * place).merge(bucket);
        }
    }

    /// The bucket of a moment.
    fn bucket(&mut self, at: Duration) -> &mut Bucket {
        let mut place = self.place(at);
        while place >= MOST {
            self.widen();
            place = self.place(at);
        }
        if place >= self.buckets.len() {
            self.buckets.resize_with(place + 1, Bucket::default);
        }
        &mut self.buckets[place]
    }

    fn place(&self, at: Duration) -> usize {
        usize::try_from(at.as_nanos() / self.width.as_nanos()).unwrap_or(usize::MAX)
    }

    fn widen(&mut self) {
        self.width *= 2;
        let mut pairs = std::mem::take(&mut self.buckets).into_iter();
        while let Some(mut bucket) = pairs.next() {
            if let Some(second) = pairs.next() {
                bucket.merge(&second);
            }
            self.buckets.push(bucket);
        }
    }
}

impl Bucket {
    fn merge(&mut self, other: &Bucket) {
        for (sum, count) in self.counts.iter_mut().zip(other.counts) {
            *sum += count;
        }
        self.latency.merge(&other.latency);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATENCY: Duration = Duration::from_millis(3);

    fn of(seconds: impl IntoIterator<Item = u64>) -> Series {
        let mut series = Series::default();
        for second in seconds {
            series.record(Duration::from_secs(second), ResultClass::Ok, LATENCY);
        }
        series
    }

    #[test]
    fn a_long_run_has_wider_buckets_and_loses_nothing() {
        let series = of(0..5000);
        assert_eq!(series.width, Duration::from_secs(16));
        assert_eq!(series.buckets.len(), 313);
        assert!(series.buckets[..312].iter().all(|it| it.counts[0] == 16));
        let last = &series.buckets[312];
        assert_eq!((last.counts[0], last.latency.count()), (8, 8));
    }

    #[test]
    fn parts_of_different_length_merge_to_what_one_would_have_seen() {
        let whole = of((0..30).chain(0..2000));
        let (short, long) = (of(0..30), of(0..2000));
        for (first, second) in [(&short, &long), (&long, &short)] {
            let mut merged = first.clone();
            merged.merge(second);
            assert_eq!(merged, whole);
        }
    }

    #[test]
    fn a_moment_far_away_needs_no_more_memory() {
        let series = of([0, 400 * 24 * 3600]);
        assert!(series.buckets.len() <= MOST);
    }
}
