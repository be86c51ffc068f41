//! Latency against percentile.

use serde::Serialize;

use super::series::digits;
use crate::load::measure::Latencies;

/// So many steps from one nine to the next: 90 %, 99 %, 99.9 %.
const STEPS: u32 = 8;

/// The most nines.
const NINES: u32 = 6;

/// What stands at each percentile.
#[derive(Serialize)]
pub(super) struct Curve {
    /// How many there are.
    count: u64,
    /// How many steps there are from one nine to the next.
    steps: u32,
    /// In microseconds, at 0 %, and then so many steps further each; as far as there is one beyond.
    values: Vec<u64>,
    max: u64,
}

impl Curve {
    /// The curve; none where there is nothing.
    pub(super) fn of(latencies: &Latencies) -> Option<Curve> {
        let count = latencies.count();
        let beyond = |step: &u32| 10_f64.powf(-f64::from(*step) / f64::from(STEPS));
        let steps = (0..=STEPS * NINES).take_while(|step| count as f64 * beyond(step) >= 1.0);
        let values = steps.filter_map(|step| latencies.percentile(100.0 * (1.0 - beyond(&step))));
        Some(Curve {
            count,
            steps: STEPS,
            values: values.map(digits).collect(),
            max: digits(latencies.max()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_curve_goes_as_far_as_there_are_samples() {
        let mut latencies = Latencies::default();
        (1..=1000).for_each(|it| latencies.record(Duration::from_micros(it)));
        let curve = Curve::of(&latencies).unwrap();
        assert_eq!(curve.values.len(), 25, "three nines of 1000");
        assert_eq!(
            (curve.values[8], curve.values[16], curve.max),
            (900, 990, 1000)
        );
        assert!(Curve::of(&Latencies::default()).is_none());
    }
}
