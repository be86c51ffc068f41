//! The telescope manager's leaf nodes: each passes commands on to one device of a subsystem, and
//! shows how that is.

mod delay_model;
mod dish;
mod master;
mod part;
mod subarray;

pub(crate) use dish::DishLeaf;
pub(crate) use master::MasterLeaf;
pub(crate) use part::Part;
pub(crate) use subarray::SubarrayLeaf;
