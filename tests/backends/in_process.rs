//! A subarray in the test itself.

use std::sync::Arc;

use harness_core::{DeviceError, InMemoryDevice, Value, device::StackFrame};
use harness_tango::control_model::{AdminMode, DevState, ObsState};

use crate::instrument;
use crate::subject::{Backend, Subject};

const NAME: &str = "low-tmc/subarray/01";

pub(crate) async fn subject() -> Subject {
    let reply = |word: &str| {
        let id = format!("1700000000.5_42_{word}");
        Ok(Value::List(vec![[2].into(), [id.as_str()].into()]))
    };
    let device = InMemoryDevice::new("Low-TMC/Subarray/01")
        .with_attribute("State", DevState::On)
        .with_attribute("Status", "in the test itself")
        .with_attribute("obsState", 0)
        .with_labels("obsState", ObsState::LABELS.iter().copied())
        .with_attribute("adminMode", 0)
        .with_labels("adminMode", AdminMode::LABELS.iter().copied())
        .with_attribute("longRunningCommandInProgress", Value::List(Vec::new()))
        .with_attribute("longRunningCommandResult", ["", ""])
        .with_async_command("AssignResources", move |device, _| async move {
            device.set("obsState", "RESOURCING");
            device.set("obsState", "IDLE");
            reply("AssignResources")
        })
        .with_command("ReleaseAllResources", move |device, _| {
            device.set("obsState", "RESOURCING");
            device.set("obsState", "EMPTY");
            reply("ReleaseAllResources")
        })
        .with_command("Configure", |_, _| {
            let words = "Configure command not permitted in observation state EMPTY";
            let error = DeviceError::refused(NAME, "Configure");
            Err(error.with_frame(StackFrame::new("StateModelError", words)))
        });
    Subject {
        backend: Backend::InProcess,
        name: NAME,
        device: Arc::new(device),
        instrument: Arc::new(instrument::in_process()),
        through_cpp_tango: Box::new(|| None),
        _kept: Box::new(()),
    }
}
