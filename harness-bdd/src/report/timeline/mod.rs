//! What every device did during a scenario, to be drawn: a [`Timeline`].
//!
//! A [`TimelineCollector`] reads the record of the telescope while scenarios run, and makes a
//! timeline of each. It stands in [`AttemptReport::timeline`](super::AttemptReport::timeline), so
//! that the page of a run can be made from `report.json` alone.

mod builder;
mod clock;
mod collector;
mod commands;
mod data;
mod known;
mod long_running;
mod states;
mod watch;

pub use self::{
    collector::TimelineCollector,
    data::{
        CommandSpan, Lane, LongRunningSpan, Moment, Period, Silence, SilenceKind, StateBar,
        StateTrack, Timeline,
    },
    watch::watch_states,
};

#[cfg(test)]
mod tests;
