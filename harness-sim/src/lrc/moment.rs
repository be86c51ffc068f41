//! Moments as Python writes them.

use std::time::{SystemTime, UNIX_EPOCH};

/// The moment in UTC, as `datetime.isoformat` writes it: `2026-11-26T09:30:00.250000+00:00`.
pub(super) fn iso_format(time: SystemTime) -> String {
    // a clock before 1970 makes an odd moment, not a wrong one
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = date(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:06}+00:00",
        second / 3600,
        second / 60 % 60,
        second % 60,
        since.subsec_micros()
    )
}

/// The date of a day counted from 1970. Years are counted from March, so that the odd day comes
/// last.
const fn date(days: u64) -> (u64, u64, u64) {
    // from the first of March of the year 0
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = era * 400 + year_of_era + (month <= 2) as u64;
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::iso_format;

    #[test]
    fn moments_are_written_as_python_writes_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.250000+00:00"),
            (951_782_399, "2000-02-28T23:59:59.250000+00:00"),
            (951_782_400, "2000-02-29T00:00:00.250000+00:00"),
            (1_795_685_400, "2026-11-26T09:30:00.250000+00:00"),
            (4_107_542_400, "2100-03-01T00:00:00.250000+00:00"),
        ] {
            let time = UNIX_EPOCH + Duration::from_millis(seconds * 1000 + 250);
            assert_eq!(iso_format(time), text);
        }
    }
}
