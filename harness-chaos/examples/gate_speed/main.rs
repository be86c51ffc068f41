//! Measures how quick a proxy is, this crate's gate or another; `tests/interop/bench_gate/run` measures
//! several, one after the other.
//!
//! ```text
//! gate_speed serve                           a server to measure against; prints its address
//! gate_speed gate UPSTREAM [threads]         a gate to it; prints its address
//! gate_speed stream ADDRESS SECONDS          octets a second, one connection
//! gate_speed trips ADDRESS COUNT             microseconds for an octet and its answer: median, 99 %
//! gate_speed idle ADDRESS COUNT PID SECONDS  processor time of PID with so many idle connections
//! gate_speed many ADDRESS COUNT              so many connections at once, an answer on each
//! ```

mod measure;
mod serve;

use std::error::Error;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gate_speed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Box<dyn Error>> {
    match words {
        ["serve"] => serve::server(),
        ["gate", upstream] => serve::gate(upstream, false),
        ["gate", upstream, "threads"] => serve::gate(upstream, true),
        ["stream", address, seconds] => measure::stream(address, seconds.parse()?),
        ["trips", address, count] => measure::trips(address, count.parse()?),
        ["idle", address, count, pid, seconds] => {
            measure::idle(address, count.parse()?, pid, seconds.parse()?)
        }
        ["many", address, count] => measure::many(address, count.parse()?),
        _ => Err("serve | gate | stream | trips | idle | many; see the head of the source".into()),
    }
}
