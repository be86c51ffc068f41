//! The moment at which all parts of a load start.

use std::time::{Duration, SystemTime};

/// The longest that a start is waited for: a typing mistake in a date shall not wait for years.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Reads a moment.
pub(super) fn read_moment(text: &str) -> Result<SystemTime, String> {
    humantime::parse_rfc3339(text)
        .or_else(|_| humantime::parse_rfc3339_weak(text))
        .map_err(|error| format!("{error}; write it as 2030-01-31T12:00:00Z"))
}

/// How long it is until a moment.
///
/// # Errors
/// When it is over, or too far away.
pub(super) fn time_until(moment: SystemTime, now: SystemTime) -> Result<Duration, String> {
    let written = humantime::format_rfc3339_seconds(moment);
    match moment.duration_since(now) {
        Err(late) => Err(format!(
            "the start was to be at {written}, which was {} s ago",
            late.duration().as_secs()
        )),
        Ok(left) if left > LONGEST => Err(format!("{written} is more than a day away")),
        Ok(left) => Ok(left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_time_in_utc() {
        let moment = read_moment("2030-01-31T12:00:00Z").unwrap();
        assert_eq!(read_moment("2030-01-31 12:00:00"), Ok(moment));
        let error = read_moment("noon").unwrap_err();
        assert!(error.contains("2030-01-31T12:00:00Z"), "{error}");
    }

    #[test]
    fn a_moment_that_is_over_or_far_away_is_told() {
        let moment = read_moment("2030-01-31T12:00:00Z").unwrap();
        let second = Duration::from_secs(1);
        assert_eq!(time_until(moment, moment - second), Ok(second));
        let late = time_until(moment, moment + second * 3).unwrap_err();
        assert!(late.contains("which was 3 s ago"), "{late}");
        let far = time_until(moment, moment - 2 * LONGEST).unwrap_err();
        assert!(far.contains("more than a day away"), "{far}");
    }
}
