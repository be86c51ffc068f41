//! Feature files as telescope teams write them, made into standard Gherkin.
//!
//! Most of them were written for pytest-bdd (before its version 8), which reads less of the
//! language and forgives more. What it would read is rewritten line by line, so that every line keeps
//! its number; text that is standard Gherkin comes out byte for byte as it went in.

mod line;
mod repair;
mod section;
mod steps;
mod table;

pub(crate) use self::line::distance;
pub(super) use self::repair::{Chunk, MARK, Refusal, Repaired, repair};
