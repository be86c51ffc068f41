//! Devices, and what testers do to them.

use harness_sim::SimulatedTelescope;
use serde_json::json;

use crate::client::Served;

const FIRST: &str = "/devices/low-tmc/subarray/01";

#[tokio::test]
async fn all_devices_of_a_telescope_are_listed() {
    let served = Served::start(SimulatedTelescope::mid()).await;
    let devices = served.get("/devices").await.ok(200);
    let devices = devices["devices"].as_array().unwrap();
    assert_eq!(devices.len(), served.handle().devices().len());
    let is_node = |device: &&serde_json::Value| device["name"] == "mid-tmc/central-node/0";
    let node = devices.iter().find(is_node).unwrap();
    assert_eq!(node["obs_state"], json!(null));
    assert!(node["attributes"]["telescopeState"].is_string(), "{node}");
    for device in devices {
        let path = format!("/devices/{}", device["name"].as_str().unwrap());
        assert_eq!(served.get(&path).await.ok(200)["name"], device["name"]);
    }
}

#[tokio::test]
async fn a_device_is_put_into_states_by_label_or_number() {
    let served = Served::subarrays().await;
    for (part, value, key, label) in [
        ("obs-state", json!("READY"), "obs_state", "READY"),
        ("obs-state", json!(5), "obs_state", "SCANNING"),
        (
            "health-state",
            json!("DEGRADED"),
            "health_state",
            "DEGRADED",
        ),
        ("state", json!("off"), "state", "OFF"),
        ("admin-mode", json!(1), "admin_mode", "OFFLINE"),
    ] {
        let body = json!({"value": value}).to_string();
        let shown = served.post(&format!("{FIRST}/{part}"), &body).await.ok(200);
        assert_eq!(shown[key], label, "{part}");
        assert_eq!(served.get(FIRST).await.ok(200)[key], label, "{part}");
    }
    for part in ["obs-state", "health-state", "state", "admin-mode"] {
        let path = format!("{FIRST}/{part}");
        for body in [
            "{}",
            r#"{"value": "REDY"}"#,
            r#"{"value": 99}"#,
            r#"{"value": null}"#,
        ] {
            assert_eq!(
                served.post(&path, body).await.blames(),
                "value",
                "{part} {body}"
            );
        }
    }
}

#[tokio::test]
async fn a_device_without_an_obs_state_is_put_into_none() {
    let served = Served::start(SimulatedTelescope::low()).await;
    let path = "/devices/low-tmc/central-node/0/obs-state";
    served
        .post(path, r#"{"value": "READY"}"#)
        .await
        .refused(404);
}

#[tokio::test]
async fn defects_are_those_of_the_helper_devices() {
    let served = Served::subarrays().await;
    let path = format!("{FIRST}/defects");
    let defect = json!({"enabled": true, "fault_type": 3, "error_message": "no beam",
        "result": 3, "command": "Configure", "times": 1});
    let on = served.post(&path, &defect.to_string()).await.ok(201);
    assert_eq!(on, json!({"defects": [defect]}));
    let other = json!({"enabled": true, "fault_type": 4, "command": "Scan"});
    let on = served.post(&path, &other.to_string()).await.ok(201);
    assert_eq!(on["defects"].as_array().unwrap().len(), 2);
    assert_eq!(served.get(&path).await.ok(200), on);

    for (body, field) in [
        (json!({"enabled": true, "fault_type": 99}), "fault_type"),
        (
            json!({"enabled": true, "fault_type": 2, "result": 99}),
            "result",
        ),
        (json!({"enabled": "yes"}), "body"),
        (json!([]), "body"),
    ] {
        assert_eq!(
            served.post(&path, &body.to_string()).await.blames(),
            field,
            "{body}"
        );
    }
    let unknown = json!({"enabled": true, "fault_type": 2, "command": "Explode"});
    served.post(&path, &unknown.to_string()).await.refused(404);
    assert_eq!(served.get(&path).await.ok(200), on);
    served.delete(&path).await.no_content();
    assert_eq!(served.get(&path).await.ok(200), json!({"defects": []}));
}

#[tokio::test]
async fn commands_that_were_received_are_told_and_forgotten() {
    let served = Served::subarrays().await;
    let subarray = served.telescope.subarray(1).unwrap();
    subarray
        .submit("AssignResources", r#"{"subarray_id": 1}"#)
        .unwrap();
    let path = format!("{FIRST}/calls");
    let call = json!({"command": "AssignResources", "argument": r#"{"subarray_id": 1}"#});
    assert_eq!(served.get(&path).await.ok(200), json!({"calls": [call]}));
    served.delete(&path).await.no_content();
    assert_eq!(served.get(&path).await.ok(200), json!({"calls": []}));
}

#[tokio::test]
async fn long_running_commands_show_with_their_results() {
    let served = Served::subarrays().await;
    let subarray = served.telescope.subarray(1).unwrap();
    subarray
        .submit("AssignResources", r#"{"subarray_id": 1}"#)
        .unwrap();
    let commands = served.get(FIRST).await.ok(200)["commands"].clone();
    assert_eq!(commands["executing"], json!([]));
    let last = &commands["finished"][0];
    assert_eq!(
        (&last["name"], &last["status"]),
        (&json!("AssignResources"), &json!("COMPLETED"))
    );
    assert_eq!(last["result"][0], 0);
}

#[tokio::test]
async fn devices_that_are_not_there_are_not_found() {
    let served = Served::subarrays().await;
    for part in ["", "/calls", "/defects"] {
        served
            .get(&format!("/devices/a/b/c{part}"))
            .await
            .refused(404);
    }
    for part in [
        "/obs-state",
        "/health-state",
        "/state",
        "/admin-mode",
        "/defects",
    ] {
        let body = r#"{"value": 0, "enabled": false}"#;
        served
            .post(&format!("/devices/a/b/c{part}"), body)
            .await
            .refused(404);
    }
}
