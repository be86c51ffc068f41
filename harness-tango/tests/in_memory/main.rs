//! Everything above the wire, through the public interface, on devices in memory.

mod long_running_commands;
mod lrc_conformance;
mod lrc_failures;
mod lrc_groups;
mod lrc_protocols;
mod lrc_refusals;
mod lrc_unheard;
mod scripted;
mod subarray_navigation;
mod telescope;
mod waiting;
