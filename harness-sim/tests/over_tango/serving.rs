//! Starting and stopping a telescope.

use std::time::Duration;

use harness_sim::SimulatedTelescope;
use harness_tango::control_model::ObsState;
use tango_wire::Client;
use tokio::time::timeout;

use crate::watcher::{send, subarray, telescope};

#[tokio::test]
async fn a_telescope_that_was_shut_down_leaves_its_port_to_the_next() {
    let first = telescope(Duration::ZERO).await;
    let tango_host = first.tango_host();
    let port = tango_host.rsplit(':').next().unwrap().parse().unwrap();

    let taken = SimulatedTelescope::new().with_port(port).start().await;
    let error = taken.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the simulated telescope's database cannot start"
    );

    first.shutdown().await;
    Client::new()
        .with_tango_host(&tango_host)
        .device("low-tmc/subarray/01")
        .await
        .unwrap_err();

    let second = SimulatedTelescope::new().with_port(port).start().await;
    let second = second.unwrap();
    assert_eq!(second.tango_host(), tango_host);
    subarray(&second, 2).await.ping().await.unwrap();
}

#[tokio::test]
async fn a_telescope_that_was_dropped_does_not_answer() {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    device.ping().await.unwrap();
    drop(telescope);
    let silence = async {
        while device.ping().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), silence).await.unwrap();
}

#[tokio::test]
async fn it_has_as_many_subarrays_as_it_was_given() {
    let telescope = SimulatedTelescope::new()
        .with_subarrays(11)
        .start()
        .await
        .unwrap();
    assert_eq!(telescope.subarrays().count(), 11);
    assert_eq!(
        telescope.subarray(11).unwrap().name(),
        "low-tmc/subarray/11"
    );
    subarray(&telescope, 11).await.ping().await.unwrap();
    for number in [0, 12] {
        let error = telescope.subarray(number).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the simulated telescope has no subarray {number}, it has 11, numbered from 1")
        );
    }
}

#[tokio::test]
async fn two_telescopes_can_stand_side_by_side() {
    let (one, two) = (
        telescope(Duration::ZERO).await,
        telescope(Duration::ZERO).await,
    );
    assert_ne!(one.tango_host(), two.tango_host());
    for telescope in [&one, &two] {
        subarray(telescope, 1).await.ping().await.unwrap();
    }
    let handles = [one.subarray(1).unwrap(), two.subarray(1).unwrap()];
    send(&subarray(&one, 1).await, "AssignResources").await;
    assert_eq!(
        handles.map(|handle| handle.obs_state()),
        [ObsState::Idle, ObsState::Empty]
    );
}
