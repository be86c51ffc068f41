//! The subarray that goes wrong in these tests.

use std::sync::Arc;
use std::time::Duration;

use harness_core::device::StackFrame;
use harness_core::{
    Action, ActionError, CommandAction, DeviceError, EnumValue, InMemoryDevice, Timeout,
    TracedDevice, Tracer, Value, changes_to,
};

pub(crate) const SUBARRAY: &str = "low-tmc/subarray/01";
pub(crate) const CSP: &str = "low-csp/subarray/01";

const STATES: [&str; 11] = [
    "EMPTY",
    "RESOURCING",
    "IDLE",
    "CONFIGURING",
    "READY",
    "SCANNING",
    "ABORTING",
    "ABORTED",
    "RESETTING",
    "FAULT",
    "RESTARTING",
];

/// An obsState as a device tells it: a number with a label.
pub(crate) fn state(label: &str) -> Value {
    let (number, _) = (0..)
        .zip(STATES)
        .find(|(_, state)| *state == label)
        .expect("it is an obsState");
    Value::Enum(EnumValue::labelled(number, label))
}

/// A subarray in IDLE whose Configure takes it through these states, 500 ms apart.
pub(crate) fn subarray(name: &str, states: &'static [&'static str]) -> InMemoryDevice {
    InMemoryDevice::new(name)
        .with_attribute("obsState", state("IDLE"))
        .with_command("Configure", move |subarray, _| {
            tokio::spawn(async move {
                for label in states {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    subarray.set("obsState", state(label));
                }
            });
            Ok(Value::from("1700000000.1_1_Configure"))
        })
        .with_command("Scan", |_, _| {
            let frame = |reason: &str, description: &str, origin: &str| {
                let origin = origin.to_owned();
                StackFrame {
                    origin,
                    ..StackFrame::new(reason, description)
                }
            };
            Err(DeviceError::refused(SUBARRAY, "Scan")
                .with_frame(frame(
                    "DSP_TIMEOUT",
                    "the correlator did not answer within 3 s",
                    "CorrelatorClient::send",
                ))
                .with_frame(frame(
                    "CSP_NotReady",
                    "no correlator is configured",
                    "CspSubarray::Scan",
                ))
                .with_frame(frame(
                    "API_CommandFailed",
                    "Scan failed on low-csp/subarray/01",
                    "Connection::command_inout",
                )))
        })
}

/// The device, traced with a tracer of its own.
pub(crate) fn traced(device: &InMemoryDevice) -> TracedDevice {
    Tracer::default().device(Arc::new(device.clone()))
}

/// Configures, through CONFIGURING to READY.
pub(crate) fn configure(subarray: &TracedDevice) -> CommandAction {
    CommandAction::new(subarray, "Configure", r#"{"scan_type": "target:a"}"#)
        .postcondition(changes_to([subarray], "obsState", "CONFIGURING"))
        .postcondition(changes_to([subarray], "obsState", "READY").from("CONFIGURING"))
}

/// Executes what must fail.
pub(crate) async fn failure(mut action: impl Action) -> ActionError {
    let outcome = action.execute(Timeout::seconds(30)).await;
    outcome.expect_err("it fails")
}
