//! Long running commands as `ska-tango-base` publishes them: ids, statuses, results, and the
//! attributes that show them.

mod book;
mod id;
mod outcome;

pub use book::{Book, QUEUE_CAPACITY, SHOWN_CAPACITY};
pub use id::{CommandId, CommandIds};
pub use outcome::Outcome;
