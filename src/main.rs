//! The `harness` command. See `harness --help`.

mod arguments;
mod exit;
mod exploring;
mod gate;
mod graph;
mod interrupt;
mod journal_file;
mod lint;
mod listing;
mod loading;
mod output;
mod problem;
mod reach;
mod report;
mod report_folder;
mod run;
mod shard;
mod sim;
mod start;
mod steps;
mod system;
mod terminal;
mod token;
mod via;
mod written_file;

fn main() -> std::process::ExitCode {
    start::start(std::env::args_os())
}
