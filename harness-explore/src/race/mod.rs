//! Commands that race: several clients command one system at once, and what comes of it must be what
//! some order of the commands, one at a time, can explain.

mod contest;
mod course;
mod declaration;
mod finding;
mod heat;
mod history;
mod judge;
mod moment;
mod order;
mod reduce;
mod report;
mod standing;
mod verdict;

pub use contest::{Contest, Entrant};
pub use declaration::{Race, RaceError};
pub use finding::RaceFinding;
pub use history::{Heard, History, Operation, Response};
pub use judge::judge;
pub use report::{OffsetReport, RaceReport};
pub use standing::Effect;
pub use verdict::Violation;
