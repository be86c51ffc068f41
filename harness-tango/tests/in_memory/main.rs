//! Everything above the wire, through the public interface, on devices in memory.

mod long_running_commands;
mod lrc_conformance;
mod scripted;
mod subarray_navigation;
mod telescope;
