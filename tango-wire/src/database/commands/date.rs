//! Points in time as a Tango database writes them.

use std::time::{SystemTime, UNIX_EPOCH};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// As `26th November 2026 at 09:58:12`, in UTC; `?` if it is not known (DataBaseds 9.3.4, which
/// takes its host's time zone).
pub(super) fn in_words(time: Option<SystemTime>) -> String {
    let Some(time) = time else {
        return "?".to_owned();
    };
    let (year, month, day, clock) = parts(time);
    let ordinal = match day {
        11..=13 => "th",
        _ if day % 10 == 1 => "st",
        _ if day % 10 == 2 => "nd",
        _ if day % 10 == 3 => "rd",
        _ => "th",
    };
    let name = MONTHS.get(month).copied().unwrap_or_default();
    format!("{day}{ordinal} {name} {year} at {clock}")
}

/// As `2026-11-26 09:58:12`, in UTC.
pub(super) fn in_numbers(time: SystemTime) -> String {
    let (year, month, day, clock) = parts(time);
    format!("{year}-{:02}-{day:02} {clock}", month + 1)
}

/// Year, month from 0, day from 1, time of day.
fn parts(time: SystemTime) -> (u64, usize, u64, String) {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (mut days, second) = (seconds / 86_400, seconds % 86_400);
    let mut year = 1970;
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    // whole cycles of 400 years first: no time is so far away that counting takes long
    year += 400 * (days / 146_097);
    days %= 146_097;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + u64::from(is_leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 0;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (hour, minute) = (second / 3600, second / 60 % 60);
    let clock = format!("{hour:02}:{minute:02}:{:02}", second % 60);
    (year, month, days + 1, clock)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dates_read_as_the_real_database_writes_them() {
        for (seconds, words, numbers) in [
            (0, "1st January 1970 at 00:00:00", "1970-01-01 00:00:00"),
            (
                1_795_687_092,
                "26th November 2026 at 09:58:12",
                "2026-11-26 09:58:12",
            ),
            (
                951_782_399,
                "28th February 2000 at 23:59:59",
                "2000-02-28 23:59:59",
            ),
            (
                951_782_400,
                "29th February 2000 at 00:00:00",
                "2000-02-29 00:00:00",
            ),
            (
                4_107_542_400,
                "1st March 2100 at 00:00:00",
                "2100-03-01 00:00:00",
            ),
            (
                1_734_134_400,
                "14th December 2024 at 00:00:00",
                "2024-12-14 00:00:00",
            ),
            (
                1_735_603_200,
                "31st December 2024 at 00:00:00",
                "2024-12-31 00:00:00",
            ),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(in_words(Some(time)), words);
            assert_eq!(in_numbers(time), numbers);
        }
        assert_eq!(in_words(None), "?");
    }
}
