//! The graph of a subarray made to walk: each step with its action.

use std::sync::Arc;
use std::time::Duration;

use harness_core::action::WaitAction;
use harness_core::assertion::{
    StopsOn, StopsWhen, changes_to, is_in_state, stops_on, stops_on_lasting_loss,
};
use harness_core::state_machine::{AttributeObserver, StateMachine, Transition};
use harness_core::{TracedDevice, Value};

use super::command_names::CommandNames;
use super::graph::{Manner, Step, graph_of};
use crate::control_model::{ObsState, ResultCode};
use crate::inputs::Inputs;
use crate::lrc::{LrcAction, ResultCodes};

/// The attribute that holds the state.
pub(super) const OBS_STATE: &str = "obsState";

/// How long a device may be out of hearing while a step waits for it.
const LOSS_PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn machine(
    name: String,
    device: &TracedDevice,
    inputs: &Inputs,
    names: &CommandNames,
) -> Arc<StateMachine<ObsState>> {
    let graph = graph_of(|step| with_action(step, device.clone(), inputs.clone(), names.clone()));
    let observer = AttributeObserver::new(device, OBS_STATE);
    Arc::new(
        StateMachine::new(device.tracer(), observer)
            .named(name)
            .with_graph(graph),
    )
}

fn with_action(
    step: &'static Step,
    device: TracedDevice,
    inputs: Inputs,
    names: CommandNames,
) -> Transition<ObsState> {
    let target = step.target;
    match step.manner {
        Manner::Complete(command) => step.transition().action(move || {
            send(command, &names, &device, &inputs, target).completes_with(success_of(command))
        }),
        Manner::Begin(command) => step.transition().action(move || {
            send(command, &names, &device, &inputs, target).stops_early_on_lrc_error()
        }),
        Manner::Wait => step.transition().action(move || {
            wait_for(target, &device)
                .early_stop(stops_on_fault(&device))
                .early_stop(stops_when_gone(&device))
        }),
    }
}

fn send(
    command: &str,
    names: &CommandNames,
    device: &TracedDevice,
    inputs: &Inputs,
    target: ObsState,
) -> LrcAction {
    let argument = inputs.of(command).map_or(Value::Void, Value::from);
    LrcAction::new(device, names.of(command), argument)
        .postcondition(changes_to([device], OBS_STATE, target))
        .early_stop(stops_on_fault(device))
        .early_stop(stops_when_gone(device))
}

fn stops_on_fault(device: &TracedDevice) -> StopsOn {
    stops_on([device], OBS_STATE, ObsState::Fault)
}

/// A device server that died does not finish the command, even if another takes its place.
fn stops_when_gone(device: &TracedDevice) -> StopsWhen {
    stops_on_lasting_loss([device], OBS_STATE, LOSS_PATIENCE)
}

/// Telescope managers tell no more of an Abort than that it was started.
fn success_of(command: &str) -> ResultCodes {
    match command {
        "Abort" => [ResultCode::Ok, ResultCode::Started].into(),
        _ => ResultCode::Ok.into(),
    }
}

/// Waits until the subarray is in a state, or is there already.
pub(super) fn wait_for(state: ObsState, device: &TracedDevice) -> WaitAction {
    let name = format!("wait for {state} on {}", device.name());
    WaitAction::new(device.tracer(), name).postcondition(is_in_state([device], OBS_STATE, state))
}
