//! Who may control a part of a test over HTTP: everybody on this machine, programs only, or those who
//! know a [`Token`].
//!
//! Nothing here serves HTTP; the crates that do ask [`objection`] before they answer.

mod asker;
mod token;

pub use asker::{Asker, Objection, objection};
pub use token::{InvalidToken, Token};
