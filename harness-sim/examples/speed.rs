//! Measures the simulator: how soon a thousand devices serve and how much memory they take, how
//! many commands a second they do for one client process, and how long it takes to set a transition.
//!
//! ```text
//! cargo run --release -p harness-sim --example speed -- serve 100    # 100 subarrays of Low
//! cargo run --release -p harness-sim --example speed -- load HOST:PORT 8 5    # connections, seconds
//! cargo run --release -p harness-sim --example speed -- set 142    # subarrays of Low
//! ```
//!
//! `tests/interop/bench_sim` runs all of it.

use std::error::Error;
use std::time::{Duration, Instant};

use harness_sim::SimulatedTelescope;
use harness_sim::transition::{Scope, Transition};
use tango_wire::Client;
use tango_wire::types::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", subarrays] => serve(subarrays.parse()?).await,
        ["load", host, connections, seconds] => {
            load(host, connections.parse()?, seconds.parse()?).await
        }
        ["set", subarrays] => set(subarrays.parse()?).await,
        _ => Err(
            "usage: speed serve|set SUBARRAYS | speed load HOST:PORT CONNECTIONS SECONDS".into(),
        ),
    }
}

/// Serves until it is killed.
async fn serve(subarrays: u32) -> Result<(), Box<dyn Error>> {
    let before = Instant::now();
    let telescope = SimulatedTelescope::low()
        .with_subarrays(subarrays)
        .with_dwell(Duration::ZERO)
        .start()
        .await?;
    let devices = telescope.handle().devices().len();
    println!(
        "{devices} devices serve after {:.2} s; memory: {}",
        before.elapsed().as_secs_f64(),
        memory().unwrap_or_else(|| "unknown".to_owned())
    );
    println!("TANGO_HOST={}", telescope.tango_host());
    std::future::pending().await
}

/// Sets a transition of one command of one device, of a model, and of everything, and takes it
/// back, while the telescope has a command under way.
async fn set(subarrays: u32) -> Result<(), Box<dyn Error>> {
    let telescope = SimulatedTelescope::low()
        .with_subarrays(subarrays)
        .with_dwell(Duration::from_secs(3600))
        .start()
        .await?;
    let handle = telescope.handle();
    let device = handle.device("low-csp/subarray/01").ok_or("no CSP")?;
    device.submit("AssignResources", "{}")?;
    let scopes = [
        Scope::instance("low-csp/subarray/01").command("AssignResources"),
        Scope::model("csp::subarray"),
        Scope::everything(),
    ];
    let mut times = Vec::new();
    for round in 0..2000_u64 {
        for scope in &scopes {
            let before = Instant::now();
            let time = Duration::from_secs(3600 + round);
            let guard = handle
                .transitions()
                .set_guarded(scope, Transition::after(time))?;
            times.push(before.elapsed());
            drop(guard);
        }
        // the telescope takes notice of it
        tokio::task::yield_now().await;
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied();
    println!(
        "setting a transition with {} devices: median {:?}, p99 {:?}, worst {:?}",
        handle.devices().len(),
        at(50).unwrap_or_default(),
        at(99).unwrap_or_default(),
        times.last().copied().unwrap_or_default()
    );
    Ok(())
}

/// The resident memory, where the system tells.
fn memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
    Some(line.trim_start_matches("VmRSS:").trim().to_owned())
}

/// Sends commands over several connections, each to a subarray of its own, several at a time.
async fn load(host: &str, connections: u32, seconds: u64) -> Result<(), Box<dyn Error>> {
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut tasks = Vec::new();
    for number in 1..=connections {
        let client = Client::new().with_tango_host(host);
        let device = client
            .device(&format!("low-csp/subarray/{number:02}"))
            .await?;
        tasks.push(tokio::spawn(async move {
            let mut sent = 0u64;
            while Instant::now() < until {
                let send = || device.command("AssignResources", Value::String("{}".to_owned()));
                // eight on their way at the same time
                let replies = tokio::join!(
                    send(),
                    send(),
                    send(),
                    send(),
                    send(),
                    send(),
                    send(),
                    send()
                );
                if replies.0.is_err() {
                    return Err(format!("{:?}", replies.0));
                }
                sent += 8;
            }
            Ok(sent)
        }));
    }
    let mut sent = 0;
    for task in tasks {
        sent += task.await??;
    }
    println!(
        "{} commands/s over {connections} connections",
        sent / seconds
    );
    Ok(())
}
