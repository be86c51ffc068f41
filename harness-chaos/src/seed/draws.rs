//! Random numbers for one condition on one connection.

use std::time::Duration;

use fastrand::Rng;

use super::Seed;

/// More spread than this is cut to it: a year.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// The random numbers of one condition on one connection and in one direction.
#[derive(Clone, Debug)]
pub(crate) struct Draws(Rng);

impl Draws {
    /// Numbers that depend on the seed, on the words and on the counts, and on nothing else.
    pub(crate) fn of(seed: Seed, words: &[&str], counts: &[u64]) -> Draws {
        let mut state = seed.number();
        let mut fold = |piece: u64| state = Rng::with_seed(state ^ piece).u64(..);
        for word in words {
            fold(word.len() as u64);
            word.bytes().for_each(|byte| fold(u64::from(byte)));
        }
        counts.iter().for_each(|count| fold(*count));
        Draws(Rng::with_seed(state))
    }

    /// Whether something of this probability happens. Draws in any case, so that what is drawn
    /// next does not depend on the probability.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.0.f64() < probability
    }

    /// A number from nothing to `most`, both included.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.0.u64(..=most)
    }

    /// One of the eight bits.
    pub(crate) fn bit(&mut self) -> u8 {
        1 << self.0.u8(..8)
    }

    /// `middle`, but by up to `spread` more or less, and never less than nothing.
    pub(crate) fn around(&mut self, middle: Duration, spread: Duration) -> Duration {
        if spread.is_zero() {
            return middle;
        }
        let spread = spread.min(LONGEST);
        let offset = spread.mul_f64(self.0.f64() * 2.0);
        middle.saturating_add(offset).saturating_sub(spread)
    }

    /// How many things go well before one of this rate goes wrong; the same as asking for each,
    /// but drawn at once.
    pub(crate) fn before_next(&mut self, rate: f64) -> u64 {
        let chance = self.0.f64();
        if rate >= 1.0 {
            return 0;
        }
        let many = ((1.0 - chance).ln() / (1.0 - rate).ln()).floor();
        // a float that is too large becomes the largest number there is
        many as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(mut draws: Draws) -> Vec<u64> {
        (0..8).map(|_| draws.up_to(1 << 40)).collect()
    }

    #[test]
    fn the_same_place_draws_the_same_and_another_one_does_not() {
        let seed = Seed::new(7);
        let place = numbers(Draws::of(seed, &["requests", "delay"], &[1, 0]));
        assert_eq!(
            numbers(Draws::of(seed, &["requests", "delay"], &[1, 0])),
            place
        );
        for other in [
            Draws::of(Seed::new(8), &["requests", "delay"], &[1, 0]),
            Draws::of(seed, &["replies", "delay"], &[1, 0]),
            Draws::of(seed, &["requests", "corrupt"], &[1, 0]),
            Draws::of(seed, &["requests", "delay"], &[2, 0]),
            Draws::of(seed, &["requests", "delay"], &[1, 1]),
        ] {
            assert_ne!(numbers(other), place);
        }
    }

    #[test]
    fn a_rate_is_kept_on_average() {
        let mut draws = Draws::of(Seed::new(3), &[], &[]);
        let mean = (0..10_000).map(|_| draws.before_next(0.1)).sum::<u64>() as f64 / 10_000.0;
        assert!((8.5..9.5).contains(&mean), "{mean}");
        assert_eq!(draws.before_next(1.0), 0);
        let hits = (0..10_000).filter(|_| draws.happens(0.3)).count();
        assert!((2_800..3_200).contains(&hits), "{hits}");
    }

    #[test]
    fn a_spread_reaches_both_ways_and_never_below_nothing() {
        let mut draws = Draws::of(Seed::new(3), &[], &[]);
        let (middle, spread) = (Duration::from_millis(200), Duration::from_millis(50));
        let drawn: Vec<_> = (0..1000).map(|_| draws.around(middle, spread)).collect();
        assert!(drawn.iter().all(|it| *it >= Duration::from_millis(150)));
        assert!(drawn.iter().all(|it| *it <= Duration::from_millis(250)));
        assert!(drawn.iter().any(|it| *it < Duration::from_millis(160)));
        assert!(drawn.iter().any(|it| *it > Duration::from_millis(240)));
        let wide = Duration::from_secs(1);
        assert!((0..100).any(|_| draws.around(middle, wide).is_zero()));
    }
}
