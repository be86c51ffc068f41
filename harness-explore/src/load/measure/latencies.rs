//! How long something took, many times.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Three significant digits: a value is told at most 0.1 % too large, and exactly below 2,048 µs.
const DIGITS: u8 = 3;

/// The longest time that is told; what took longer counts as so long.
const LONGEST: u64 = 24 * 3600 * 1_000_000;

/// How long something took, many times, in microseconds: a histogram of high dynamic range.
///
/// Merging adds counts, so the percentiles of a merge are those of one histogram that has seen it all.
/// Serialized as pairs of a time and a count, of which each stands for its bucket.
///
/// ```
/// use std::time::Duration;
/// use harness_explore::load::Latencies;
///
/// let mut latencies = Latencies::default();
/// assert_eq!(latencies.percentile(99.0), None);
/// (1..=100).for_each(|it| latencies.record(Duration::from_micros(it)));
/// assert_eq!(latencies.percentile(99.0), Some(Duration::from_micros(99)));
/// ```
#[derive(Clone, Default)]
pub struct Latencies {
    /// None until something is recorded: most cells of a report stay empty.
    histogram: Option<Box<Histogram<u64>>>,
    /// In microseconds, of what was recorded and not of what is told of it.
    sum: u64,
}

impl Latencies {
    /// Adds a time, rounded to microseconds.
    pub fn record(&mut self, time: Duration) {
        self.record_times(time, 1);
    }

    /// Adds a time that often.
    pub fn record_times(&mut self, time: Duration, count: u64) {
        let micros = u64::try_from((time.as_nanos() + 500) / 1000).unwrap_or(u64::MAX);
        self.add(micros, count);
    }

    /// How many times were added.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.histogram.as_ref().map_or(0, |it| it.len())
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// The time that this percentage, 0 to 100, did not exceed; none if there is nothing.
    #[must_use]
    pub fn percentile(&self, percentile: f64) -> Option<Duration> {
        let histogram = self.filled()?;
        Some(Duration::from_micros(
            histogram.value_at_percentile(percentile),
        ))
    }

    /// The longest time, if there is one.
    #[must_use]
    pub fn max(&self) -> Option<Duration> {
        Some(Duration::from_micros(self.filled()?.max()))
    }

    /// The shortest time, if there is one.
    #[must_use]
    pub fn min(&self) -> Option<Duration> {
        Some(Duration::from_micros(self.filled()?.min()))
    }

    /// The arithmetic mean, if there is one.
    #[must_use]
    pub fn mean(&self) -> Option<Duration> {
        self.filled()?;
        Some(self.sum() / u32::try_from(self.count()).unwrap_or(u32::MAX))
    }

    /// All of it together.
    #[must_use]
    pub fn sum(&self) -> Duration {
        Duration::from_micros(self.sum)
    }

    /// How many did not exceed this time.
    #[must_use]
    pub fn count_up_to(&self, time: Duration) -> u64 {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.filled()
            .map_or(0, |it| it.count_between(0, micros.min(LONGEST)))
    }

    /// Adds what another has seen.
    pub fn merge(&mut self, other: &Latencies) {
        for (micros, count) in other.buckets() {
            self.insert(micros, count);
        }
        self.sum = self.sum.saturating_add(other.sum);
    }

    /// The times, in microseconds, and how many there are of each.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let recorded = self.histogram.iter().flat_map(|it| it.iter_recorded());
        recorded.map(|it| (it.value_iterated_to(), it.count_at_value()))
    }

    fn add(&mut self, micros: u64, count: u64) {
        let micros = micros.min(LONGEST);
        self.insert(micros, count);
        self.sum = self.sum.saturating_add(micros.saturating_mul(count));
    }

    fn insert(&mut self, micros: u64, count: u64) {
        if self.histogram.is_none() {
            self.histogram = Histogram::new(DIGITS).ok().map(|mut histogram| {
                histogram.auto(true);
                Box::new(histogram)
            });
        }
        if let Some(histogram) = &mut self.histogram {
            // it grows by itself, and nothing is longer than the longest
            let recorded = histogram.record_n(micros.min(LONGEST), count);
            debug_assert!(recorded.is_ok(), "{recorded:?}");
        }
    }

    fn filled(&self) -> Option<&Histogram<u64>> {
        self.histogram.as_deref().filter(|it| !it.is_empty())
    }
}

impl PartialEq for Latencies {
    fn eq(&self, other: &Self) -> bool {
        self.sum == other.sum && self.buckets().eq(other.buckets())
    }
}

impl Debug for Latencies {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.buckets()).finish()
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    sum: u64,
    buckets: Vec<(u64, u64)>,
}

impl Serialize for Latencies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let buckets = self.buckets().collect();
        let sum = self.sum;
        Written { sum, buckets }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Latencies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let mut latencies = Latencies::default();
        for (micros, count) in written.buckets {
            if micros > 2 * LONGEST {
                return Err(D::Error::custom("a time that is longer than a day"));
            }
            latencies.insert(micros, count);
        }
        latencies.sum = written.sum;
        Ok(latencies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(micros: impl IntoIterator<Item = u64>) -> Latencies {
        let mut latencies = Latencies::default();
        let times = micros.into_iter().map(Duration::from_micros);
        times.for_each(|time| latencies.record(time));
        latencies
    }

    #[test]
    fn short_times_are_exact_and_long_ones_to_a_thousandth() {
        for micros in 0..2048 {
            let exact = Some(Duration::from_micros(micros));
            assert_eq!(of([micros]).percentile(50.0), exact);
        }
        for micros in [2049, 70_001, 1_234_567, 299_999_999, 86_400_000_000] {
            let told = of([micros]).percentile(99.9).unwrap().as_micros() as f64;
            let exact = micros as f64;
            assert!(told >= exact && told <= exact * 1.001, "{micros}: {told}");
        }
    }

    #[test]
    fn nothing_recorded_has_no_percentile_and_no_mean() {
        let nothing = Latencies::default();
        assert_eq!(nothing.percentile(50.0), None);
        assert_eq!(
            (nothing.mean(), nothing.max(), nothing.min()),
            (None, None, None)
        );
        assert_eq!(nothing.count_up_to(Duration::MAX), 0);
    }

    #[test]
    fn a_merge_is_what_one_histogram_would_have_seen() {
        let all: Vec<u64> = (0..5000).map(|it| it * it % 1_000_003).collect();
        let whole = of(all.iter().copied());
        let mut merged = Latencies::default();
        for part in 0..3 {
            let part = of(all.iter().copied().skip(part).step_by(3));
            let json = serde_json::to_string(&part).unwrap();
            merged.merge(&serde_json::from_str(&json).unwrap());
        }
        assert_eq!(merged, whole);
        for percentile in [0.0, 50.0, 95.0, 99.9, 100.0] {
            assert_eq!(merged.percentile(percentile), whole.percentile(percentile));
        }
        assert_eq!(merged.mean(), whole.mean());
    }

    #[test]
    fn what_took_longer_than_a_day_counts_as_a_day() {
        let mut latencies = Latencies::default();
        latencies.record(Duration::MAX);
        let day = Duration::from_secs(24 * 3600);
        assert!(latencies.max().unwrap() >= day);
        let json = serde_json::to_string(&latencies).unwrap();
        assert_eq!(serde_json::from_str::<Latencies>(&json).unwrap(), latencies);
    }

    #[test]
    fn as_many_are_told_up_to_a_time_as_there_were() {
        let latencies = of([100, 200, 300, 5_000_000]);
        for (micros, count) in [(99, 0), (100, 1), (299, 2), (1_000_000, 3), (u64::MAX, 4)] {
            assert_eq!(latencies.count_up_to(Duration::from_micros(micros)), count);
        }
    }
}
