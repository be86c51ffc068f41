//! Defects switched on over Tango and from Rust.

use std::time::Duration;

use harness_sim::defect::{Defect, DefectKind};
use harness_tango::control_model::{ObsState, ResultCode};
use tango_wire::types::Value;

use crate::watcher::{RESULT, Watcher, send, subarray, telescope};

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[tokio::test]
async fn a_client_can_make_one_command_fail_once() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["obsState", RESULT]).await;
    let defect = r#"{"enabled": true, "fault_type": 3, "error_message": "no beam", "result": 3,
                     "command": "AssignResources", "times": 1}"#;
    device.command("SetDefective", text(defect)).await.unwrap();
    assert_eq!(send(&device, "AssignResources").await.0, 2);
    assert_eq!(events.next().await, "RESOURCING");
    assert_eq!(events.next().await, r#"AssignResources [3, "no beam"]"#);
    send(&device, "Abort").await;
    send(&device, "Restart").await;
    events.until("EMPTY").await;
    send(&device, "AssignResources").await;
    assert_eq!(events.until("IDLE").await.len(), 3);
}

#[tokio::test]
async fn what_a_guard_keeps_defective_works_again_without_it() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let device = subarray(&telescope, 1).await;
    let defect = Defect::new(DefectKind::FailedResult).with_result(ResultCode::NotAllowed);
    let guard = handle.switch_on(defect).unwrap();
    assert_eq!(send(&device, "AssignResources").await.0, 6);
    drop(guard);
    assert_eq!(send(&device, "AssignResources").await.0, 2);
    assert_eq!(handle.obs_state(), ObsState::Idle);
}

#[tokio::test]
async fn a_forced_obs_state_is_seen_by_clients_and_so_is_its_end() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(2).unwrap();
    let device = subarray(&telescope, 2).await;
    let mut events = Watcher::of(&device, &["obsState"]).await;
    let guard = handle.set_obs_state(ObsState::Fault);
    assert_eq!(events.next().await, "FAULT");
    drop(guard);
    assert_eq!(events.next().await, "EMPTY");
}

#[tokio::test]
async fn a_stuck_command_is_over_when_it_is_aborted() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let defect = r#"{"enabled": true, "fault_type": 4, "command": "AssignResources"}"#;
    device.command("SetDefective", text(defect)).await.unwrap();
    let mut events = Watcher::of(&device, &["obsState", RESULT]).await;
    let (_, id) = send(&device, "AssignResources").await;
    let status = || device.command("CheckLongRunningCommandStatus", text(&id));
    assert_eq!(status().await.unwrap(), text("IN_PROGRESS"));
    send(&device, "Abort").await;
    assert_eq!(
        events.until("ABORTED").await,
        [
            "RESOURCING",
            "ABORTING",
            r#"AssignResources [7, "Command has been aborted"]"#,
            r#"Abort [0, "Abort completed OK"]"#,
            "ABORTED",
        ]
    );
    assert_eq!(status().await.unwrap(), text("ABORTED"));
}
