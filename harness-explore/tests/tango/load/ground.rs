//! Simulated subarrays, connected for a load, and the mission's loop.

use std::sync::Arc;
use std::time::Duration;

use harness_core::Device;
use harness_explore::lifecycle::Lifecycle;
use harness_explore::load::{Flow, Load, LoadReport, Step, Until};
use harness_explore::tango::{SubarrayRules, subarray_fleet, subarray_lifecycle};
use harness_sim::zoo::PlantedBug;
use harness_sim::{RunningTelescope, SimulatedTelescope};
use harness_tango::control_model::ObsState;
use harness_tango::device::TangoConnector;
use harness_tango::telescope::Connector as _;
use serde_json::json;

/// How late events may be on a machine that does much else.
pub(crate) const LAG: Duration = Duration::from_millis(400);

/// Simulated subarrays, and a client of each.
pub(crate) struct Ground {
    pub(crate) telescope: RunningTelescope,
    pub(crate) devices: Vec<Arc<dyn Device>>,
}

impl Ground {
    /// So many subarrays, with transient states that last so long.
    pub(crate) async fn new(subarrays: u32, dwell: Duration) -> Ground {
        let telescope = SimulatedTelescope::new()
            .with_subarrays(subarrays)
            .with_dwell(dwell)
            .start()
            .await
            .unwrap();
        let config = telescope.telescope_config();
        let connector = TangoConnector::for_telescope(&config).await.unwrap();
        let mut devices = Vec::new();
        for subarray in telescope.subarrays() {
            devices.push(connector.connect(&subarray.name()).await.unwrap());
        }
        Ground { telescope, devices }
    }

    /// Plants a bug in all of them.
    pub(crate) fn plant(&self, bug: PlantedBug) {
        for subarray in self.telescope.subarrays() {
            subarray.plant(bug).unwrap().forget();
        }
    }

    /// The fleet of them.
    pub(crate) fn fleet(&self) -> harness_explore::load::Fleet {
        subarray_fleet(self.devices.clone(), &lifecycle())
    }

    /// Carries out a load of these flows, and waits until all is calm.
    pub(crate) async fn run(&self, load: Load, flows: &[Flow]) -> LoadReport {
        let fleet = self.fleet().connect(&load.recorder()).await.unwrap();
        let users = fleet.flows(flows, Default::default(), &[]).unwrap();
        let load = load.with_watch(fleet.watch());
        let mut report = load.run(users, std::future::pending()).await;
        fleet.settle(&mut report, Duration::from_secs(5)).await;
        report
    }
}

/// What is said of the subarrays.
pub(crate) fn lifecycle() -> Lifecycle<ObsState> {
    subarray_lifecycle(SubarrayRules::SkaTangoBase, |_| true).with_lag(LAG)
}

/// A command that leads to a state.
pub(crate) fn until(command: &str, state: &str) -> Step {
    sends(command, Some(state), false)
}

/// A command that another user may be first with.
pub(crate) fn perhaps(command: &str) -> Step {
    sends(command, None, true)
}

fn sends(command: &str, state: Option<&str>, may_be_rejected: bool) -> Step {
    let argument = match command {
        "AssignResources" => Some(json!({"resources": ["A", "B"], "user": "${user}"})),
        "Configure" => Some(json!({"id": "${user}-${cycle}"})),
        "Scan" => Some(json!({"scan_id": "${cycle}"})),
        _ => None,
    };
    Step::Command {
        command: command.into(),
        argument,
        until: state.map(reaches),
        may_be_rejected,
    }
}

/// That a state comes within five seconds.
pub(crate) fn reaches(state: &str) -> Until {
    Until {
        attribute: "obsState".into(),
        value: state.into(),
        within: Duration::from_secs(5),
    }
}

/// A flow of these steps.
pub(crate) fn flow(steps: Vec<Step>) -> Flow {
    Flow {
        name: "flow".into(),
        weight: 1,
        begin: Vec::new(),
        steps,
        end: Vec::new(),
    }
}

/// The mission's loop: create, start, stop, delete.
pub(crate) fn mission() -> Flow {
    flow(vec![
        until("AssignResources", "IDLE"),
        until("Configure", "READY"),
        until("Scan", "SCANNING"),
        until("EndScan", "READY"),
        until("End", "IDLE"),
        until("ReleaseAllResources", "EMPTY"),
    ])
}

/// What was violated, in words.
pub(crate) fn violations(report: &LoadReport) -> Vec<String> {
    let told = report.violations.iter();
    told.map(|it| format!("{} {}", it.device, it.words))
        .collect()
}

/// What was violated, but for what the devices are left with.
pub(crate) fn conflicts(report: &LoadReport) -> Vec<String> {
    let told = violations(report).into_iter();
    told.filter(|it| !it.contains("after the load")).collect()
}

pub(crate) fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
