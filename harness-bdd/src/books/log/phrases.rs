//! How people write about logs.

use crate::phrase::Phrase;

/// A line that must not come.
pub(super) const LACKS: Phrase =
    Phrase::new("a device writes no such line into its log since the last When, nor for a time")
        .with_patterns(&[
            "(log|logs) [(of|from) <who>] (should|must|shall|does|do) not (contain|show|include|have) \
             transaction (id|ids)",
            "(log|logs) [(of|from) <who>] (should|must|shall|does|do) not (contain|show|include|have) [text] <text:quoted>",
            "<who> (log|logs) (should|must|shall|does|do) not (contain|show|include|have) transaction (id|ids)",
            "<who> (log|logs) (should|must|shall|does|do) not (contain|show|include|have) [text] <text:quoted>",
            "<who> (should|must|shall|does|do) not log <text:quoted>",
        ])
        .with_examples(&["the log must not show a transaction ID"])
        .listening();

/// A line that must come.
pub(super) const CONTAINS: Phrase =
    Phrase::new("a device writes such a line into its log since the last When")
        .with_patterns(&[
            "(log|logs) [(of|from) <who>] [(should|must|shall|will)] (contain|contains|show|shows|include|includes|have|has) transaction (id|ids)",
            "(log|logs) [(of|from) <who>] [(should|must|shall|will)] (contain|contains|show|shows|include|includes|have|has) [text] <text:quoted>",
            "<who> (log|logs) [(should|must|shall|will)] (contain|contains|show|shows|include|includes|have|has) transaction (id|ids)",
            "<who> (log|logs) [(should|must|shall|will)] (contain|contains|show|shows|include|includes|have|has) [text] <text:quoted>",
            "<who> [(should|must|shall|will)] (log|logs) <text:quoted>",
        ])
        .with_examples(&[
            "the log must show a transaction ID",
            "the log of the SDP subarray contains \"Scan\"",
        ])
        .listening();
