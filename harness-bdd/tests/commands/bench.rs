//! Scenarios on a simulated telescope of their own.

use std::{sync::Arc, time::Duration};

use harness_bdd::{
    HarnessWorld, StepBook,
    books::telescope_steps,
    feature,
    suite::{Outcome, ScenarioVerdict, Suite, Verdict},
};
use harness_core::Tracer;
use harness_sim::SimulatedTelescope;
use harness_tango::telescope::{Telescope, Timeouts};

const TIMEOUTS: Timeouts = Timeouts {
    command: Duration::from_secs(3),
    reach: Duration::from_secs(5),
    recovery: Duration::from_secs(10),
};

/// Runs a scenario of these lines and expects that it passes.
pub(crate) async fn passes(lines: &[&str]) {
    let outcome = run(lines).await;
    assert_eq!(
        outcome.verdict(),
        Verdict::Passed,
        "{:?}",
        outcome.scenarios
    );
}

/// Runs a scenario of these lines, and tells what its last line failed with.
pub(crate) async fn fails(lines: &[&str]) -> String {
    let outcome = run(lines).await;
    let last = lines.last().unwrap().split_once(' ').unwrap().1.to_owned();
    match &outcome.scenarios[0].verdict {
        ScenarioVerdict::Failed { step, message, .. } => {
            assert!(
                step.contains(&last),
                "failed already at `{step}`: {message}"
            );
            message.clone()
        }
        other => panic!("not failed: {other:?}"),
    }
}

async fn run(lines: &[&str]) -> Outcome {
    let text = format!("Feature: f\n  Scenario: s\n    {}\n", lines.join("\n    "));
    let simulated = SimulatedTelescope::low()
        .with_dwell(Duration::from_millis(100))
        .start()
        .await
        .unwrap();
    let config = simulated.telescope_config().with_timeouts(TIMEOUTS);
    let telescope = Telescope::connect_traced(config, &Tracer::default()).await;
    let outcome = Suite::new(StepBook::<HarnessWorld>::new().merge(telescope_steps))
        .with_feature(feature::parse("f.feature", &text).unwrap())
        .on_simulated(simulated.handle())
        .on_telescope(Arc::new(telescope.unwrap()))
        .run()
        .await
        .unwrap();
    simulated.shutdown().await;
    outcome
}
