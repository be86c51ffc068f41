//! Whole telescopes over the real wire.

use std::time::Duration;

use harness_core::Timeout;
use harness_sim::SimulatedTelescope;
use harness_tango::control_model::ObsState;
use harness_tango::telescope::Telescope;
use tango_wire::Client;
use tango_wire::types::{DevState, Value};

use crate::watcher::{RESULT, Watcher};

const DWELL: Duration = Duration::from_millis(10);

/// The harness takes a subarray through every stable state.
async fn reach_everything(simulated: SimulatedTelescope) {
    let simulated = simulated.with_dwell(DWELL).start().await;
    let simulated = simulated.expect("loopback has free ports");
    let telescope = Telescope::connect(simulated.telescope_config())
        .await
        .expect("its devices answer");
    let simulated_subarray = |number| simulated.subarray(number).expect("it has two");
    for target in [
        ObsState::Ready,
        ObsState::Empty,
        ObsState::Scanning,
        ObsState::Aborted,
        ObsState::Idle,
        ObsState::Ready,
        ObsState::Empty,
    ] {
        let subarray = telescope.subarray(2).expect("it has two");
        let timeout = Timeout::new(Duration::from_secs(10));
        let reached = subarray.reach(target).within(timeout).await;
        assert!(reached.is_ok(), "{target}: {reached:?}");
        assert_eq!(simulated_subarray(2).obs_state(), target);
    }
    assert_eq!(simulated_subarray(1).obs_state(), ObsState::Empty);
    simulated.shutdown().await;
}

#[tokio::test]
async fn every_stable_state_of_low_can_be_reached() {
    reach_everything(SimulatedTelescope::low()).await;
}

#[tokio::test]
async fn every_stable_state_of_mid_can_be_reached() {
    reach_everything(SimulatedTelescope::mid()).await;
}

#[tokio::test]
async fn with_old_names_it_is_the_same_telescope() {
    reach_everything(SimulatedTelescope::mid().with_old_names()).await;
}

#[tokio::test]
async fn every_attribute_of_every_device_can_be_read_and_subscribed_to() {
    let telescope = SimulatedTelescope::mid()
        .with_subarrays(1)
        .with_dishes(["SKA001"])
        .start()
        .await
        .unwrap();
    let client = Client::new().with_tango_host(telescope.tango_host());
    for status in telescope.handle().devices() {
        let device = client.device(&status.name).await.unwrap();
        for config in device.attribute_configs(&[]).await.unwrap() {
            let name = config.name.as_str();
            device.read(name).await.unwrap();
            drop(device.subscribe(name, |_| ()).await.unwrap());
        }
    }
}

#[tokio::test]
async fn a_central_node_switches_the_telescope_and_its_dishes() {
    let telescope = SimulatedTelescope::mid().with_dwell(DWELL);
    let telescope = telescope.start().await.unwrap();
    let client = Client::new().with_tango_host(telescope.tango_host());
    let central = client.device("mid-tmc/central-node/0").await.unwrap();
    let dish = client.device("mid-dish/dish-manager/SKA001").await.unwrap();
    let mut states = Watcher::of(&central, &["telescopeState"]).await;
    let mut modes = Watcher::of(&dish, &["dishMode"]).await;
    let mut results = Watcher::of(&central, &[RESULT]).await;
    central.command("TelescopeOn", Value::Void).await.unwrap();
    assert_eq!(
        results.next().await,
        r#"TelescopeOn [0, "Command Completed"]"#
    );
    states.until("telescopeState: State(On)").await;
    assert_eq!(modes.next().await, "dishMode: Short(3)");
    assert_eq!(dish.state().await.unwrap(), DevState::Standby);
}

#[tokio::test]
async fn what_a_tester_sets_over_tango_is_shown() {
    let telescope = SimulatedTelescope::mid().start().await.unwrap();
    let client = Client::new().with_tango_host(telescope.tango_host());
    for (name, command, argument, attribute, shown) in [
        (
            "mid-dish/dish-manager/SKA001",
            "SetDirectDishMode",
            Value::Short(5),
            "dishMode",
            Value::Short(5),
        ),
        (
            "mid-dish/dish-manager/SKA001",
            "SetDirectPointingState",
            Value::Short(2),
            "pointingState",
            Value::Short(2),
        ),
        (
            "mid-tmc/subarray-leaf-node-csp/01",
            "SetCspSubarrayLeafNodeObsState",
            Value::Short(4),
            "cspSubarrayObsState",
            Value::Short(4),
        ),
        (
            "mid-tmc/leaf-node-sdp/0",
            "SetSubsystemAvailable",
            Value::Bool(false),
            "isSubsystemAvailable",
            Value::Bool(false),
        ),
        (
            "mid-csp/control/0",
            "SetAdminMode",
            Value::Short(1),
            "adminMode",
            Value::Short(1),
        ),
        (
            "mid-sdp/control/0",
            "SetDirectState",
            Value::State(DevState::Fault),
            "State",
            Value::State(DevState::Fault),
        ),
        (
            "mid-csp/subarray/01",
            "AddTransition",
            Value::String(r#"[["READY", 0], ["IDLE", 0.5]]"#.to_owned()),
            "obsStateTransitionDuration",
            Value::String(r#"[["READY", 0], ["IDLE", 0.5]]"#.to_owned()),
        ),
    ] {
        let device = client.device(name).await.unwrap();
        device.command(command, argument).await.unwrap();
        let reading = device.read(attribute).await.unwrap();
        assert_eq!(reading.value, shown, "{command} of {name}");
    }
    let dish = client.device("mid-dish/dish-manager/SKA001").await.unwrap();
    let wrong = dish.command("SetDirectDishMode", Value::Short(77)).await;
    wrong.unwrap_err();
}

#[tokio::test]
async fn events_can_come_in_bursts() {
    let telescope = SimulatedTelescope::low()
        .with_dwell(Duration::ZERO)
        .with_events_every(Duration::from_millis(100));
    let telescope = telescope.start().await.unwrap();
    let client = Client::new().with_tango_host(telescope.tango_host());
    let csp = client.device("low-csp/subarray/01").await.unwrap();
    let mut events = Watcher::of(&csp, &["obsState", RESULT]).await;
    let argument = Value::String("{}".to_owned());
    csp.command("AssignResources", argument).await.unwrap();
    let idle = csp.read("obsState").await.unwrap().value;
    assert_eq!(
        idle,
        Value::Short(2),
        "what is read is newer than the events"
    );
    assert_eq!(
        events.until("IDLE").await,
        [
            "RESOURCING",
            r#"AssignResources [0, "AssignResources completed OK"]"#,
            "IDLE"
        ]
    );
}

#[tokio::test]
async fn every_stable_state_of_an_sdp_that_is_alone_can_be_reached_once_it_is_on() {
    let simulated = SimulatedTelescope::sdp().with_dwell(DWELL).start().await;
    let simulated = simulated.expect("loopback has free ports");
    let client = Client::new().with_tango_host(simulated.tango_host());
    let subarray = client.device("low-sdp/subarray/02").await;
    let subarray = subarray.expect("it is there");
    let assign = subarray.command_info("AssignResources").await;
    let assign = assign.expect("it has it");
    assert_eq!(assign.output, tango_wire::DataType::Void);
    let on = subarray.command("On", Value::Void).await;
    assert_eq!(on.expect("accepted"), Value::Void);
    let telescope = Telescope::connect(simulated.telescope_config())
        .await
        .expect("its devices answer");
    for target in [
        ObsState::Ready,
        ObsState::Aborted,
        ObsState::Empty,
        ObsState::Scanning,
    ] {
        let subarray = telescope.subarray(2).expect("it has two");
        let timeout = Timeout::new(Duration::from_secs(10));
        let reached = subarray.reach(target).within(timeout).await;
        assert!(reached.is_ok(), "{target}: {reached:?}");
        let simulated = simulated.subarray(2).expect("it has two");
        assert_eq!(simulated.obs_state(), target);
    }
    subarray.command("Init", Value::Void).await.expect("done");
    assert_eq!(subarray.state().await.expect("read"), DevState::Off);
    simulated.shutdown().await;
}
