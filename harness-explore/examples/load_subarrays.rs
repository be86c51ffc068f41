//! The loop of create, start, stop and delete: many users on simulated subarrays, at once.
//!
//! `cargo run --example load_subarrays --features tango`, and with `-- TANGO_HOST DEVICE...` against subarrays
//! that are there.

use std::error::Error;
use std::time::Duration;

use harness_explore::load::{Flow, Load, Plan, Schedule, Stage, Step, Summary, Until};
use harness_explore::tango::{SubarrayRules, fleet_of_subarrays, subarray_lifecycle};
use harness_sim::SimulatedTelescope;
use harness_tango::device::TangoConnector;
use serde_json::{Value as Json, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (simulated, host, names) = match arguments.next() {
        Some(host) => (None, host, arguments.collect()),
        None => {
            let telescope = SimulatedTelescope::new()
                .with_subarrays(16)
                .with_dwell(Duration::from_millis(20))
                .start()
                .await?;
            let names: Vec<String> = telescope.subarrays().map(|it| it.name()).collect();
            let host = telescope.tango_host();
            (Some(telescope), host, names)
        }
    };
    let users = u32::try_from(names.len())?;
    let stages = Stage::parse_all(&format!("{users}, 1s; {users}, 5s"))?;
    let plan = Plan::closed("create, start, stop, delete", stages).with_seed(1);
    let load = Load::new(plan)?;

    let lifecycle = subarray_lifecycle(SubarrayRules::default(), |_| true);
    let client = tango_wire::Client::new().with_tango_host(host);
    let connector = TangoConnector::new(client);
    let fleet = fleet_of_subarrays(&connector, names, &lifecycle).await?;
    let fleet = fleet.connect(&load.recorder()).await?;
    let users = fleet.flows(&[mission()], Schedule::ByUser, &[])?;
    let load = load.with_watch(fleet.watch()).with_observer(|live| {
        let (at, states) = (live.elapsed().as_secs(), live.gauge().states);
        println!("{at:3} s  {:5} cycles  {states:?}", live.counts().done);
    });
    let ctrl_c = async {
        let _ = tokio::signal::ctrl_c().await;
        "asked to end".to_owned()
    };
    let mut report = load.run(users, ctrl_c).await;
    fleet.settle(&mut report, Duration::from_secs(10)).await;

    for row in Summary::of(&report).rows {
        let action = row.action.as_deref().unwrap_or("all");
        let (count, p95) = (
            row.count(),
            row.latency.percentile(95.0).unwrap_or_default(),
        );
        println!("{action:32} {count:6}  p95 {p95:?}");
    }
    for violation in &report.violations {
        println!("{}: {}", violation.device, violation.words);
    }
    println!("{:?}: {} cycles", report.verdict, report.counts.done);
    if let Some(telescope) = simulated {
        telescope.shutdown().await;
    }
    Ok(())
}

/// Create, start, stop, delete, as a subarray calls it.
fn mission() -> Flow {
    Flow {
        name: "mission".to_owned(),
        weight: 1,
        begin: Vec::new(),
        steps: vec![
            step("AssignResources", Some(json!({"resources": ["A"]})), "IDLE"),
            step(
                "Configure",
                Some(json!({"id": "${user}-${cycle}"})),
                "READY",
            ),
            step("Scan", Some(json!({"scan_id": "${cycle}"})), "SCANNING"),
            step("EndScan", None, "READY"),
            step("End", None, "IDLE"),
            step("ReleaseAllResources", None, "EMPTY"),
        ],
        end: Vec::new(),
    }
}

fn step(command: &str, argument: Option<Json>, state: &str) -> Step {
    Step::Command {
        command: command.to_owned(),
        argument,
        until: Some(Until {
            attribute: "obsState".to_owned(),
            value: state.to_owned(),
            within: Duration::from_secs(30),
        }),
        may_be_rejected: false,
    }
}
