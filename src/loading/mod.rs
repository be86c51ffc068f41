//! `harness load`: many users at once.

mod arguments;
mod check;
mod devices;
mod faults;
mod files;
mod inputs;
mod merge;
mod metrics_server;
mod names;
mod progress;
mod run;
mod start_at;
mod system;
mod verdict;

pub(crate) use arguments::LoadArguments;
pub(crate) use run::load;
