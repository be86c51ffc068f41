//! Numbers with units.

use std::time::Duration;

use crate::{BoxError, phrase::Words};

/// A time: the number filled in for `name`, in what is filled in for `unit`, or in seconds.
pub(super) fn time(words: &Words, name: &str, unit: &str) -> Result<Option<Duration>, BoxError> {
    let Some(number) = words.value::<f64>(name)? else {
        return Ok(None);
    };
    let factor = match words.text(unit).unwrap_or("s").to_lowercase().as_str() {
        "s" | "second" | "seconds" => 1.0,
        "ms" | "millisecond" | "milliseconds" => 1e-3,
        "min" | "minute" | "minutes" => 60.0,
        other => return Err(format!("`{other}` is no unit of time; give ms, s or min").into()),
    };
    Ok(Some(Duration::try_from_secs_f64(number * factor)?))
}

/// How long the line says that something lasts.
pub(super) fn during(words: &Words) -> Result<Option<Duration>, BoxError> {
    match time(words, "during", "during_unit")? {
        Some(Duration::ZERO) => {
            Err("what goes wrong for no time does nothing; give a time above 0".into())
        }
        lasting => Ok(lasting),
    }
}

/// Octets a second.
pub(super) fn rate(words: &Words) -> Result<f64, BoxError> {
    let number: f64 = words.needed("rate")?;
    let unit: String = words.needed("unit")?;
    let factor = octets(&unit).ok_or_else(|| {
        format!("`{unit}` is no amount of data; give octets, kB, MB, kbit or Mbit per second")
    })?;
    Ok(number * factor)
}

/// How many octets that unit is, with or without "per second". A `b` is a bit where the unit says so
/// (`kbps`, `Mb`), and a `B` an octet.
fn octets(unit: &str) -> Option<f64> {
    let amount = unit.trim_end_matches("/s");
    let amount = amount.strip_suffix("ps").unwrap_or(amount);
    Some(match amount {
        "b" => 0.125,
        "B" => 1.0,
        "kb" | "Kb" => 125.0,
        "kB" | "KB" => 1e3,
        "mb" | "Mb" => 125e3,
        "MB" => 1e6,
        words => match words.to_lowercase().as_str() {
            "octet" | "octets" | "byte" | "bytes" => 1.0,
            "kilobyte" | "kilobytes" => 1e3,
            "megabyte" | "megabytes" => 1e6,
            "bit" | "bits" => 0.125,
            "kbit" | "kbits" | "kilobit" | "kilobits" => 125.0,
            "mbit" | "mbits" | "megabit" | "megabits" => 125e3,
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_not_octets() {
        for (unit, expected) in [
            ("octets", 1.0),
            ("Bps", 1.0),
            ("bps", 0.125),
            ("kbps", 125.0),
            ("kbit/s", 125.0),
            ("kB/s", 1e3),
            ("kBps", 1e3),
            ("Mbps", 125e3),
            ("Mbit", 125e3),
            ("MB", 1e6),
            ("MBps", 1e6),
        ] {
            assert_eq!(octets(unit), Some(expected), "{unit}");
        }
        assert_eq!(octets("furlongs"), None);
    }
}
