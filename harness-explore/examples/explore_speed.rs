//! How many steps a second are explored, and how soon a defect eight steps deep is found and shrunk:
//! what `tests/interop/bench_explore/run` compares with Hypothesis.
//!
//!     cargo run --release -p harness-explore --example explore_speed

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;

use harness_explore::{Explorer, Machine, Produced, Rule, ensure};

/// How many programs are run for the speed, of fifty steps each.
const PROGRAMS: u64 = 400;
/// How often the speed is measured.
const ROUNDS: u64 = 5;
/// How many programs may pass until the defect is found.
const MOST_PROGRAMS: u64 = 2_000;
/// With how many seeds the defect is looked for.
const SEEDS: u64 = 15;

/// A subarray that, once it was aborted in the second scan of a configuration made twice, does not
/// let go of its resources when it is restarted.
struct Subarray {
    state: &'static str,
    configured: u32,
    scans: u32,
    leaks: bool,
    defective: bool,
}

const COMMANDS: [(&str, &[&str], &str); 8] = [
    ("assign", &["EMPTY", "IDLE"], "IDLE"),
    ("configure", &["IDLE", "READY"], "READY"),
    ("scan", &["READY"], "SCANNING"),
    ("end_scan", &["SCANNING"], "READY"),
    ("end", &["READY"], "IDLE"),
    ("release", &["IDLE"], "EMPTY"),
    ("abort", &["IDLE", "READY", "SCANNING"], "ABORTED"),
    ("restart", &["ABORTED"], "EMPTY"),
];

fn subarray(defective: bool) -> Machine<Subarray> {
    let start = async move || {
        Ok(Subarray {
            state: "EMPTY",
            configured: 0,
            scans: 0,
            leaks: false,
            defective,
        })
    };
    Machine::new("Subarray", start)
        .rules(COMMANDS.map(|(command, sources, target)| {
            Rule::new(command)
                .when("it is allowed", move |subarray: &Subarray| {
                    sources.contains(&subarray.state)
                })
                .run(async move |subarray: &mut Subarray, _| {
                    match command {
                        "configure" => subarray.configured += 1,
                        "scan" => subarray.scans += 1,
                        "end" | "release" => {
                            subarray.configured = 0;
                            subarray.scans = 0;
                        }
                        "abort" => {
                            subarray.leaks = subarray.state == "SCANNING"
                                && subarray.configured >= 2
                                && subarray.scans >= 2;
                        }
                        "restart" => {
                            ensure(!(subarray.defective && subarray.leaks), "it leaks")?;
                            subarray.configured = 0;
                            subarray.scans = 0;
                        }
                        _ => {}
                    }
                    subarray.state = target;
                    Ok(Produced::nothing())
                })
        }))
        .model(|subarray| subarray.state)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut speeds = Vec::new();
    for seed in 0..ROUNDS {
        let explorer = Explorer::new(subarray(false))
            .with_seed(seed)
            .with_programs(PROGRAMS);
        let started = Instant::now();
        let report = explorer.run()?;
        speeds.push(report.steps as f64 / started.elapsed().as_secs_f64());
    }
    let mut found = Vec::new();
    for seed in 0..SEEDS {
        let explorer = Explorer::new(subarray(true))
            .with_seed(seed)
            .with_programs(MOST_PROGRAMS);
        let started = Instant::now();
        let report = explorer.run()?;
        let seconds = started.elapsed().as_secs_f64();
        let steps = report
            .findings
            .first()
            .map(|finding| finding.program.steps.len());
        found.push(BTreeMap::from([
            ("seconds", serde_json::json!(seconds)),
            ("steps", serde_json::json!(steps)),
        ]));
    }
    let printed = serde_json::json!({ "steps_per_second": speeds, "found": found });
    println!("{printed}");
    Ok(())
}
