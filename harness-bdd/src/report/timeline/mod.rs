//! What every device did during a scenario, to be drawn: a [`Timeline`].
//!
//! A [`TimelineCollector`] reads the record of the telescope while scenarios run, and makes a
//! timeline of each. It stands in [`AttemptReport::timeline`](super::AttemptReport::timeline), so
//! that the page of a run can be made from `report.json` alone.

mod data;

pub use self::data::{
    CommandSpan, Lane, LongRunningSpan, Moment, Period, Silence, SilenceKind, StateBar, StateTrack,
    Timeline,
};
