//! Cycles of commands, and every event of them.

use std::time::Duration;

use harness_tango::control_model::ObsState;
use tango_wire::types::Value;

use crate::watcher::{RESULT, Watcher, send, subarray, telescope};

const CYCLE: [(&str, &[&str]); 8] = [
    (
        "AssignResources",
        &[
            "RESOURCING",
            r#"AssignResources [0, "AssignResources completed OK"]"#,
            "IDLE",
        ],
    ),
    (
        "Configure",
        &[
            "CONFIGURING",
            r#"Configure [0, "Configure completed OK"]"#,
            "READY",
        ],
    ),
    ("Scan", &["SCANNING", r#"Scan [0, "Scan completed OK"]"#]),
    (
        "EndScan",
        &["READY", r#"EndScan [0, "EndScan completed OK"]"#],
    ),
    ("End", &["IDLE", r#"End [0, "End completed OK"]"#]),
    (
        "ReleaseAllResources",
        &[
            "RESOURCING",
            r#"ReleaseAllResources [0, "ReleaseAllResources completed OK"]"#,
            "EMPTY",
        ],
    ),
    (
        "AssignResources",
        &[
            "RESOURCING",
            r#"AssignResources [0, "AssignResources completed OK"]"#,
            "IDLE",
        ],
    ),
    (
        "Abort",
        &["ABORTING", r#"Abort [0, "Abort completed OK"]"#, "ABORTED"],
    ),
];

const RESTART: [&str; 3] = [
    "RESTARTING",
    r#"Restart [0, "Restart completed OK"]"#,
    "EMPTY",
];

async fn run_cycles(dwell: Duration, cycles: usize) {
    let telescope = telescope(dwell).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["obsState", RESULT]).await;
    for _ in 0..cycles {
        for (command, expected) in CYCLE.into_iter().chain([("Restart", &RESTART[..])]) {
            let (code, id) = send(&device, command).await;
            assert_eq!(code, if command == "Abort" { 1 } else { 2 });
            assert!(id.ends_with(&format!("_{command}")), "{id}");
            for line in expected {
                assert_eq!(&events.next().await, line, "{command}");
            }
        }
    }
    // and nothing else was sent
    let handle = telescope.subarray(1).expect("it has one");
    handle.set_obs_state(ObsState::Fault).forget();
    assert_eq!(events.next().await, "FAULT");
}

#[tokio::test]
async fn with_dwell_every_event_arrives_in_order() {
    run_cycles(Duration::from_millis(5), 1).await;
}

#[tokio::test]
async fn without_dwell_every_event_arrives_in_order_again_and_again() {
    run_cycles(Duration::ZERO, 50).await;
}

#[tokio::test]
async fn two_subarrays_do_not_know_each_other() {
    let telescope = telescope(Duration::ZERO).await;
    let (one, two) = (subarray(&telescope, 1).await, subarray(&telescope, 2).await);
    let mut events_of_two = Watcher::of(&two, &["obsState", RESULT]).await;
    telescope
        .subarray(1)
        .unwrap()
        .stick("AssignResources")
        .unwrap()
        .forget();
    send(&one, "AssignResources").await;
    send(&two, "AssignResources").await;
    assert_eq!(
        events_of_two.until("IDLE").await,
        [
            "RESOURCING",
            r#"AssignResources [0, "AssignResources completed OK"]"#,
            "IDLE"
        ]
    );
    let obs_state = |device| async move {
        let device: tango_wire::DeviceProxy = device;
        device.read("obsState").await.unwrap().value
    };
    assert_eq!(obs_state(one).await, Value::Short(1));
    assert_eq!(obs_state(two).await, Value::Short(2));
}

#[tokio::test]
async fn an_aborted_command_gets_its_result_first() {
    let telescope = telescope(Duration::from_secs(3600)).await;
    let handle = telescope.subarray(1).unwrap();
    let device = subarray(&telescope, 1).await;
    device
        .command("SetDelayInfo", Value::String(r#"{"Abort": 0}"#.to_owned()))
        .await
        .unwrap();
    let mut events = Watcher::of(&device, &["obsState", RESULT]).await;
    send(&device, "AssignResources").await;
    assert_eq!(events.next().await, "RESOURCING");
    send(&device, "Abort").await;
    assert_eq!(
        events.until("ABORTED").await,
        [
            "ABORTING",
            r#"AssignResources [7, "Command has been aborted"]"#,
            r#"Abort [0, "Abort completed OK"]"#,
            "ABORTED",
        ]
    );
    assert_eq!(handle.calls().len(), 2);
}

#[tokio::test]
async fn a_subscriber_sees_the_statuses_of_a_command() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["longRunningCommandStatus"]).await;
    let (_, id) = send(&device, "AssignResources").await;
    for status in ["STAGING", "QUEUED", "IN_PROGRESS", "COMPLETED"] {
        let expected = Value::Strings(vec![id.clone(), status.to_owned()]);
        assert_eq!(
            events.next().await,
            format!("longRunningCommandStatus: {expected:?}")
        );
    }
    let status = device
        .command("CheckLongRunningCommandStatus", Value::String(id))
        .await
        .unwrap();
    assert_eq!(status, Value::String("COMPLETED".to_owned()));
}
