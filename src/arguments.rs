//! What the command line can say.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use harness_sim::zoo::PlantedBug;

use crate::{
    exit::{
        EXIT_CODES, EXPLORING_EXIT_CODES, GATE_HELP, LINT_EXIT_CODES, LOAD_HELP, STEPS_EXIT_CODES,
    },
    exploring::{CoverArguments, ExploreArguments, RaceArguments},
    loading::LoadArguments,
    shard::ShardArgument,
    via::Via,
};

/// An integration-test harness for Tango/SKA control systems.
#[derive(Debug, Parser)]
#[command(name = "harness", version, about, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

/// What to do; without a verb: `run`.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run feature files (the default)
    #[command(after_help = EXIT_CODES)]
    Run(Box<RunArguments>),
    /// List the steps that feature files can use, or say which of them a line is
    #[command(after_help = STEPS_EXIT_CODES)]
    Steps(StepsArguments),
    /// Work with the reports of runs
    #[command(subcommand, after_help = EXIT_CODES)]
    Report(ReportVerb),
    /// Serve a simulated telescope over Tango until Ctrl-C
    #[command(after_help = EXIT_CODES)]
    Sim(SimArguments),
    /// Put a network that misbehaves between clients and a server, until Ctrl-C
    #[command(after_help = GATE_HELP)]
    Gate(GateArguments),
    /// Bring a subarray to an obsState, from whatever state it is in
    #[command(after_help = EXIT_CODES)]
    Reach(ReachArguments),
    /// Look for programs of commands that break a subarray, and shrink them to what matters
    #[command(after_help = EXPLORING_EXIT_CODES)]
    Explore(Box<ExploreArguments>),
    /// Send a subarray every command in every state, and go every way between states
    #[command(after_help = EXPLORING_EXIT_CODES)]
    Cover(Box<CoverArguments>),
    /// Have several clients command a subarray at once, and look for an order that explains what happens
    #[command(after_help = EXPLORING_EXIT_CODES)]
    Race(Box<RaceArguments>),
    /// Have many users command devices at once, by a TOML file, and measure how long everything takes
    #[command(after_help = LOAD_HELP)]
    Load(Box<LoadArguments>),
    /// Draw the states of a subarray and the transitions between them
    #[command(after_help = EXIT_CODES)]
    Graph(GraphArguments),
    /// Look for what is wrong with feature files, without running them
    #[command(after_help = LINT_EXIT_CODES)]
    Lint(LintArguments),
}

#[derive(Args, Debug, Default)]
pub(crate) struct RunArguments {
    /// Feature files, or folders with feature files [default: features]
    pub(crate) features: Vec<PathBuf>,
    /// The telescope to test, as a TOML file [default: a simulated one, in this process]
    #[arg(long, value_name = "FILE")]
    pub(crate) telescope: Option<PathBuf>,
    /// Which simulated telescope: low, mid, sdp, or a TOML file with the keys of these [default:
    /// subarrays that are alone]
    #[arg(long, value_name = "low|mid|sdp|FILE", conflicts_with = "telescope")]
    pub(crate) preset: Option<String>,
    /// Only scenarios whose tags satisfy this expression, with and, or, not and brackets: "@smoke
    /// and not (@slow or @stations(ci-1))"; the case of letters does not count
    #[arg(long, value_name = "EXPRESSION")]
    pub(crate) tags: Option<String>,
    /// Only scenarios whose name matches this regular expression
    #[arg(long, value_name = "REGEX")]
    pub(crate) name: Option<String>,
    /// Only the K-th of N parts of what is chosen: 2/4; auto as GitLab says (CI_NODE_INDEX,
    /// CI_NODE_TOTAL), auto/4 as an Indexed Job of Kubernetes says (JOB_COMPLETION_INDEX)
    #[arg(long, value_name = "K/N")]
    pub(crate) shard: Option<ShardArgument>,
    /// Run all that is chosen this often, one round after the other
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) repeat: Option<u32>,
    /// Try a scenario that failed again, this often at most; one that passes then is flaky, and the
    /// run ends with code 5
    #[arg(long, value_name = "N")]
    pub(crate) retry: Option<u32>,
    /// Leave out feature files that can't be read, and run the others; the run fails all the same
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// End after the first scenario that fails, tried again as --retry says
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// List the scenarios that would be run, with place and tags, and end
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) list: bool,
    /// How --list and --dry-run write
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
    /// Read everything and look up every line, but send nothing and connect to nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write all reports into this folder: report.json, report.xml (JUnit), cucumber.json,
    /// report.html, journal.jsonl
    #[arg(long, value_name = "DIR")]
    pub(crate) report_dir: Option<PathBuf>,
    /// Write the report as JSON, which `harness report merge` reads
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Write a JUnit XML report
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write a Cucumber JSON report, as Xray takes it
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write a page for the browser: steps, failures, and a timeline of every device
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write everything that happened, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// Which way calls to devices take
    #[arg(long, value_enum, default_value_t = Via::Wire)]
    pub(crate) via: Via,
    /// What repeats what was left to chance in the network, where lines make it misbehave [default:
    /// another each time, which is told]
    #[arg(long, value_name = "N")]
    pub(crate) network_seed: Option<u64>,
    /// List the steps that feature files can use, and end; `harness steps` can do more
    #[arg(long)]
    pub(crate) list_steps: bool,
}

#[derive(Args, Debug, Default)]
pub(crate) struct StepsArguments {
    /// Only steps that have all of these words: abort
    pub(crate) words: Vec<String>,
    /// Only steps of this family
    #[arg(long, value_name = "NAME")]
    pub(crate) family: Option<String>,
    /// How to write them
    #[arg(long, value_enum, default_value_t = StepsFormat::Text)]
    pub(crate) format: StepsFormat,
    /// Say which step this line is and what it fills in, or what is nearest; a keyword before it, or
    /// none for all
    #[arg(long, value_name = "LINE", conflicts_with_all = ["words", "family", "format"])]
    pub(crate) explain: Option<String>,
    /// List the examples that several steps match, and which of these counts
    #[arg(long, conflicts_with_all = ["words", "family", "format", "explain"])]
    pub(crate) overlaps: bool,
    /// The telescope, as a TOML file: lines can name the devices in it
    #[arg(long, value_name = "FILE")]
    pub(crate) telescope: Option<PathBuf>,
}

/// How steps are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum StepsFormat {
    /// For a terminal
    #[default]
    Text,
    /// A reference, as docs/steps.md
    Markdown,
    /// For programs
    Json,
}

/// How scenarios are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A line each
    #[default]
    Text,
    /// A list of objects
    Json,
}

/// What to do with reports.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportVerb {
    /// Make one report of those of all shards of a suite
    #[command(after_help = EXIT_CODES)]
    Merge(MergeArguments),
}

#[derive(Args, Debug)]
pub(crate) struct MergeArguments {
    /// Files that `harness run --report` wrote, or folders in which all report.json are taken
    #[arg(required = true)]
    pub(crate) reports: Vec<PathBuf>,
    /// The folder to write all forms of the merged report into
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct SimArguments {
    /// Which telescope: low, mid, sdp, or a TOML file with the keys of these [default: subarrays that
    /// are alone]
    #[arg(long, value_name = "low|mid|sdp|FILE")]
    pub(crate) preset: Option<String>,
    /// How many subarrays [default: 2, or what the file says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub(crate) subarrays: Option<u8>,
    /// The device names from before ADR-9, as far as the preset has them
    #[arg(long, requires = "preset")]
    pub(crate) old_names: bool,
    /// How long each transient state of the subsystems lasts [default: 0.1, or what the file says]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) dwell: Option<Duration>,
    /// The port of the Tango database; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Plant a bug in every subarray, for tools that look for bugs to prove themselves on: lost-update,
    /// stuck-transient, double-accept, wrong-state-after-abort, late-event, leak, reply-without-result
    #[arg(long, value_name = "NAME", conflicts_with = "preset")]
    pub(crate) bug: Vec<PlantedBug>,
    /// Time passes only when a client lets it: POST /state-manager/advance
    #[arg(long, requires = "http")]
    pub(crate) manual_clock: bool,
    /// Serve the control over HTTP and a status page on this port; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    pub(crate) http: Option<u16>,
    /// Where HTTP listens; beyond this machine it asks for a token, and has no encryption
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1",
        requires = "http"
    )]
    pub(crate) http_bind: String,
    /// The token that HTTP asks for [default: HARNESS_HTTP_TOKEN; none on this machine, beyond it
    /// one that is made and printed]
    #[arg(long, value_name = "TOKEN", requires = "http")]
    pub(crate) http_token: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct GateArguments {
    /// Where clients connect to: HOST:PORT; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:0",
        requires = "upstream"
    )]
    pub(crate) listen: String,
    /// Where the gate connects to, for each client anew: HOST:PORT
    #[arg(long, value_name = "ADDRESS", required_unless_present_any = ["control", "config"])]
    pub(crate) upstream: Option<String>,
    /// What the gate is called over HTTP
    #[arg(
        long,
        value_name = "NAME",
        default_value = "gate",
        requires = "upstream"
    )]
    pub(crate) name: String,
    /// More gates, as a list in JSON: objects with name, listen, upstream and, if wanted, enabled and
    /// toxics
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// What all chance comes from; the same number repeats it [default: another one each time, which
    /// is printed]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Serve the control over HTTP on this port, for Toxiproxy's clients; 0 takes a free one
    #[arg(long, value_name = "PORT")]
    pub(crate) control: Option<u16>,
    /// Where the control listens; beyond this machine it asks for a token, and has no encryption
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1",
        requires = "control"
    )]
    pub(crate) control_bind: String,
    /// The token that the control asks for [default: HARNESS_HTTP_TOKEN; none on this machine, beyond
    /// it one that is made and printed]
    #[arg(long, value_name = "TOKEN", requires = "control")]
    pub(crate) control_token: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ReachArguments {
    /// The obsState to reach, for example READY
    pub(crate) state: String,
    /// The telescope, as a TOML file [default: a simulated one, in this process]
    #[arg(long, value_name = "FILE")]
    pub(crate) telescope: Option<PathBuf>,
    /// One subarray device, by its full name: tango://host:port/a/b/c, with #dbase=no if it is to be
    /// asked directly
    #[arg(long, value_name = "NAME", conflicts_with = "telescope")]
    pub(crate) device: Option<String>,
    /// Which subarray
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) subarray: u32,
    /// States to pass through on the way, in that order
    #[arg(long, value_name = "STATE", num_args = 1.., value_delimiter = ',')]
    pub(crate) through: Vec<String>,
    /// How long the whole way may take [default: the telescope's timeout]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Only print the way
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Which way calls to devices take
    #[arg(long, value_enum, default_value_t = Via::Wire)]
    pub(crate) via: Via,
}

#[derive(Args, Debug)]
pub(crate) struct GraphArguments {
    /// Which language to draw it in
    #[arg(long, value_enum, default_value_t = GraphFormat::Dot)]
    pub(crate) format: GraphFormat,
}

#[derive(Args, Debug)]
pub(crate) struct LintArguments {
    /// Feature files, or folders with feature files [default: features]
    pub(crate) features: Vec<PathBuf>,
    /// The telescope's file: what it lists under `[devices]` are words that lines may use
    #[arg(long, value_name = "FILE")]
    pub(crate) telescope: Option<PathBuf>,
    /// Find nothing by this rule; can be given several times
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) allow: Vec<String>,
    /// Fail for warnings too
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Sources of tests, Rust or Python: find feature files that none of them names
    #[arg(long, value_name = "PATH")]
    pub(crate) used_by: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    pub(crate) format: LintFormat,
    /// List the rules, and end
    #[arg(long)]
    pub(crate) rules: bool,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// For people: grouped by file
    Text,
    /// For programs
    Json,
}

/// A language for drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Graphviz
    Dot,
    /// Mermaid, as GitLab and GitHub show it
    Mermaid,
}

/// A time in seconds: `2`, `0.5`.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| format!("`{text}` is not a number of seconds"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn times_are_seconds_and_never_negative() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        assert_eq!(
            seconds("5 min").unwrap_err(),
            "`5 min` is not a number of seconds"
        );
        assert!(seconds("-1").is_err());
        assert!(seconds("NaN").is_err());
    }
}
