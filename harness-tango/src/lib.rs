//! SKA telescopes over Tango: devices, long running commands, the control model and the subarray
//! graph.
//!
//! Start at [`telescope::Telescope`].

pub mod control_model;
pub mod device;
pub mod lrc;
pub mod subarray;
pub mod telescope;
