//! Steps by grammar: one phrase stands for the many ways in which people write the same thing.
//!
//! A [`Phrase`] is a handful of [patterns](Pattern) with examples. A [`Grammar`] is all phrases of a
//! book, compiled for the devices of one telescope; it finds what a line says and gives its
//! [`Words`] to the step.
//!
//! Before a line is looked at it is [tidied](tidy()): articles, doubled words, surplus spaces and the
//! case of letters mean nothing. A line that nothing matches is looked at again with its typing
//! errors mended.

mod current;
mod definition;
mod error;
mod grammar;
mod kind;
mod pattern;
mod spelling;
mod tidy;
mod vocabulary;
mod watched;
pub(crate) mod who;
mod words;

pub use self::{
    current::words,
    definition::Phrase,
    error::{PatternError, WordError},
    grammar::{Grammar, Recognised},
    pattern::Pattern,
    tidy::tidy,
    who::{Part, Pronoun, Who},
    words::Words,
};
pub(crate) use self::{
    current::{Current, watched, within},
    kind::attribute_name,
    watched::{Seen, Watched},
};
