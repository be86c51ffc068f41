//! The `harness` command. See `harness --help`.

mod arguments;
mod exit;
mod graph;
mod interrupt;
mod lint;
mod output;
mod problem;
mod reach;
mod run;
mod sim;
mod start;
mod system;
mod terminal;

fn main() -> std::process::ExitCode {
    start::start(std::env::args_os())
}
