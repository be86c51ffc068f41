//! Load: many users at once, honest latencies, and what is still right under it.
//!
//! | module | holds |
//! |---|---|
//! | `plan` | [`Plan`]: how many users, or starts a second, and when |
//! | `engine` | [`Load`]: carries out a plan with [`User`]s, who tell a [`Recorder`] what they did |
//! | `flow` | [`Flow`]: what users do in a cycle, as data |
//! | `measure` | [`Sample`]s, and [`Latencies`] of them |
//! | [`metrics`] | the figures of a load that goes on, as Prometheus reads them |
//! | `threshold` | [`Threshold`]: what must hold of the figures |
//! | `baseline` | [`Noise`]: what is better or worse than in an earlier run |
//! | `report` | [`LoadReport`]: what came of it, as data that merges |

mod baseline;
mod engine;
mod flow;
mod measure;
pub mod metrics;
mod plan;
mod report;
mod threshold;

pub use baseline::{Noise, NoiseError, Overall};
pub use engine::{CycleError, Identity, Live, Load, Recorder, User};
pub use flow::{Flow, Schedule, Step, Until};
pub use measure::{
    Bucket, DistinctError, FaultWindow, Latencies, Measurement, Phase, ResultClass, Sample, Series,
};
pub use plan::{
    Model, Plan, PlanError, Shard, ShardError, Stage, StageError, TimeError, read_time,
};
pub use report::{
    Change, Comparison, Counts, Gauge, GaugeSeries, Judgement, LoadReport, MergeError, Row,
    Summary, Verdict, Violation,
};
pub use threshold::{Threshold, ThresholdError};
