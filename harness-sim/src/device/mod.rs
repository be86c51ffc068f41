//! What all simulated devices have in common, without a wire: commands in, changes of attributes
//! out, and a clock that their owner holds. Each kind of device is a `Kind` on top of it.

mod base;
mod delays;
mod edges;
mod errand;
mod execution;
mod hearing;
mod kind;
mod outlet;
mod refusal;
mod script;
mod simulated;
mod steering;
mod submission;
mod task;
mod transaction;

pub(crate) use base::{Base, DeviceSettings};
pub(crate) use delays::model_of;
pub(crate) use errand::{Errand, Message};
pub(crate) use kind::{Kind, Objection, Order};
pub use outlet::DeviceChange;
pub(crate) use outlet::{DeviceId, Outlet, WorldLines};
pub use refusal::Refusal;
pub use script::ScriptError;
pub(crate) use simulated::SUBARRAY_ALONE;
pub use simulated::{CALL_CAPACITY, SimulatedDevice};
pub use submission::Reply;
pub(crate) use task::Client;
pub(crate) use transaction::LogPort;

#[cfg(test)]
mod tests;
