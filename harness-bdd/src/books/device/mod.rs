//! Steps about devices: their attributes, their commands, and beginning anew.

mod attribute;
mod book;
mod kind;
mod look;
mod phrases;
mod set;
mod value_word;

pub use self::book::device_steps;
pub(super) use self::{
    look::{Claim, Wording},
    set::{bring_about, set},
    value_word::{StateWord, ValueWord},
};
