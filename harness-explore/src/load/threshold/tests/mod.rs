//! Thresholds, read, written and judged.

mod judging;
mod reading;
