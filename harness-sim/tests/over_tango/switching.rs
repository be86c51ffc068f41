//! The harness switches whole telescopes.

use std::time::Duration;

use harness_sim::SimulatedTelescope;
use harness_sim::telescope::RunningTelescope;
use harness_tango::control_model::{AdminMode, DevState};
use harness_tango::telescope::{Role, Telescope, TelescopeConfig, TelescopeState};

const DWELL: Duration = Duration::from_millis(10);

async fn started(simulated: SimulatedTelescope) -> (RunningTelescope, Telescope) {
    let simulated = simulated
        .with_dwell(DWELL)
        .start()
        .await
        .expect("loopback has free ports");
    let telescope = Telescope::connect(simulated.telescope_config())
        .await
        .expect("its devices answer");
    (simulated, telescope)
}

/// The same telescope, known by these roles only.
async fn known_by(simulated: &RunningTelescope, roles: &[Role]) -> Telescope {
    let whole = simulated.telescope_config();
    let config = TelescopeConfig::new("in parts")
        .with_tango_host(simulated.tango_host())
        .with_subarrays([1, 2]);
    let config = roles.iter().fold(config, |config, role| {
        config.with_role(*role, whole.role_name(*role).expect("it has the role"))
    });
    Telescope::connect(config)
        .await
        .expect("its devices answer")
}

#[tokio::test]
async fn a_telescope_is_switched_by_its_central_node_and_only_once() {
    for simulated in [SimulatedTelescope::low(), SimulatedTelescope::mid()] {
        let (simulated, telescope) = started(simulated).await;
        for (target, from, to) in [
            (TelescopeState::On, "OFF", "ON"),
            (TelescopeState::Standby, "ON", "STANDBY"),
            (TelescopeState::Off, "STANDBY", "OFF"),
        ] {
            let switched = telescope.switch(target).await.unwrap();
            let told = switched.to_string();
            assert!(
                told.starts_with(&format!(
                    "the telescope went from {from} to {to} by Telescope"
                )),
                "{told}"
            );
            assert_eq!(switched.sent.len(), 1);
            assert_eq!(telescope.state().await.unwrap(), target.device_state());

            let again = telescope.switch(target).await.unwrap();
            assert!(again.was_already(), "{again}");
            assert_eq!(
                again.to_string(),
                format!("the telescope was {target} already, so nothing was sent")
            );
        }
        simulated.shutdown().await;
    }
}

#[tokio::test]
async fn what_is_offline_is_brought_online_before_the_telescope_is_on() {
    let (simulated, telescope) = started(SimulatedTelescope::low()).await;
    let csp = simulated.handle().device("low-csp/control/0").unwrap();
    csp.set_admin_mode(AdminMode::Offline);
    let sdp = simulated.handle().device("low-sdp/control/0").unwrap();
    sdp.set_admin_mode(AdminMode::Engineering);
    assert_eq!(csp.state(), DevState::Disable);

    let switched = telescope.bring_on().await.unwrap();
    assert_eq!(switched.brought_online, ["low-csp/control/0"]);
    assert_eq!(switched.now, DevState::On);
    assert_eq!(csp.state(), DevState::On);
    assert!(telescope.bring_on().await.unwrap().was_already());
    simulated.shutdown().await;
}

#[tokio::test]
async fn without_a_central_node_controllers_and_subarrays_are_switched_themselves() {
    let (simulated, _) = started(SimulatedTelescope::low()).await;
    let telescope = known_by(
        &simulated,
        &[Role::Subarray, Role::CspController, Role::CspSubarray],
    )
    .await;
    let on = telescope.switch(TelescopeState::On).await.unwrap();
    assert!(
        on.sent.contains(&"On to low-csp/control/0".to_owned()),
        "{on}"
    );
    assert_eq!(on.now, DevState::On);
    assert!(telescope.bring_on().await.unwrap().was_already());

    let second = simulated.handle().device("low-csp/subarray/02").unwrap();
    second.set_state(DevState::Off);
    let on = telescope.switch(TelescopeState::On).await.unwrap();
    assert_eq!(on.sent, ["On to low-csp/subarray/02"]);
    assert_eq!((on.found, on.now), (DevState::Unknown, DevState::On));
    let off = telescope.switch(TelescopeState::Off).await.unwrap();
    assert_eq!(off.now, DevState::Off);
    simulated.shutdown().await;
}

#[tokio::test]
async fn a_telescope_that_can_not_be_switched_says_why() {
    let (simulated, telescope) = started(SimulatedTelescope::low()).await;
    let central_node = simulated.handle().device("low-tmc/central-node/0").unwrap();
    let _failing = central_node
        .fail_next("TelescopeOn", "the rack is locked")
        .unwrap();
    let error = telescope.switch(TelescopeState::On).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the telescope could not be switched to ON"
    );
    let account = error.failure().unwrap().to_string();
    assert!(account.contains("the rack is locked"), "{account}");
    simulated.shutdown().await;
}
