//! Telling people how a run goes.
//!
//! A [`Reporter`] is told everything in order; [`TextReporter`] writes it for a terminal or a log,
//! [`JournalReporter`] into the record of the telescope.

mod journal;
mod notice;
mod text;

pub use self::{
    journal::JournalReporter,
    notice::{Notice, Reporter},
    text::TextReporter,
};
