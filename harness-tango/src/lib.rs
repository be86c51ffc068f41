//! SKA telescopes over Tango: devices, long running commands, the control model and the subarray
//! graph.
//!
//! | module | holds |
//! |---|---|
//! | [`telescope`] | which devices play which role, connecting to them; start at [`telescope::Telescope`] |
//! | [`subarray`] | the graph of a subarray's obsStates, and bringing a subarray to one of them |
//! | [`inputs`] | what commands are given: JSON documents, found by name, edited, broken on purpose |
//! | [`lrc`] | long running commands: their replies, their ends, the ways to be refused |
//! | [`control_model`] | the words of the SKA control model and their numbers: obsState, result codes, modes |
//! | [`log`] | logs of devices, in the record |
//! | [`device`] | Tango devices as devices of `harness-core` |

pub mod control_model;
pub mod device;
pub mod inputs;
pub mod log;
pub mod lrc;
pub mod subarray;
pub mod telescope;
