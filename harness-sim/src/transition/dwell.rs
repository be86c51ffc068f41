//! How long a transition takes: one time, or times drawn from a distribution.

use std::time::Duration;

use fastrand::Rng;
use thiserror::Error;

/// How long a transition takes: always the same, or drawn from a distribution for each execution.
///
/// ```
/// use std::time::Duration;
/// use harness_sim::transition::Dwell;
///
/// let second = Duration::from_secs(1);
/// let dwell = Dwell::uniform(2 * second, 3 * second)?;
/// assert_eq!(dwell.bounds(), (2 * second, 3 * second));
/// assert!(Dwell::uniform(3 * second, 2 * second).is_err());
/// # Ok::<(), harness_sim::transition::DwellError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dwell(pub(super) Law);

/// The distributions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Law {
    Constant(Duration),
    Uniform {
        from: Duration,
        to: Duration,
    },
    Normal {
        mean: Duration,
        deviation: Duration,
        from: Duration,
        to: Duration,
    },
    Exponential {
        mean: Duration,
        to: Duration,
    },
    List(Vec<Duration>),
}

/// Numbers that make no distribution of times.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DwellError {
    /// The bounds are the wrong way round.
    #[error("the lower bound is above the upper one; exchange them")]
    BoundsExchanged,
    /// The mean is not between the bounds.
    #[error("the mean is not between the bounds; move the mean or a bound")]
    MeanOutOfBounds,
    /// A list without a time.
    #[error("the list of times is empty; give at least one time")]
    EmptyList,
}

/// How often a draw outside of the bounds is repeated before the nearer bound is taken.
const DRAWS: usize = 64;

impl Dwell {
    /// Always the same time.
    #[must_use]
    pub const fn constant(time: Duration) -> Dwell {
        Dwell(Law::Constant(time))
    }

    /// Any time between two bounds, which are included, all as likely.
    ///
    /// # Errors
    ///
    /// [`DwellError::BoundsExchanged`] if `from` is longer than `to`.
    pub fn uniform(from: Duration, to: Duration) -> Result<Dwell, DwellError> {
        if from > to {
            return Err(DwellError::BoundsExchanged);
        }
        Ok(Dwell(Law::Uniform { from, to }))
    }

    /// A time, give or take a jitter; never less than no time.
    #[must_use]
    pub fn jittered(time: Duration, jitter: Duration) -> Dwell {
        Dwell(Law::Uniform {
            from: time.saturating_sub(jitter),
            to: time.saturating_add(jitter),
        })
    }

    /// Times around a mean, with a standard deviation; what falls outside of the bounds is drawn
    /// again.
    ///
    /// # Errors
    ///
    /// [`DwellError`] if the bounds are exchanged, or the mean is not between them.
    pub fn normal(
        mean: Duration,
        deviation: Duration,
        from: Duration,
        to: Duration,
    ) -> Result<Dwell, DwellError> {
        if from > to {
            return Err(DwellError::BoundsExchanged);
        }
        if mean < from || mean > to {
            return Err(DwellError::MeanOutOfBounds);
        }
        Ok(Dwell(Law::Normal {
            mean,
            deviation,
            from,
            to,
        }))
    }

    /// Mostly short times, now and then a long one, but none longer than `to`. The mean is that
    /// before the cut.
    ///
    /// # Errors
    ///
    /// [`DwellError::MeanOutOfBounds`] if the mean is longer than `to`.
    pub fn exponential(mean: Duration, to: Duration) -> Result<Dwell, DwellError> {
        if mean > to {
            return Err(DwellError::MeanOutOfBounds);
        }
        Ok(Dwell(Law::Exponential { mean, to }))
    }

    /// One of these times, all as likely: times that were measured, say.
    ///
    /// # Errors
    ///
    /// [`DwellError::EmptyList`] if there is none.
    pub fn list(times: impl IntoIterator<Item = Duration>) -> Result<Dwell, DwellError> {
        let times: Vec<_> = times.into_iter().collect();
        if times.is_empty() {
            return Err(DwellError::EmptyList);
        }
        Ok(Dwell(Law::List(times)))
    }

    /// The shortest and the longest time that it gives.
    #[must_use]
    pub fn bounds(&self) -> (Duration, Duration) {
        match &self.0 {
            Law::Constant(time) => (*time, *time),
            Law::Uniform { from, to } | Law::Normal { from, to, .. } => (*from, *to),
            Law::Exponential { to, .. } => (Duration::ZERO, *to),
            Law::List(times) => (
                times.iter().min().copied().unwrap_or_default(),
                times.iter().max().copied().unwrap_or_default(),
            ),
        }
    }

    /// Draws a time.
    pub(super) fn draw(&self, random: &mut Rng) -> Duration {
        let (from, to) = self.bounds();
        let drawn = match &self.0 {
            Law::Constant(time) => return *time,
            Law::Uniform { from, to } => from.saturating_add(times(*to - *from, random.f64())),
            Law::Normal {
                mean, deviation, ..
            } => (0..DRAWS)
                .map(|_| add(*mean, *deviation, standard_normal(random)))
                .find(|time| (from..=to).contains(time))
                .unwrap_or(*mean),
            Law::Exponential { mean, .. } if mean.is_zero() => Duration::ZERO,
            Law::Exponential { mean, to } => {
                // the inverse of the distribution that is cut at `to`
                let whole = -(-to.as_secs_f64() / mean.as_secs_f64()).exp_m1();
                times(*mean, -(-random.f64() * whole).ln_1p())
            }
            Law::List(times) => random.choice(times).copied().unwrap_or_default(),
        };
        drawn.clamp(from, to)
    }
}

impl From<Duration> for Dwell {
    fn from(time: Duration) -> Dwell {
        Dwell::constant(time)
    }
}

fn times(time: Duration, factor: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(Duration::MAX)
}

fn add(mean: Duration, deviation: Duration, factor: f64) -> Duration {
    let distance = times(deviation, factor.abs());
    if factor < 0.0 {
        mean.saturating_sub(distance)
    } else {
        mean.saturating_add(distance)
    }
}

/// Box and Muller's way.
fn standard_normal(random: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.f64()).cos()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use fastrand::Rng;

    use super::{Dwell, DwellError};

    const SECOND: Duration = Duration::from_secs(1);

    fn mean_of(dwell: &Dwell, draws: u32) -> f64 {
        let mut random = Rng::with_seed(7);
        let (from, to) = dwell.bounds();
        let sum: Duration = (0..draws)
            .map(|_| {
                let time = dwell.draw(&mut random);
                assert!(from <= time && time <= to, "{time:?} of {dwell:?}");
                time
            })
            .sum();
        sum.as_secs_f64() / f64::from(draws)
    }

    #[test]
    fn every_distribution_stays_within_its_bounds_and_has_its_mean() {
        let near = |dwell: &Dwell, expected: f64| {
            let mean = mean_of(dwell, 20_000);
            assert!((mean - expected).abs() < 0.03, "{mean} of {dwell:?}");
        };
        near(&Dwell::constant(SECOND), 1.0);
        near(&Dwell::jittered(2 * SECOND, SECOND), 2.0);
        near(&Dwell::jittered(SECOND, 3 * SECOND), 2.0);
        let ten = 10 * SECOND;
        near(
            &Dwell::normal(5 * SECOND, SECOND, Duration::ZERO, ten).unwrap(),
            5.0,
        );
        near(&Dwell::exponential(SECOND, 20 * SECOND).unwrap(), 1.0);
        near(&Dwell::list([SECOND, 3 * SECOND]).unwrap(), 2.0);
        // bounds so narrow that hardly a draw falls between them
        near(&Dwell::normal(SECOND, ten, SECOND, SECOND).unwrap(), 1.0);
        near(&Dwell::exponential(Duration::ZERO, SECOND).unwrap(), 0.0);
    }

    #[test]
    fn numbers_that_make_no_distribution_are_refused() {
        let ten = 10 * SECOND;
        for (result, error) in [
            (Dwell::uniform(ten, SECOND), DwellError::BoundsExchanged),
            (
                Dwell::normal(SECOND, SECOND, ten, SECOND),
                DwellError::BoundsExchanged,
            ),
            (
                Dwell::normal(Duration::ZERO, SECOND, SECOND, ten),
                DwellError::MeanOutOfBounds,
            ),
            (Dwell::exponential(ten, SECOND), DwellError::MeanOutOfBounds),
            (Dwell::list([]), DwellError::EmptyList),
        ] {
            assert_eq!(result, Err(error));
        }
    }
}
