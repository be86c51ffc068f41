use std::{sync::Arc, time::Duration};

use harness_bdd::{
    HarnessWorld, StepBook,
    books::telescope_steps,
    feature,
    network::ThroughGates,
    suite::{ScenarioVerdict, Suite},
};
use harness_chaos::Network;
use harness_core::{Tracer, journal::EntryKind};
use harness_sim::telescope::{RunningTelescope, SimulatedTelescope};
use harness_tango::{
    device::TangoConnector,
    telescope::{Telescope, Timeouts},
};

/// A simulated telescope of Low behind gates.
struct Behind {
    network: Network,
    telescope: Arc<Telescope>,
    running: RunningTelescope,
}

impl Behind {
    async fn gates() -> Self {
        let simulated = SimulatedTelescope::low().with_dwell(Duration::from_millis(10));
        let running = simulated.start().await.unwrap();
        let timeouts = Timeouts {
            command: Duration::from_secs(3),
            reach: Duration::from_secs(20),
            recovery: Duration::from_secs(40),
        };
        let config = running.telescope_config().with_timeouts(timeouts);
        let network = Network::new().with_seed(7);
        let connector = TangoConnector::for_telescope(&config).await.unwrap();
        let connector = connector.with_routes(ThroughGates::of(&network));
        let tracer = Tracer::default();
        let telescope = Telescope::connect_with(config, &connector, &tracer).await;
        let telescope = Arc::new(telescope.unwrap());
        Self {
            network,
            telescope,
            running,
        }
    }

    /// What a scenario of these lines fails with, if it does.
    async fn run(&self, lines: &[&str]) -> Result<(), String> {
        let text = format!("Feature: f\n  Scenario: s\n    {}\n", lines.join("\n    "));
        let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
        let outcome = Suite::new(book)
            .with_feature(feature::parse("f.feature", &text).unwrap())
            .on_telescope(Arc::clone(&self.telescope))
            .on_simulated(self.running.handle())
            .through(self.network.clone())
            .run()
            .await
            .unwrap();
        let in_force = self.network.in_force().await;
        assert!(
            in_force.is_empty(),
            "outlives its scenario: {in_force:?}, {lines:#?}"
        );
        match &outcome.scenarios[0].verdict {
            ScenarioVerdict::Passed => Ok(()),
            ScenarioVerdict::Failed { message, .. } => Err(message.clone()),
            other => panic!("{lines:#?}\n{other:?}"),
        }
    }

    /// The faults that a line started.
    async fn started_by(&self, line: &str) -> Vec<String> {
        let journal = self.telescope.tracer().journal();
        let mark = journal.mark();
        self.run(&[line]).await.unwrap();
        let entries = journal.since(&mark);
        let mut faults: Vec<String> = entries
            .iter()
            .filter_map(|entry| match &*entry.kind {
                EntryKind::Fault { description, .. } => Some(description.to_string()),
                _ => None,
            })
            .collect();
        faults.dedup();
        faults
    }
}

#[tokio::test]
async fn lines_hit_the_part_that_they_name_as_much_as_they_say() {
    let behind = Behind::gates().await;
    for (line, expected) in [
        (
            "When the network to all subarrays is slow",
            "the network to low-tmc/subarray/01, low-tmc/subarray/02: requests and replies are delayed by 200 ms",
        ),
        (
            "When the events of every CSP subarray are lost",
            "the network to low-csp/subarray/01, low-csp/subarray/02 (events, heartbeats): replies are read and \
             not passed on",
        ),
        (
            "When the network to CSP subarray 2 is limited to 20 kbps",
            "the network to low-csp/subarray/02: requests and replies pass at 2500 octets a second",
        ),
        (
            "When the network to CSP subarray 2 drops for 500 ms",
            "the network to low-csp/subarray/02 is cut off",
        ),
        (
            "When all connections to CSP subarray 2 are refused",
            "the network to low-csp/subarray/02 is down",
        ),
    ] {
        assert_eq!(behind.started_by(line).await, [expected], "{line}");
    }
    let [all] = &behind
        .started_by("When the network to all devices is slow")
        .await[..]
    else {
        panic!("one fault");
    };
    assert!(
        all.contains("low-cbf/allocator/0") && all.contains("low-tmc/subarray/02"),
        "{all}"
    );
    let resets = "When the network to subarray 1 resets all connections";
    assert!(behind.started_by(resets).await.is_empty(), "once only");
}

#[tokio::test]
async fn events_that_get_lost_unnoticed_are_lost_all_the_same() {
    let behind = Behind::gates().await;
    let lines = [
        "Given subarray 1 is in obsState IDLE",
        "When the events of subarray 1 are lost",
        "And the command Configure is sent to subarray 1",
        "Then no event of subarray 1 was lost",
    ];
    let told = behind.run(&lines).await.unwrap_err();
    assert!(
        told.contains("is READY, and the last event told IDLE"),
        "{told}"
    );

    let slow = [
        lines[0],
        "When the network to subarray 1 is slow",
        lines[2],
        lines[3],
    ];
    behind.run(&slow).await.unwrap();
}

#[tokio::test]
async fn what_would_do_nothing_is_refused() {
    let behind = Behind::gates().await;
    let told = behind
        .run(&["When the network to subarray 1 drops for 0 seconds"])
        .await
        .unwrap_err();
    assert!(told.contains("give a time above 0"), "{told}");
    let told = behind
        .run(&[
            "When the network drops",
            "And the network to CSP subarray 1 is restored",
        ])
        .await
        .unwrap_err();
    assert!(
        told.contains("what goes on is: the network is cut off"),
        "{told}"
    );
}

#[tokio::test]
async fn all_devices_are_given_the_same_time_to_answer() {
    let behind = Behind::gates().await;
    let lines = [
        "Given the network to all devices is delayed by 400 ms",
        "When all connections to all devices are reset",
        "Then the network recovers within 3 seconds",
    ];
    behind.run(&lines).await.unwrap();
    let lines = [
        "When the network to CSP subarray 1 drops for 5 seconds",
        "Then CSP subarray 1 answers again within 500 ms",
    ];
    let told = behind.run(&lines).await.unwrap_err();
    assert!(
        told.contains("low-csp/subarray/01 does not answer: no recovery within 500 ms"),
        "{told}"
    );
}
