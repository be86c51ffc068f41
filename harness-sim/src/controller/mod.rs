//! Controllers of the subsystems.

mod kind;

pub(crate) use kind::Controller;
