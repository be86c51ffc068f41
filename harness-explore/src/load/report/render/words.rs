//! Times, figures and foreign texts in few letters.

use std::time::{Duration, SystemTime};

/// How wide a terminal is.
pub(super) const WIDTH: usize = 100;

/// A time in at most three digits and its unit: `1.23ms`, `45.6s`; what is none is `-`.
pub(super) fn short(time: Option<Duration>) -> String {
    let Some(time) = time else {
        return "-".to_owned();
    };
    let seconds = time.as_secs_f64();
    let units = [(1e-6, "µs"), (1e-3, "ms"), (1.0, "s")];
    for (unit, name) in units {
        if unit == 1.0 || seconds < unit * 999.5 {
            return format!("{}{name}", three_digits(seconds / unit));
        }
    }
    String::new()
}

/// A time in words of the text: `1.23 ms`.
pub(super) fn time(time: Duration) -> String {
    let short = short(Some(time));
    let end = short.find(char::is_alphabetic);
    let (number, unit) = short.split_at(end.unwrap_or(short.len()));
    format!("{number} {unit}")
}

/// A moment after the clock was started: `12.3 s`.
pub(super) fn moment(at: Duration) -> String {
    format!("{:.1} s", at.as_secs_f64())
}

/// A number in three digits, or all of those before the point.
pub(super) fn three_digits(number: f64) -> String {
    let decimals = match number.abs() {
        it if it == 0.0 || it >= 99.95 => 0,
        it if it >= 9.995 => 1,
        it if it >= 0.9995 => 2,
        _ => 3,
    };
    let text = format!("{number:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A share in percent: `1.2 %`.
pub(super) fn share(share: f64) -> String {
    format!("{} %", three_digits(share * 100.0))
}

/// A value of the figure that is called so, in its unit: times are seconds, error rates are shares.
pub(crate) fn figure(name: &str, value: f64) -> String {
    let last = name.rsplit(' ').next().unwrap_or(name);
    let is_percentile = last
        .strip_prefix('p')
        .is_some_and(|it| it.parse::<f64>().is_ok());
    if !value.is_finite() {
        return "not measured".to_owned();
    }
    if is_percentile || ["min", "mean", "max"].contains(&last) {
        return Duration::try_from_secs_f64(value).map_or_else(|_| three_digits(value), time);
    }
    match last.ends_with("-rate") {
        true => share(value),
        false => format!("{}/s", three_digits(value)),
    }
}

/// A text from outside in one line, in which nothing steers the terminal.
pub(crate) fn plain(text: &str) -> String {
    let letters = text
        .chars()
        .map(|it| if it.is_control() { ' ' } else { it });
    let line: String = letters.collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As many letters of it as there is room for.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(room.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Words in lines that are at most so wide, each after `indent` blanks; a longer word has its own line.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut line = " ".repeat(indent);
    let mut is_empty = true;
    for word in text.split(' ') {
        let longer = line.chars().count() + 1 + word.chars().count();
        if !is_empty && longer > WIDTH {
            lines += &line;
            lines.push('\n');
            line = " ".repeat(indent);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line += word;
        is_empty = false;
    }
    lines + &line
}

/// `1 part`, `2 parts`.
pub(super) fn plural(count: u64, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}

/// The moment in UTC, to the second: `2026-11-26T23:18:26Z`; none for one that is no date.
pub(super) fn utc(moment: SystemTime) -> Option<String> {
    /// The end of the year 9999: no later date can be written.
    const LAST: Duration = Duration::from_secs(253_402_300_799);
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let is_date = since <= LAST && !since.is_zero();
    is_date.then(|| humantime::format_rfc3339_seconds(moment).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_and_the_unit_that_fits() {
        for (micros, told) in [
            (0, "0µs"),
            (7, "7µs"),
            (999, "999µs"),
            (1234, "1.23ms"),
            (999_400, "999ms"),
            (999_600, "1s"),
            (45_670_000, "45.7s"),
            (3_600_000_000, "3600s"),
        ] {
            assert_eq!(short(Some(Duration::from_micros(micros))), told);
        }
        assert_eq!(short(None), "-");
        assert_eq!(time(Duration::from_micros(1500)), "1.5 ms");
    }

    #[test]
    fn figures_have_the_unit_of_what_they_are_called() {
        for (name, value, told) in [
            ("Configure p95", 0.12, "120 ms"),
            ("p99.9", 2.0, "2 s"),
            ("error-rate", 0.0123, "1.23 %"),
            ("Scan rate", 1234.5, "1234/s"),
            ("rate", f64::NAN, "not measured"),
        ] {
            assert_eq!(figure(name, value), told, "{name}");
        }
    }

    #[test]
    fn nothing_from_outside_steers_the_terminal() {
        assert_eq!(plain("a\u{1b}[2J\n  b\tc\u{7}"), "a [2J b c");
        assert_eq!(cut("configuration", 6), "confi…");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let text = "some words of a device ".repeat(20);
        let lines = wrapped(text.trim(), 4);
        assert!(lines.lines().count() > 4);
        for line in lines.lines() {
            assert!(line.chars().count() <= WIDTH && line.starts_with("    "));
        }
        assert_eq!(
            lines.split_whitespace().collect::<Vec<_>>().join(" "),
            text.trim()
        );
    }

    #[test]
    fn only_a_moment_that_is_a_date_is_told_as_one() {
        let after = |seconds| utc(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(after(1_795_694_399).unwrap(), "2026-11-26T11:59:59Z");
        assert_eq!((after(0), after(300_000_000_000)), (None, None));
    }
}
