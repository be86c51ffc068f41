//! An action of one's own: it sends its command again, with growing pauses, until the device accepts
//! it, and then waits for what the command must cause.
//!
//! Here the subarray of a simulated telescope refuses AssignResources twice before it takes it.
//!
//! ```console
//! $ cargo run --example retrying_action
//! ```

use std::{error::Error, time::Duration};

use harness_core::{
    BoxFuture, Failure, Mark, Timeout, TracedDevice, Tracer,
    action::{Action, ActionError, Conditions},
    assertion::{Assertion, changes_to},
};
use harness_sim::SimulatedTelescope;
use harness_tango::{
    control_model::ObsState,
    lrc::{SendError, send},
    telescope::Telescope,
};

/// Sends a command until it is accepted.
struct Persistent {
    device: TracedDevice,
    command: String,
    argument: String,
    /// The pause before the second try; each one after it is twice as long.
    pause: Duration,
    conditions: Conditions,
}

impl Persistent {
    fn new(device: impl AsRef<TracedDevice>, command: &str, argument: String) -> Self {
        Self {
            device: device.as_ref().clone(),
            command: command.to_owned(),
            argument,
            pause: Duration::from_millis(50),
            conditions: Conditions::new(),
        }
    }

    fn postcondition(mut self, assertion: impl Assertion + 'static) -> Self {
        self.conditions = self.conditions.postcondition(assertion);
        self
    }

    async fn send_until_accepted(&self, timeout: &Timeout) -> Result<(), ActionError> {
        let mut pause = self.pause;
        // Tries count against the same clock as the waiting afterwards.
        timeout.start();
        for attempt in 1.. {
            let refused = match send(&self.device, &self.command, self.argument.clone()).await {
                Ok(_) => return Ok(()),
                Err(SendError::Refused(refusal)) if timeout.remaining() > pause => refusal,
                Err(error) => {
                    let headline = format!("{} was not accepted at try {attempt}", self.name());
                    let account = Failure::new(headline).with_cause(&error);
                    return Err(ActionError::procedure(self.name(), account).with_cause(error));
                }
            };
            println!("try {attempt}: {refused}");
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        Ok(())
    }
}

impl Action for Persistent {
    fn name(&self) -> String {
        format!("{} on {}, until accepted", self.command, self.device.name())
    }

    fn tracer(&self) -> &Tracer {
        self.device.tracer()
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        Box::pin(async { self.conditions.setup(&self.name()).await })
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(self.send_until_accepted(timeout))
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let (tracer, name) = (self.tracer(), self.name());
            self.conditions
                .verify_postconditions(tracer, &name, mark, timeout)
                .await
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let simulator = SimulatedTelescope::new().start().await?;
    let telescope = Telescope::connect(simulator.telescope_config()).await?;
    let subarray = telescope.subarray(1)?;

    // The device is to refuse the next two AssignResources.
    let busy = r#"{"enabled": true, "fault_type": 1, "error_message": "the correlator is busy",
                   "command": "AssignResources", "times": 2}"#;
    subarray.traced().command("SetDefective", busy).await?;

    Persistent::new(
        &subarray,
        "AssignResources",
        subarray.inputs().assign_resources(),
    )
    .postcondition(changes_to([&subarray], "obsState", ObsState::Resourcing))
    .postcondition(changes_to([&subarray], "obsState", ObsState::Idle))
    .execute(Timeout::seconds(10))
    .await?;
    println!(
        "accepted; the subarray is in {}",
        subarray.obs_state().await?
    );

    simulator.shutdown().await;
    Ok(())
}
