//! Telling people how a run goes.
//!
//! A [`Reporter`] is told everything in order; [`TextReporter`] writes it for a terminal or a log.

mod notice;
mod text;

pub use self::{
    notice::{Notice, Reporter},
    text::TextReporter,
};
