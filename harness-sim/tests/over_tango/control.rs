//! Attributes and control commands.

use std::time::Duration;

use harness_sim::SimulatedTelescope;
use harness_sim::model::Progression;
use harness_tango::control_model::ObsState;
use tango_wire::types::{AttributeFormat, DataType, DevState, Value};

use crate::watcher::{Watcher, send, subarray, telescope};

#[tokio::test]
async fn obs_state_is_an_enumeration_with_its_words() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let config = device.attribute_config("obsState").await.unwrap();
    assert_eq!(config.data_type, DataType::Enum);
    assert_eq!(config.enum_labels, ObsState::LABELS);
    let reading = device.read("obsState").await.unwrap();
    assert_eq!(reading.value, Value::Short(0));
    assert_eq!(reading.data_type, DataType::Enum);
    assert_eq!(device.state().await.unwrap(), DevState::On);
}

#[tokio::test]
async fn every_attribute_can_be_read_and_subscribed_to() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let configs = device.attribute_configs(&[]).await.unwrap();
    assert!(configs.len() > 20, "{configs:?}");
    for config in configs {
        let name = config.name.as_str();
        device.read(name).await.unwrap();
        drop(device.subscribe(name, |_| ()).await.unwrap());
    }
}

#[tokio::test]
async fn received_commands_are_rows_of_an_image() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    send(&device, "AssignResources").await;
    send(&device, "End").await;
    let reading = device.read("commandCallInfo").await.unwrap();
    assert_eq!(reading.format, AttributeFormat::Image);
    assert_eq!(reading.dimension, (2, 2));
    let texts = ["AssignResources", "{}", "End", ""].map(str::to_owned);
    assert_eq!(reading.value, Value::Strings(texts.to_vec()));
    device
        .command("ClearCommandCallInfo", Value::Void)
        .await
        .unwrap();
    let reading = device.read("commandCallInfo").await.unwrap();
    assert_eq!(reading.value, Value::Strings(vec![]));
}

#[tokio::test]
async fn characters_that_tango_cannot_carry_are_shown_escaped() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["assignedResources", "defective"]).await;
    let argument = r#"{"resources": ["caf\u00e9", "\u20ac\u0000\ud83d\ude00"]}"#;
    let argument = Value::String(argument.to_owned());
    device.command("AssignResources", argument).await.unwrap();
    let shown = ["café", r"\u20ac\u0000\ud83d\ude00"].map(str::to_owned);
    let shown = Value::Strings(shown.to_vec());
    assert_eq!(events.next().await, format!("assignedResources: {shown:?}"));
    assert_eq!(device.read("assignedResources").await.unwrap().value, shown);

    let defect = r#"{"enabled": true, "fault_type": 3, "error_message": "5 \u20ac"}"#;
    let defect = Value::String(defect.to_owned());
    device.command("SetDefective", defect).await.unwrap();
    assert!(events.next().await.contains(r"5 \\u20ac"));
}

#[tokio::test]
async fn the_admin_mode_can_be_written() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["adminMode"]).await;
    device.write("adminMode", Value::Short(2)).await.unwrap();
    assert_eq!(events.next().await, "adminMode: Short(2)");
    device
        .write("adminMode", Value::Short(9))
        .await
        .unwrap_err();
    device.write("obsState", Value::Short(2)).await.unwrap_err();
    let reading = device.read("adminMode").await.unwrap();
    assert_eq!(reading.value, Value::Short(2));
}

#[tokio::test]
async fn states_can_be_set_directly() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["obsState", "healthState"]).await;
    for (command, number) in [("SetDirectObsState", 4), ("SetDirectHealthState", 1)] {
        device.command(command, Value::Short(number)).await.unwrap();
    }
    assert_eq!(events.next().await, "READY");
    assert_eq!(events.next().await, "healthState: Short(1)");
    // from where it was put it goes on as usual
    send(&device, "Scan").await;
    assert_eq!(events.next().await, "SCANNING");
}

#[tokio::test]
async fn switching_off_changes_the_state() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["State"]).await;
    send(&device, "Off").await;
    assert_eq!(events.next().await, "State: State(Off)");
    assert_eq!(device.state().await.unwrap(), DevState::Off);
}

#[tokio::test]
async fn a_command_can_wait_until_its_state_was_read() {
    let telescope = SimulatedTelescope::new()
        .with_progression(Progression::AfterReads(2))
        .start()
        .await
        .unwrap();
    let device = subarray(&telescope, 1).await;
    send(&device, "AssignResources").await;
    let mut read = Vec::new();
    for _ in 0..3 {
        read.push(device.read("obsState").await.unwrap().value);
    }
    assert_eq!(read, [Value::Short(1), Value::Short(1), Value::Short(2)]);
}
