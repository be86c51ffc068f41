//! ObsStates that are played instead of the ordinary ones: `AddTransition`.

use std::time::Duration;

use harness_tango::control_model::ObsState;
use thiserror::Error;

/// A text for `AddTransition` that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// No JSON, or not of that shape.
    #[error(
        "the transitions must be a JSON list of obsStates and seconds, as [[\"READY\", 2], [\"IDLE\", 1]]"
    )]
    NotAScript(#[from] serde_json::Error),
    /// An obsState that is none.
    #[error(transparent)]
    UnknownState(#[from] harness_tango::control_model::UnknownWord),
    /// No number of seconds.
    #[error("{state} cannot be shown for {seconds} seconds")]
    NotSeconds {
        /// The obsState.
        state: String,
        /// The number.
        seconds: f64,
    },
}

/// Reads the JSON of `AddTransition`: obsStates, each with the seconds before the next one.
pub(super) fn read_script(text: &str) -> Result<Vec<(ObsState, Duration)>, ScriptError> {
    let rows: Vec<(String, f64)> = serde_json::from_str(text)?;
    rows.into_iter()
        .map(|(state, seconds)| {
            let time = Duration::try_from_secs_f64(seconds)
                .ok()
                .filter(|time| time.as_secs() < MOST_SECONDS);
            match time {
                Some(time) => Ok((state.parse()?, time)),
                None => Err(ScriptError::NotSeconds { state, seconds }),
            }
        })
        .collect()
}

/// A hundred years: more would not fit the clock.
pub(super) const MOST_SECONDS: u64 = 100 * 366 * 86_400;

/// The JSON of what is played; an empty list if nothing is.
pub(super) fn write_script(script: &[(ObsState, Duration)]) -> String {
    let rows: Vec<_> = script
        .iter()
        .map(|(state, time)| format!("[\"{state}\", {}]", time.as_secs_f64()))
        .collect();
    format!("[{}]", rows.join(", "))
}
