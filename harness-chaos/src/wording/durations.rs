//! Durations as people say them.

use std::fmt;
use std::time::Duration;

/// Shows a duration as people say it: `200 ms`, `1.5 s`, `2 min`.
pub(crate) struct Spoken(pub(crate) Duration);

impl fmt::Display for Spoken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        let (number, unit) = match self.0.as_nanos() {
            0 => (0.0, "s"),
            1..1_000_000 => (seconds * 1e6, "µs"),
            1_000_000..1_000_000_000 => (seconds * 1e3, "ms"),
            nanos if nanos >= 60_000_000_000 && nanos % 60_000_000_000 == 0 => {
                (seconds / 60.0, "min")
            }
            _ => (seconds, "s"),
        };
        let digits = format!("{number:.3}");
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        write!(formatter, "{digits} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_as_people_do() {
        for (duration, said) in [
            (Duration::ZERO, "0 s"),
            (Duration::from_micros(250), "250 µs"),
            (Duration::from_millis(200), "200 ms"),
            (Duration::from_millis(1500), "1.5 s"),
            (Duration::from_secs(90), "90 s"),
            (Duration::from_secs(120), "2 min"),
            (Duration::from_micros(10_020), "10.02 ms"),
        ] {
            assert_eq!(Spoken(duration).to_string(), said);
        }
    }
}
