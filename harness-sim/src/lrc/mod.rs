//! Long running commands as `ska-tango-base` publishes them: ids, statuses, results, and the
//! attributes that show them.

mod book;
mod entry;
mod id;
mod moment;
mod outcome;

pub use book::{Book, FINISHED_ENTRIES, QUEUE_CAPACITY, SHOWN_CAPACITY};
pub use id::{CommandId, CommandIds};
pub use outcome::Outcome;
