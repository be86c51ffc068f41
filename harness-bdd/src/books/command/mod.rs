//! Steps about commands: sending them, and what comes of them.

mod act;
mod addressee;
mod book;
#[cfg(feature = "sim")]
mod disturbed;
mod execute;
mod input;
mod issue;
mod name;
mod passed_on;
mod phrases;
mod rejected;
mod resources;
mod result;
mod result_phrases;
mod sequence;
mod subsystems;

pub use self::book::command_steps;

#[cfg(test)]
mod tests;
