//! What the command line can say to look for what breaks a subarray.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use harness_explore::tango::SubarrayRules;
use harness_sim::zoo::PlantedBug;

use super::faults::FaultName;
use crate::arguments::seconds;

/// Which subarray, and what may be sent to it.
#[derive(Args, Debug)]
pub(crate) struct SubjectArguments {
    /// The telescope, as a TOML file [default: a simulated subarray, in this process]
    #[arg(long, value_name = "FILE")]
    pub(crate) telescope: Option<PathBuf>,
    /// One subarray device, by its full name: tango://host:port/a/b/c, with #dbase=no if it is to be
    /// asked directly
    #[arg(long, value_name = "NAME", conflicts_with = "telescope")]
    pub(crate) device: Option<String>,
    /// Which subarray
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) subarray: u32,
    /// The only commands that are ever sent, as the graph calls them, with commas between; bringing the
    /// subarray to EMPTY is done by them, too. Needed, or --all-commands, unless the subarray is simulated in this process
    #[arg(long, value_name = "COMMAND", value_delimiter = ',')]
    pub(crate) commands: Vec<String>,
    /// Send whatever the rules know, Abort, Restart and Init too
    #[arg(long, conflicts_with = "commands")]
    pub(crate) all_commands: bool,
    /// Which commands are to be taken where [default: ska-tango-base for the simulated subarray, tmc for
    /// any other]
    #[arg(long, value_enum, value_name = "NAME")]
    pub(crate) rules: Option<RulesName>,
    /// Send valid inputs only
    #[arg(long)]
    pub(crate) no_broken_inputs: bool,
    /// How long the subarray may say nothing while something is expected of it
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "10")]
    pub(crate) patience: Duration,
    /// Plant a bug in the simulated subarray: see `harness sim --help`
    #[arg(long, value_name = "NAME", conflicts_with_all = ["telescope", "device"])]
    pub(crate) bug: Option<PlantedBug>,
    /// How long each transient state of the simulated subarray lasts [default: 0.02; 0.1 to race]
    #[arg(long, value_name = "SECONDS", value_parser = seconds,
        conflicts_with_all = ["telescope", "device"])]
    pub(crate) dwell: Option<Duration>,
    /// Write what came of it as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

/// The rules, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesName {
    /// SKASubarray of ska-tango-base
    SkaTangoBase,
    /// The telescope manager's subarray nodes
    Tmc,
    /// Subarrays of the science data processor
    Sdp,
}

impl From<RulesName> for SubarrayRules {
    fn from(name: RulesName) -> Self {
        match name {
            RulesName::SkaTangoBase => Self::SkaTangoBase,
            RulesName::Tmc => Self::TelescopeManager,
            RulesName::Sdp => Self::Sdp,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct ExploreArguments {
    #[command(flatten)]
    pub(crate) subject: SubjectArguments,
    /// Let programs start and heal this fault, too; may be given several times. What commands do is not
    /// judged meanwhile, and again after that. Only of the subarray that is simulated in this process;
    /// --patience must be longer than its calls take to fail, which is 5 s
    #[arg(long, value_enum, value_name = "NAME", conflicts_with_all = ["telescope", "device"])]
    pub(crate) fault: Vec<FaultName>,
    /// What decides which programs are run [default: another one each time, which is told]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// At most so many programs
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) programs: u64,
    /// So many steps in each program
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(crate) steps: u64,
    /// Begin no program after this time
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) time: Option<Duration>,
    /// Go on until so many different failures are found
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub(crate) findings: u64,
    /// How long a failing program may be shrunk
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60")]
    pub(crate) shrink_time: Duration,
    /// The folder for programs that failed, which are replayed first
    #[arg(long, value_name = "DIR", default_value = ".harness/programs")]
    pub(crate) database: PathBuf,
    /// Keep no programs, and replay none
    #[arg(long, conflicts_with = "database")]
    pub(crate) no_database: bool,
    /// How what was found is written besides
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) also: Vec<ProgramForm>,
}

/// In which forms a program is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgramForm {
    /// A scenario, to keep
    Gherkin,
    /// A Rust test, to paste
    Rust,
}

#[derive(Args, Debug)]
pub(crate) struct CoverArguments {
    #[command(flatten)]
    pub(crate) subject: SubjectArguments,
    /// Leave out the ways between states
    #[arg(long)]
    pub(crate) no_pairs: bool,
    /// Send also each command after each other
    #[arg(long)]
    pub(crate) successions: bool,
    /// How long a failing program may be shrunk
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "30")]
    pub(crate) shrink_time: Duration,
    /// Draw what was and was not done, as an SVG picture
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct RaceArguments {
    /// The commands that race, each of a client of its own [default: every pair, in every state]
    #[arg(value_name = "COMMAND")]
    pub(crate) race: Vec<String>,
    #[command(flatten)]
    pub(crate) subject: SubjectArguments,
    /// The obsState in which they race [default: every one in which one of them is allowed]
    #[arg(long, value_name = "STATE")]
    pub(crate) from: Option<String>,
    /// So many heats with each offset
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) heats: u32,
    /// Of two commands, send the second up to so much earlier and later
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "0")]
    pub(crate) range: Duration,
    /// In steps of so much
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "0.005")]
    pub(crate) step: Duration,
    /// How much later than it comes a state may be told; it must be shorter than transient states last
    /// [default: 0.02; four fifths of --dwell where the subarray is simulated]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) lag: Option<Duration>,
    /// Begin no race after this time
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) time: Option<Duration>,
}
