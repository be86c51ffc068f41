//! A telescope to test against: simulated devices served over real Tango.
//!
//! [`SimulatedTelescope`] starts devices and a Tango database in this process: some subarrays, or
//! all of SKA Low or Mid. The harness, PyTango or Jive talk to them as to any other. What they do
//! can be changed at run time, over Tango as with the helper devices of `ska-tmc-common`, or from
//! Rust through a [`TelescopeHandle`], [`DeviceHandle`]s and [`SubarrayHandle`]s, whose guards undo
//! what they did.
//!
//! | module | holds |
//! |---|---|
//! | [`telescope`] | the telescope: what to build, start and stop |
//! | [`preset`] | which devices it has: Low, Mid, or a file of one's own |
//! | [`world`] | devices that live together: their clock, what they say to each other |
//! | [`live`] | what testers hold of a device that lives, and what they do to it |
//! | [`device`] | what all devices have, without a wire: commands in, changes of attributes out |
//! | `subarray`, `controller`, `dish`, `leaf`, `tmc` | what only one kind of device has |
//! | [`model`] | the obsState machine, the tables of commands, delays, resources |
//! | [`lrc`] | long running commands: ids, statuses, results, and the order of their events |
//! | [`defect`] | what can be made to go wrong |
//! | [`transition`] | when and how transitions end: settings in layers, per model, device or command |
//! | [`http`] | the same for testers elsewhere: JSON over HTTP, and a status page |
//! | [`wire_fault`] | what goes wrong between devices and their clients |
//! | [`zoo`] | bugs planted on purpose, for tools that look for bugs |
//! | [`attribute`] | the attributes, their values, and where changes go |

pub mod attribute;
mod controller;
pub mod defect;
pub mod device;
pub mod dish;
pub mod http;
mod leaf;
pub mod live;
pub mod lrc;
pub mod model;
pub mod preset;
mod subarray;
pub mod telescope;
mod tmc;
pub mod transition;
mod wire;
pub mod wire_fault;
pub mod world;
pub mod zoo;

pub use live::{DeviceHandle, SubarrayHandle};
pub use telescope::{RunningTelescope, SimulatedTelescope};
pub use world::TelescopeHandle;
