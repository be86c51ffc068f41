//! The harness drives the simulated telescope as it drives a real one.

use std::time::Duration;

use harness_core::Timeout;
use harness_tango::control_model::ObsState;
use harness_tango::telescope::Telescope;

use crate::watcher::telescope;

#[tokio::test]
async fn the_configuration_connects_and_every_stable_state_can_be_reached() {
    let simulated = telescope(Duration::ZERO).await;
    let config = simulated.telescope_config();
    let telescope = Telescope::connect(config).await.unwrap();
    for target in [
        ObsState::Ready,
        ObsState::Empty,
        ObsState::Scanning,
        ObsState::Aborted,
        ObsState::Idle,
    ] {
        let subarray = telescope.subarray(2).unwrap();
        let timeout = Timeout::new(Duration::from_secs(10));
        subarray.reach(target).within(timeout).await.unwrap();
        assert_eq!(simulated.subarray(2).unwrap().obs_state(), target);
    }
    assert_eq!(simulated.subarray(1).unwrap().obs_state(), ObsState::Empty);
}
