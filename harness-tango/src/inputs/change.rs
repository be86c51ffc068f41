//! What an edit changed.

use std::fmt;

use serde_json::Value as Json;

/// No more of a value is told than this many letters.
const TOLD: usize = 60;

/// What an edit changed, at one place of a document.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Where: `sdp.processing_blocks[0].pb_id`.
    pub place: String,
    /// What stood there before, if anything.
    pub before: Option<Json>,
    /// What stands there now, if anything.
    pub after: Option<Json>,
}

/// `tmc.scan_duration: 10.0 -> 5.0`, `csp: removed`, `subarray_id: added 1`.
impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => {
                write!(formatter, "{place}: {} -> {}", short(before), short(after))
            }
            (None, Some(after)) => write!(formatter, "{place}: added {}", short(after)),
            _ => write!(formatter, "{place}: removed"),
        }
    }
}

fn short(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{}..", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
