//! The telescope manager: its central node and its subarray nodes, which have others do the work.

mod aggregate;
mod central_node;
mod input;
mod part;
mod shape;
mod subarray_node;
mod telescope;

pub(crate) use central_node::CentralNode;
pub(crate) use input::Telescope;
pub(crate) use part::{DishPart, SubarrayPart};
pub(crate) use subarray_node::SubarrayNode;
