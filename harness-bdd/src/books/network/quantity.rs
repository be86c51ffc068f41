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
    time(words, "during", "")
}

/// Octets a second.
pub(super) fn rate(words: &Words) -> Result<f64, BoxError> {
    let number: f64 = words.needed("rate")?;
    let unit: String = words.needed("unit")?;
    let folded = unit.to_lowercase();
    let folded = folded.trim_end_matches("/s").trim_end_matches("ps");
    let factor = match folded {
        "octet" | "octets" | "byte" | "bytes" | "b" => 1.0,
        "kb" | "kilobyte" | "kilobytes" => 1e3,
        "mb" | "megabyte" | "megabytes" => 1e6,
        "bit" | "bits" => 0.125,
        "kbit" | "kilobit" | "kilobits" => 125.0,
        "mbit" | "megabit" | "megabits" => 125e3,
        _ => {
            return Err(format!(
                "`{unit}` is no amount of data; give octets, kB, MB, kbit or Mbit per second"
            )
            .into());
        }
    };
    Ok(number * factor)
}
