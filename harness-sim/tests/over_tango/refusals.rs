//! Commands that are refused, with the words of a real device.

use std::time::Duration;

use tango_wire::Error;
use tango_wire::types::{DevFailed, Severity, Value};

use crate::watcher::{RESULT, Watcher, send, subarray, telescope};

fn stack(outcome: Result<Value, Error>) -> DevFailed {
    match outcome {
        Err(Error::DevFailed { failure, .. }) => failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_command_that_is_not_permitted_raises_what_a_python_device_raises() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["obsState", RESULT]).await;
    let argument = Value::String("{}".to_owned());
    let failure = stack(device.command("Configure", argument).await);
    let error = failure.first().unwrap();
    assert_eq!(error.reason, "PyDs_PythonError");
    assert_eq!(
        error.description,
        "ska_tango_base.faults.StateModelError: Configure command not permitted in observation \
         state EMPTY"
    );
    assert_eq!(error.origin, "is_Configure_allowed");
    assert_eq!(error.severity, Severity::Error);
    // the next event is one of the next command
    send(&device, "AssignResources").await;
    assert_eq!(events.next().await, "RESOURCING");
}

#[tokio::test]
async fn json_that_is_none_is_refused() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let argument = Value::String("{'single': 'quotes'}".to_owned());
    let failure = stack(device.command("AssignResources", argument).await);
    assert_eq!(failure.reason(), "PyDs_PythonError");
    assert!(
        failure.to_string().contains("json.decoder.JSONDecodeError"),
        "{failure}"
    );
}

#[tokio::test]
async fn a_switch_that_is_thrown_already_is_rejected_in_the_reply() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let reply = send(&device, "On").await;
    assert_eq!(reply, (5, "Device is already in ON state.".to_owned()));
}

#[tokio::test]
async fn what_the_device_does_not_have_is_refused() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    stack(device.command("Explode", Value::Void).await);
    device.read("explosions").await.unwrap_err();
    let defect = Value::String(r#"{"enabled": true, "fault_type": 99}"#.to_owned());
    let failure = stack(device.command("SetDefective", defect).await);
    assert!(failure.to_string().contains("fault_type 99 is not known"));
    let failure = stack(device.command("SetDirectObsState", Value::Short(11)).await);
    assert!(failure.to_string().contains("known: EMPTY"), "{failure}");
}
