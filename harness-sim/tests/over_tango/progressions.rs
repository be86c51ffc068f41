//! Each way in which transitions progress, set as moto's users set them, on a device that a client
//! talks to over Tango; with a clock that the test turns.

use std::time::Duration;

use harness_sim::transition::{Scope, Setting};
use harness_sim::{RunningTelescope, SimulatedTelescope};
use tango_wire::DeviceProxy;
use tango_wire::types::Value;

use crate::watcher::{Watcher, send, subarray};

/// A subarray whose transitions go as the JSON says.
async fn subarray_with(setting: &str) -> (RunningTelescope, DeviceProxy) {
    let telescope = SimulatedTelescope::new().with_manual_clock();
    let telescope = telescope.start().await.expect("loopback has free ports");
    let device = subarray(&telescope, 1).await;
    let handle = telescope.handle();
    let model = Scope::model("tango::subarray");
    let setting = Setting::from_json_text(setting).expect("it is a setting");
    let set = handle.transitions().set(&model, setting);
    set.expect("the model is known");
    (telescope, device)
}

async fn obs_state(device: &DeviceProxy) -> i16 {
    match device.read("obsState").await.map(|reading| reading.value) {
        Ok(Value::Short(number)) => number,
        other => panic!("{other:?}"),
    }
}

const RESOURCING: i16 = 1;
const IDLE: i16 = 2;

#[tokio::test]
async fn an_immediate_transition_is_over_with_the_reply() {
    let (_telescope, device) = subarray_with(r#"{"progression": "immediate"}"#).await;
    let mut events = Watcher::of(&device, &["obsState"]).await;
    send(&device, "AssignResources").await;
    assert_eq!(obs_state(&device).await, IDLE);
    assert_eq!(events.until("IDLE").await, ["RESOURCING", "IDLE"]);
}

#[tokio::test]
async fn a_transition_of_some_seconds_or_of_ten_minutes_is_over_then_and_not_before() {
    for seconds in [5, 600] {
        let setting = format!(r#"{{"progression": "time", "duration": {seconds}}}"#);
        let (telescope, device) = subarray_with(&setting).await;
        let mut events = Watcher::of(&device, &["obsState"]).await;
        send(&device, "AssignResources").await;
        let moment = Duration::from_millis(1);
        let time = Duration::from_secs(seconds);
        telescope.handle().advance(time - moment);
        assert_eq!(obs_state(&device).await, RESOURCING, "{seconds} s");
        telescope.handle().advance(moment);
        assert_eq!(events.until("IDLE").await, ["RESOURCING", "IDLE"]);
        assert_eq!(obs_state(&device).await, IDLE, "{seconds} s");
    }
}

#[tokio::test]
async fn a_manual_transition_is_over_with_the_third_read() {
    let (telescope, device) = subarray_with(r#"{"progression": "manual", "times": 3}"#).await;
    send(&device, "AssignResources").await;
    telescope.handle().advance(Duration::from_secs(3600));
    for expected in [RESOURCING, RESOURCING, IDLE] {
        assert_eq!(obs_state(&device).await, expected);
    }
}
