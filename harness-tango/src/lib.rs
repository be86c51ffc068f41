//! SKA telescopes over Tango: devices, long running commands, the control model and the subarray graph.

pub mod control_model;
