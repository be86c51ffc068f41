//! `harness load`: files, exit codes, parts and what is left behind.

mod call;
mod merging;
mod stopping;
mod usage;
mod verdicts;
