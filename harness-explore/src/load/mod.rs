//! Load: many users at once, honest latencies, and what is still right under it.
//!
//! | module | holds |
//! |---|---|
//! | `plan` | [`Plan`]: how many users, or starts a second, and when |
//! | `engine` | [`Load`]: carries out a plan with [`User`]s, who tell a [`Recorder`] what they did |
//! | `flow` | [`Flow`]: what users do in a cycle, as data |
//! | `measure` | [`Sample`]s, and [`Latencies`] of them |
//! | `threshold` | [`Threshold`]: what must hold of the figures |
//! | `report` | [`LoadReport`]: what came of it, as data that merges, and as text |
//! | `page` | [`page`]: the report as an HTML page |

mod engine;
mod flow;
mod measure;
mod page;
mod plan;
mod report;
mod threshold;

pub use engine::{CycleError, Identity, Live, Load, Recorder, User};
pub use flow::{Flow, Schedule, Step, Until};
pub use measure::{
    Bucket, DistinctError, FaultWindow, Latencies, Measurement, Phase, ResultClass, Sample, Series,
};
pub use page::page;
pub use plan::{
    Model, Plan, PlanError, Shard, ShardError, Stage, StageError, TimeError, read_time,
};
pub use report::{
    Change, Comparison, Counts, Gauge, GaugeSeries, Judgement, LoadReport, MergeError, Row,
    Summary, Verdict, Violation,
};
pub use threshold::{Threshold, ThresholdError};
