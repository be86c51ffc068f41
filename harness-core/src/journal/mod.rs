//! The record of a run: [`Journal`], its [`Entry`]s, and [`Mark`]s, which are positions in it.
//!
//! Every command, reply, event, state, step and fault is appended once, in order, with a
//! monotonic and a wall time and a sequence number without holes. Waits read on from a mark
//! through a [`Follower`]; failures are told from what stands after one.
//!
//! On disk the record is JSON Lines with a schema that is versioned and kept: `docs/journal.md`.

mod entry;
mod file;
mod follower;
mod kept;
mod line;
mod log_line;
mod mark;
mod narrator;
mod record;

pub use entry::{Entry, EntryKind, Phase};
pub use file::JournalError;
pub use follower::Follower;
pub use line::SCHEMA_VERSION;
pub use log_line::LogLine;
pub use mark::Mark;
pub use narrator::Narrator;
pub use record::Journal;

#[cfg(test)]
mod tests;
