//! How many commands a second one process sends to simulated devices in another, and what that costs.
//!
//! `cargo run --release --example load_speed --features tango -- [USERS] [SECONDS] [COMMAND]`

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use harness_explore::load::{Flow, Load, Plan, Schedule, Stage, Step, Summary};
use harness_explore::tango::{SubarrayRules, fleet_of_subarrays, subarray_lifecycle};
use harness_sim::SimulatedTelescope;
use harness_tango::device::TangoConnector;

const SERVE: &str = "serve";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if arguments.first().is_some_and(|it| it == SERVE) {
        return runtime.block_on(serve());
    }
    let mut server = Command::new(std::env::current_exe()?)
        .arg(SERVE)
        .stdout(Stdio::piped())
        .stdin(Stdio::piped())
        .spawn()?;
    let mut host = String::new();
    let told = server.stdout.take().ok_or("the server tells nothing")?;
    BufReader::new(told).read_line(&mut host)?;
    let done = runtime.block_on(measure(host.trim(), &arguments));
    server.kill()?;
    server.wait()?;
    done
}

/// Sixteen subarrays, until the process is killed.
async fn serve() -> Result<(), Box<dyn Error>> {
    let telescope = SimulatedTelescope::new().with_subarrays(16).start().await?;
    println!("{}", telescope.tango_host());
    std::future::pending::<()>().await;
    Ok(())
}

async fn measure(host: &str, arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let argument = |place: usize| arguments.get(place).map(String::as_str);
    let users = argument(0).unwrap_or("100");
    let seconds = argument(1).unwrap_or("5");
    let command = argument(2).unwrap_or("State");
    let stages = Stage::parse_all(&format!("{users}, 0s; {users}, {seconds}s"))?;
    let load = Load::new(Plan::closed("speed", stages))?;
    let client = tango_wire::Client::new().with_tango_host(host);
    let lifecycle = subarray_lifecycle(SubarrayRules::default(), |_| true);
    let names = (1..=16).map(|it| format!("low-tmc/subarray/{it:02}"));
    let fleet = fleet_of_subarrays(&TangoConnector::new(client), names, &lifecycle).await?;
    let fleet = fleet.connect(&load.recorder()).await?;
    let flow = Flow {
        name: "speed".to_owned(),
        weight: 1,
        begin: Vec::new(),
        steps: vec![Step::Command {
            command: command.to_owned(),
            argument: None,
            until: None,
            may_be_rejected: true,
        }],
        end: Vec::new(),
    };
    let users = fleet.flows(&[flow], Schedule::ByUser, &[])?;
    let report = load.run(users, std::future::pending()).await;
    let total = Summary::of(&report).total;
    let rate = total.count() as f64 / report.lasted.as_secs_f64();
    let used = report.gauges.iter().flat_map(|it| &it.gauges);
    let mut used: Vec<f64> = used.filter_map(|it| it.processor).collect();
    // the last one is of a moment that may be shorter than what Linux counts in
    used.pop();
    let used = used.iter().sum::<f64>() / used.len().max(1) as f64;
    println!(
        "{rate:.0} commands/s, p50 {:?}, p99 {:?}, p99.9 {:?}, {used:.2} of a processor, {:.1} us each",
        total.service.percentile(50.0).unwrap_or_default(),
        total.service.percentile(99.0).unwrap_or_default(),
        total.service.percentile(99.9).unwrap_or_default(),
        used / rate * 1e6,
    );
    Ok(())
}
