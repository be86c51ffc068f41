//! What differs from run to run without meaning.

use std::str::FromStr;
use std::time::Duration;

use crate::load::plan::read_time;

/// What differs from run to run without meaning: a figure must differ from the earlier one by more than
/// both to be better or worse.
///
/// Written `10%`, or with a time `10%, 100us`.
///
/// ```
/// use std::time::Duration;
/// use harness_explore::load::Noise;
///
/// let noise: Noise = "25%, 2ms".parse()?;
/// assert_eq!(noise.latency, Duration::from_millis(2));
/// # Ok::<_, harness_explore::load::NoiseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// A share of the earlier figure, 0.1 for 10 %.
    pub share: f64,
    /// Of latencies, no less than this: below it are the timers of the machine.
    pub latency: Duration,
}

impl Default for Noise {
    fn default() -> Noise {
        Noise {
            share: 0.1,
            latency: Duration::from_micros(100),
        }
    }
}

/// A noise that can not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no noise: write a share, and for latencies a time perhaps, as in 10% or 10%, 100us"
)]
pub struct NoiseError(String);

impl FromStr for Noise {
    type Err = NoiseError;

    fn from_str(text: &str) -> Result<Noise, NoiseError> {
        let wrong = || NoiseError(text.to_owned());
        let (share, time) = match text.split_once(',') {
            Some((share, time)) => (share, Some(time)),
            None => (text, None),
        };
        let percent = share.trim().strip_suffix('%').ok_or_else(wrong)?;
        let percent: f64 = percent.trim().parse().map_err(|_| wrong())?;
        if !(0.0..=1000.0).contains(&percent) {
            return Err(wrong());
        }
        let latency = time.map(read_time).transpose().map_err(|_| wrong())?;
        Ok(Noise {
            share: percent / 100.0,
            latency: latency.unwrap_or(Noise::default().latency),
        })
    }
}
