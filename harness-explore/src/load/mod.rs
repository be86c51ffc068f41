//! Load: many users at once, honest latencies, and what is still right under it.
//!
//! | module | holds |
//! |---|---|
//! | `plan` | [`Plan`]: how many users, or starts a second, and when |
//! | `engine` | [`Load`]: carries out a plan with [`User`]s, who tell a [`Recorder`] what they did |
//! | `file` | [`LoadFile`]: all of it as a TOML file, checked before anything is begun |
//! | `flow` | [`Flow`]: what users do in a cycle, as data |
//! | `fleet` | [`Fleet`]: users over real devices, and what is still right under load |
//! | `measure` | [`Sample`]s, and [`Latencies`] of them |
//! | [`metrics`] | the figures of a load that goes on, as Prometheus reads them |
//! | `threshold` | [`Threshold`]: what must hold of the figures |
//! | `baseline` | [`Noise`]: what is better or worse than in an earlier run |
//! | `report` | [`LoadReport`]: what came of it, as data that merges, and as text |
//! | `page` | [`page`]: the report as an HTML page |

mod baseline;
mod engine;
mod file;
mod fleet;
mod flow;
mod measure;
pub mod metrics;
mod page;
mod plan;
mod report;
mod threshold;

pub use baseline::{Noise, NoiseError, Overall};
pub use engine::{CycleError, Identity, Live, Load, Recorder, User};
pub use file::{
    Baseline, FaultName, FileFault, FileProblem, FileTelescope, FileWalk, KnownNames, LoadFile,
    LoadFileError, Offer, Overrides, Place, Simulated, TelescopeChoice, What,
};
pub use fleet::{
    Answer, ConnectedFleet, Ending, Endings, Fleet, FleetError, FleetUser, PlainReplies, Replies,
    WalkInputs, WalkUser,
};
pub use flow::{Flow, FlowError, Schedule, Step, TextError, Until, UserData};
pub use measure::{
    Bucket, DistinctError, FaultWindow, Latencies, Measurement, Phase, ResultClass, Sample, Series,
};
pub use page::page;
pub use plan::{
    Model, Plan, PlanError, Shard, ShardError, Stage, StageError, TimeError, read_time,
};
pub use report::{
    Change, Comparison, Counts, Gauge, GaugeSeries, Judgement, LoadReport, MergeError, Row,
    Summary, TransitionCount, Verdict, Violation,
};
pub use threshold::{Threshold, ThresholdError};
