//! Steps that make a subarray misbehave. They need devices that offer it: those of the simulator, or
//! any that has the command `SetDefective` of the SKA's helper devices.

use harness_core::{
    BoxFuture, TracedDevice,
    fault::{Fault, FaultError, FaultGuard},
};
use harness_sim::defect::DefectKind;
use harness_tango::control_model::{ObsState, ResultCode};
use serde_json::json;

use crate::{BoxError, Context, HasTelescope, StepBook, argument, step};

/// The command of the SKA's helper devices.
const SET_DEFECTIVE: &str = "SetDefective";

/// Steps that make a subarray misbehave, until the end of the scenario.
pub fn fault_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    book.given(
        "subarray {int} will get stuck in {word} the next time it is sent {word}",
        |world, context| step(get_stuck(world, context)),
    )
}

async fn get_stuck<W: HasTelescope>(world: &mut W, context: Context) -> Result<(), BoxError> {
    let (number, state) = (argument(&context, 0)?, argument::<ObsState>(&context, 1)?);
    let command: String = argument(&context, 2)?;
    let session = world.session();
    let device = session.subarray(number)?.traced().clone();
    let journal = device.tracer().journal().clone();
    let guard = Stuck {
        device,
        state,
        command,
    }
    .start()
    .await?
    .recorded_in(&journal);
    session.keep_fault(guard);
    Ok(())
}

/// The next execution of a command gets stuck in a state.
#[derive(Debug)]
struct Stuck {
    device: TracedDevice,
    state: ObsState,
    command: String,
}

impl Fault for Stuck {
    fn describe(&self) -> String {
        let Self {
            device,
            state,
            command,
        } = self;
        format!(
            "{} gets stuck in {state} at its next {command}",
            device.name()
        )
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async {
            let defect = json!({
                "enabled": true,
                "fault_type": DefectKind::StuckInIntermediateState.number(),
                "error_message": "stuck on request of a test",
                "result": ResultCode::Failed.number(),
                "intermediate_state": self.state.number(),
                "command": self.command,
                "times": 1,
            });
            let description = self.describe();
            self.device
                .command(SET_DEFECTIVE, defect.to_string())
                .await
                .map_err(|error| FaultError::start(&description, error))?;
            let (device, stopped) = (self.device.clone(), description.clone());
            Ok(FaultGuard::new(description, async move {
                let none = json!({ "enabled": false }).to_string();
                let answer = device.command(SET_DEFECTIVE, none).await;
                answer
                    .map(drop)
                    .map_err(|error| FaultError::stop(stopped, error))
            }))
        })
    }
}
