//! The times of a timeline, and words that are not too long for it.

use std::time::Duration;

/// How many characters of an argument or an answer are kept.
const LONGEST: usize = 2000;

/// Turns times of the journal into seconds after the beginning of an attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) began: Duration,
}

impl Clock {
    /// Seconds after the beginning, to the microsecond; 0 for what was before it.
    pub(super) fn seconds(self, at: Duration) -> f64 {
        rounded(at.saturating_sub(self.began))
    }
}

/// Seconds, to the microsecond: more digits would say nothing and fill the report.
pub(super) fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e6
}

/// The beginning of a text, and how much of it is left out.
pub(super) fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((end, _)) => {
            let more = text.chars().count() - LONGEST;
            format!("{} … ({more} more characters)", &text[..end])
        }
    }
}
