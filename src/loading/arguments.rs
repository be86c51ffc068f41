//! What the command line can say of a load.

use std::{path::PathBuf, time::SystemTime};

use clap::{Args, Subcommand};
use harness_explore::load::{Noise, Overrides};

use super::start_at::read_moment;
use crate::{exit::LOAD_HELP, shard::ShardArgument};

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct LoadArguments {
    #[command(subcommand)]
    pub(super) verb: Option<LoadVerb>,
    #[command(flatten)]
    pub(super) run: RunArguments,
}

/// What to do with loads, besides running one.
#[derive(Debug, Subcommand)]
pub(super) enum LoadVerb {
    /// Make one report of those of all parts of a load, and judge it
    #[command(after_help = LOAD_HELP)]
    Merge(MergeArguments),
}

#[derive(Args, Debug)]
pub(super) struct RunArguments {
    /// The load, as a TOML file
    #[arg(required = true)]
    pub(super) file: Option<PathBuf>,
    /// Only read and check everything, and say what would be done
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) overrides: OverrideArguments,
    /// Only the K-th of N parts: 2/4; auto as GitLab says (CI_NODE_INDEX, CI_NODE_TOTAL), auto/4 as an
    /// Indexed Job of Kubernetes says (JOB_COMPLETION_INDEX). All parts command the same telescope
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<ShardArgument>,
    /// Start the clock at this moment, when users have begun, so that parts start together: a time as
    /// 2030-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = read_moment)]
    pub(super) start_at: Option<SystemTime>,
    #[command(flatten)]
    pub(super) files: FileArguments,
    #[command(flatten)]
    pub(super) baseline: BaselineArguments,
    /// Serve metrics for Prometheus on this port while the load goes on; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    pub(super) metrics: Option<u16>,
    /// Where metrics are served; beyond this machine they ask for a token, and have no encryption
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1",
        requires = "metrics"
    )]
    pub(super) metrics_bind: String,
    /// The token that metrics ask for [default: HARNESS_HTTP_TOKEN; none on this machine, beyond it one
    /// that is made and printed]
    #[arg(long, value_name = "TOKEN", requires = "metrics")]
    pub(super) metrics_token: Option<String>,
}

/// Values in place of those of the file.
#[derive(Args, Debug)]
#[command(next_help_heading = "In place of the file")]
pub(super) struct OverrideArguments {
    /// How many users
    #[arg(long, value_name = "N")]
    users: Option<u64>,
    /// How many cycles each user goes through, in place of any time
    #[arg(long, value_name = "N")]
    cycles: Option<u64>,
    /// The stages: "100, 10s; 100, 1m"
    #[arg(long, value_name = "STAGES")]
    stages: Option<String>,
    /// For how long: 1m30s
    #[arg(long, value_name = "TIME")]
    lasting: Option<String>,
    /// Starts a second of an open load
    #[arg(long, value_name = "N")]
    rate: Option<f64>,
    /// What all chance comes from
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl OverrideArguments {
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            users: self.users,
            cycles: self.cycles,
            stages: self.stages.clone(),
            lasting: self.lasting.clone(),
            rate: self.rate,
            seed: self.seed,
        }
    }
}

/// What is left behind.
#[derive(Args, Debug)]
pub(super) struct FileArguments {
    /// Write all reports into this folder: load.json, load.html
    #[arg(long, value_name = "DIR")]
    pub(super) report_dir: Option<PathBuf>,
    /// Write the report as JSON, which `harness load merge` and --baseline read
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Write a page for the browser: latency over time, percentiles, states and faults
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
}

/// What it is held against.
#[derive(Args, Debug)]
pub(super) struct BaselineArguments {
    /// Compare with this report of an earlier load; anything that is worse fails [default: what the file
    /// says]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// What differs without meaning it: 10%, or 10%, 100us with a time for latencies
    #[arg(long, value_name = "SHARE")]
    pub(super) noise: Option<Noise>,
}

#[derive(Args, Debug)]
pub(super) struct MergeArguments {
    /// Files that `harness load --report` wrote, or folders in which all load.json are taken
    #[arg(required = true)]
    pub(super) reports: Vec<PathBuf>,
    /// The folder to write the merged report into: load.json, load.html
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) baseline: BaselineArguments,
}
