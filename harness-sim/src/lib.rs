//! A telescope to test against: simulated devices served over real Tango.
//!
//! [`SimulatedTelescope`] starts subarrays and a Tango database in this process; the harness,
//! PyTango or Jive talk to them as to any other. What it does can be changed at run time, over
//! Tango as with the helper devices of `ska-tmc-common`, or from Rust through a
//! [`SubarrayHandle`], whose guards undo what they did.
//!
//! | module | holds |
//! |---|---|
//! | [`telescope`] | the telescope: what to build, start and stop |
//! | [`live`] | a subarray that lives: its clock turns, testers hold handles to it |
//! | [`subarray`] | a subarray without a wire: commands in, changes of attributes out |
//! | [`model`] | its obsState machine, the table of its commands, its delays |
//! | [`lrc`] | long running commands: ids, statuses, results, and the order of their events |
//! | [`defect`] | what can be made to go wrong |
//! | [`transition`] | when and how transitions end: settings in layers, per model, device or command |
//! | [`attribute`] | its attributes, their values, and where changes go |

pub mod attribute;
pub mod defect;
pub mod live;
pub mod lrc;
pub mod model;
pub mod subarray;
pub mod telescope;
pub mod transition;
mod wire;

pub use live::SubarrayHandle;
pub use telescope::{RunningTelescope, SimulatedTelescope};
