//! Devices that do not answer, are not in the database, or whose server goes down.

use std::time::Duration;

use harness_core::Timeout;
use harness_core::fault::Fault;
use harness_sim::RunningTelescope;
use harness_sim::wire_fault::WireFault;
use harness_tango::control_model::ObsState;
use harness_tango::telescope::Telescope;
use tango_wire::Client;

use crate::watcher::{Watcher, send, subarray, telescope};

const NAME: &str = "low-tmc/subarray/01";

/// Where the database says that the device is.
async fn reference(telescope: &RunningTelescope) -> String {
    let client = Client::new().with_tango_host(telescope.tango_host());
    let known = client.database().expect("it has one");
    let known = known.import_device(NAME).await;
    known.expect("the device is defined").reference
}

#[tokio::test]
async fn a_silent_device_answers_when_its_guard_is_dropped() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let device = subarray(&telescope, 1).await;
    let guard = handle.silence().unwrap();
    let ping = device.ping();
    tokio::pin!(ping);
    let ten_others = async {
        let other = subarray(&telescope, 2).await;
        for _ in 0..10 {
            other.ping().await.unwrap();
        }
    };
    tokio::select! {
        answer = &mut ping => panic!("a silent device answered {answer:?}"),
        () = ten_others => {}
    }
    drop(guard);
    ping.await.unwrap();
}

#[tokio::test]
async fn a_client_gives_a_silent_device_up_at_its_timeout() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let client = Client::new()
        .with_tango_host(telescope.tango_host())
        .with_timeout(Duration::from_millis(200));
    let device = client.device(NAME).await.unwrap();
    let mut events = Watcher::of(&device, &["obsState"]).await;
    let guard = handle.silence().unwrap();
    let error = device.read("obsState").await.unwrap_err();
    assert!(error.to_string().contains("200"), "{error}");
    let assign = tango_wire::types::Value::String("{}".to_owned());
    device.command("AssignResources", assign).await.unwrap_err();
    assert_eq!(handle.obs_state(), ObsState::Empty);
    // what nobody waits for any more is done nevertheless
    drop(guard);
    assert_eq!(events.until("IDLE").await, ["RESOURCING", "IDLE"]);
    device.read("obsState").await.unwrap();
}

#[tokio::test]
async fn the_harness_tells_of_a_silent_device_and_goes_on_with_it_later() {
    let simulated = telescope(Duration::ZERO).await;
    let telescope = Telescope::connect(simulated.telescope_config()).await;
    let telescope = telescope.unwrap();
    let subarray = telescope.subarray(1).unwrap();
    let fault = simulated.subarray(1).unwrap().wire_fault(WireFault::Silent);
    assert_eq!(fault.describe(), "low-tmc/subarray/01: does not answer");
    let guard = fault.start().await.unwrap();
    let reach = |seconds| {
        let timeout = Timeout::new(Duration::from_secs(seconds));
        subarray.reach(ObsState::Idle).within(timeout)
    };
    let error = reach(1).await.unwrap_err().to_string();
    assert!(
        error.contains("the present state of subarray 1 (low-tmc/subarray/01 obsState)"),
        "{error}"
    );
    guard.stop().await.unwrap();
    reach(10).await.unwrap();
}

#[tokio::test]
async fn a_device_that_is_not_exported_is_found_by_nobody_new() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let known = subarray(&telescope, 1).await;
    known.ping().await.unwrap();
    let before = reference(&telescope).await;

    let guard = handle.unexport().await.unwrap();
    let client = || Client::new().with_tango_host(telescope.tango_host());
    let error = client().device(NAME).await.unwrap_err();
    assert!(error.to_string().contains("not running"), "{error}");
    known.ping().await.unwrap();
    client().device("low-tmc/subarray/02").await.unwrap();

    guard.stop().await.unwrap();
    client().device(NAME).await.unwrap().ping().await.unwrap();
    assert_eq!(reference(&telescope).await, before);
}

#[tokio::test]
async fn a_restarted_server_has_another_port_and_devices_as_they_were() {
    let simulated = telescope(Duration::ZERO).await;
    let handle = simulated.subarray(1).unwrap();
    let device = subarray(&simulated, 1).await;
    let telescope = Telescope::connect(simulated.telescope_config()).await;
    let telescope = telescope.unwrap();
    let mut events = Watcher::of(&device, &["obsState"]).await;
    send(&device, "AssignResources").await;
    events.until("IDLE").await;
    let before = reference(&simulated).await;

    handle.restart_server().await.unwrap();
    assert_ne!(reference(&simulated).await, before);
    let mut lines = Vec::new();
    while !lines.iter().any(|line: &String| line.contains("Back(")) {
        lines.push(events.next().await);
    }
    for (line, kind) in lines.iter().zip(["Lost", "Gap", "Back"]) {
        assert!(line.contains(kind), "{lines:?}");
    }
    device.ping().await.unwrap();
    let timeout = Timeout::new(Duration::from_secs(20));
    let subarray = telescope.subarray(1).unwrap();
    subarray
        .reach(ObsState::Ready)
        .within(timeout)
        .await
        .unwrap();
    assert_eq!(events.until("READY").await, ["CONFIGURING", "READY"]);
}

#[tokio::test]
async fn a_server_that_is_down_comes_back_when_the_fault_ends() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let fault = handle.wire_fault(WireFault::ServerDown);
    for _ in 0..2 {
        let before = reference(&telescope).await;
        let guard = fault.start().await.unwrap();
        let client = || Client::new().with_tango_host(telescope.tango_host());
        for name in [NAME, "low-tmc/subarray/02"] {
            client().device(name).await.unwrap_err();
        }
        // what moves meanwhile is not lost
        handle.submit("AssignResources", "{}").unwrap();
        guard.stop().await.unwrap();
        assert_ne!(reference(&telescope).await, before);
        subarray(&telescope, 2).await.ping().await.unwrap();
        assert_eq!(handle.obs_state(), ObsState::Idle);
    }
}

#[tokio::test]
async fn a_telescope_that_is_gone_says_so_and_its_guards_end() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let unexported = handle.unexport().await.unwrap();
    let stopped = handle.stop_server().await.unwrap();
    telescope.shutdown().await;
    unexported.stop().await.unwrap();
    stopped.stop().await.unwrap();
    let error = handle.restart_server().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "low-tmc/subarray/01 is not served over Tango; faults of the wire need a running telescope"
    );
}

#[tokio::test]
async fn a_server_stays_down_until_the_last_of_its_guards_ends() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let other = telescope.subarray(2).unwrap();
    let first = handle.stop_server().await.unwrap();
    let second = other.stop_server().await.unwrap();
    let is_down = async || {
        let client = Client::new().with_tango_host(telescope.tango_host());
        client.device(NAME).await.is_err()
    };
    first.stop().await.unwrap();
    assert!(is_down().await);
    handle.restart_server().await.unwrap();
    assert!(is_down().await);
    second.stop().await.unwrap();
    assert!(!is_down().await);
    handle.restart_server().await.unwrap();
    subarray(&telescope, 1).await.ping().await.unwrap();
}

#[tokio::test]
async fn a_device_is_not_exported_where_its_server_no_longer_is() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let unexported = handle.unexport().await.unwrap();
    let stopped = handle.stop_server().await.unwrap();
    unexported.stop().await.unwrap();
    let client = Client::new().with_tango_host(telescope.tango_host());
    let known = client.database().unwrap().import_device(NAME).await;
    assert!(!known.unwrap().exported);
    stopped.stop().await.unwrap();
    subarray(&telescope, 1).await.ping().await.unwrap();
}

#[tokio::test]
async fn a_telescope_shuts_down_while_many_wait_for_a_silent_device() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let device = subarray(&telescope, 1).await;
    let guard = handle.silence().unwrap();
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let device = device.clone();
        waiting.spawn(async move { device.ping().await });
    }
    subarray(&telescope, 2).await.ping().await.unwrap();
    let down = tokio::time::timeout(Duration::from_secs(10), telescope.shutdown());
    down.await.unwrap();
    drop(guard);
    for answer in waiting.join_all().await {
        answer.unwrap_err();
    }
}
