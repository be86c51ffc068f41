//! A simulated telescope, and scenarios on it.

use std::{sync::Arc, time::Duration};

use harness_bdd::{
    HarnessWorld, StepBook,
    books::telescope_steps,
    feature,
    suite::{Outcome, ScenarioVerdict, Suite},
};
use harness_sim::telescope::{RunningTelescope, SimulatedTelescope};
use harness_tango::telescope::{Telescope, Timeouts};

/// A simulated telescope, and the harness on it.
pub(crate) struct Trial {
    running: RunningTelescope,
    telescope: Arc<Telescope>,
}

impl Trial {
    /// The telescope of Low, OFF.
    pub(crate) async fn low() -> Self {
        Self::on(SimulatedTelescope::low()).await
    }

    /// The telescope of Mid, OFF.
    pub(crate) async fn mid() -> Self {
        Self::on(SimulatedTelescope::mid()).await
    }

    async fn on(simulated: SimulatedTelescope) -> Self {
        let simulated = simulated.with_dwell(Duration::from_millis(50));
        let running = simulated.start().await.unwrap();
        let timeouts = Timeouts {
            command: Duration::from_secs(3),
            reach: Duration::from_secs(20),
            recovery: Duration::from_secs(40),
        };
        let config = running.telescope_config().with_timeouts(timeouts);
        let telescope = Arc::new(Telescope::connect(config).await.unwrap());
        Self { running, telescope }
    }

    /// Runs one scenario of these lines.
    pub(crate) async fn run(&self, lines: &[&str]) -> Outcome {
        let text = format!("Feature: f\n  Scenario: s\n    {}\n", lines.join("\n    "));
        let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
        Suite::new(book)
            .with_feature(feature::parse("f.feature", &text).unwrap())
            .on_telescope(Arc::clone(&self.telescope))
            .on_simulated(self.running.handle())
            .run()
            .await
            .unwrap()
    }

    /// Runs one scenario of these lines as on a telescope that is not simulated in this process.
    pub(crate) async fn run_from_afar(&self, lines: &[&str]) -> Outcome {
        let text = format!("Feature: f\n  Scenario: s\n    {}\n", lines.join("\n    "));
        let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
        Suite::new(book)
            .with_feature(feature::parse("f.feature", &text).unwrap())
            .on_telescope(Arc::clone(&self.telescope))
            .run()
            .await
            .unwrap()
    }

    /// Panics unless the scenario passes.
    pub(crate) async fn passes(&self, lines: &[&str]) {
        let outcome = self.run(lines).await;
        let verdict = &outcome.scenarios[0].verdict;
        assert!(
            matches!(verdict, ScenarioVerdict::Passed),
            "{lines:#?}\n{verdict:?}"
        );
    }

    /// What the scenario fails with; panics if it passes.
    pub(crate) async fn fails(&self, lines: &[&str]) -> String {
        match &self.run(lines).await.scenarios[0].verdict {
            ScenarioVerdict::Failed { message, .. } => message.clone(),
            other => panic!("{lines:#?}\nnot failed: {other:?}"),
        }
    }
}
