//! Defects that a tester switches on: commands that fail, get stuck, or are not allowed.

mod description;
mod kind;
mod set;

pub use description::{Defect, DefectError};
pub use kind::DefectKind;
pub use set::{DefectId, Defects};
