use std::sync::Arc;
use std::time::Duration;

use harness_core::fault::Fault;
use harness_tango::control_model::ObsState;
use tokio::time::{Instant, sleep};

use super::{DeviceHandle, SubarrayHandle};
use crate::attribute::RecordedChanges;
use crate::defect::{Defect, DefectKind};
use crate::device::{DeviceId, SimulatedDevice};
use crate::model::{Delays, Progression};
use crate::world::{Shared, WorldBuilder};

const DWELL: Duration = Duration::from_millis(50);
const MOMENT: Duration = Duration::from_millis(1);

fn idle_subarray(dwell: Duration) -> (SubarrayHandle, RecordedChanges) {
    let changes = RecordedChanges::default();
    let mut subarray = SimulatedDevice::subarray("test/subarray/01", Arc::new(changes.clone()))
        .with_delays(&Delays::new(Progression::after(dwell)));
    subarray.force_obs_state(ObsState::Idle, Instant::now());
    changes.take();
    let transitions = subarray.transitions().clone();
    let world = WorldBuilder::new().with_lone_device(subarray);
    let observers = world.changes();
    let shared = Shared::spawn(world.build(), observers, transitions);
    let device = DeviceHandle::new(shared, DeviceId(0));
    (SubarrayHandle::new(device), changes)
}

#[tokio::test(start_paused = true)]
async fn its_clock_turns_by_itself() {
    let (subarray, _) = idle_subarray(DWELL);
    // let the driver fall asleep with nothing to wait for, and wake it
    sleep(Duration::from_secs(1)).await;
    subarray.submit("Configure", "{}").unwrap();
    sleep(DWELL - MOMENT).await;
    assert_eq!(subarray.obs_state(), ObsState::Configuring);
    sleep(2 * MOMENT).await;
    assert_eq!(subarray.obs_state(), ObsState::Ready);
}

#[tokio::test(start_paused = true)]
async fn it_wakes_for_something_earlier_than_what_it_waits_for() {
    let (subarray, _) = idle_subarray(DWELL);
    subarray.set_delay("End", Progression::Immediate).unwrap();
    // its removal is due in ten seconds
    subarray.submit("End", "").unwrap();
    sleep(MOMENT).await;
    subarray.submit("Configure", "{}").unwrap();
    sleep(DWELL + MOMENT).await;
    assert_eq!(subarray.obs_state(), ObsState::Ready);
}

#[tokio::test(start_paused = true)]
async fn events_are_published_when_they_are_due_without_anyone_asking() {
    let (subarray, changes) = idle_subarray(DWELL);
    subarray.submit("Configure", "{}").unwrap();
    changes.take();
    sleep(DWELL + MOMENT).await;
    let lines = changes.take_lines();
    assert_eq!(lines.last().map(String::as_str), Some("obsState: READY"));
    sleep(Duration::from_secs(10)).await;
    assert_eq!(
        changes.take_lines(),
        [
            "longRunningCommandsInQueue: ",
            "longRunningCommandIDsInQueue: ",
            "longRunningCommandStatus: ",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn it_ends_with_its_last_handle_whatever_its_driver_waits_for() {
    for submit in [false, true] {
        let (subarray, changes) = idle_subarray(Duration::from_secs(3600));
        if submit {
            subarray.submit("Configure", "{}").unwrap();
        }
        // let the driver fall asleep
        sleep(MOMENT).await;
        assert!(changes.is_shared());
        drop(subarray);
        sleep(MOMENT).await;
        assert!(!changes.is_shared(), "submitted: {submit}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stuck_command_is_stuck_until_it_is_aborted() {
    let (subarray, _) = idle_subarray(DWELL);
    let guard = subarray.stick("Configure").unwrap();
    subarray.submit("Configure", "{}").unwrap();
    sleep(Duration::from_secs(3600)).await;
    drop(guard);
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(subarray.obs_state(), ObsState::Configuring);
    for command in ["Abort", "Restart"] {
        subarray.submit(command, "").unwrap();
        sleep(DWELL + MOMENT).await;
    }
    assert_eq!(subarray.obs_state(), ObsState::Empty);
}

#[tokio::test(start_paused = true)]
async fn guards_take_back_what_they_keep() {
    let (subarray, _) = idle_subarray(Duration::ZERO);
    drop(subarray.fail_next("Configure", "no beam").unwrap());
    drop(subarray.refuse_next("Configure", "no beam").unwrap());
    subarray.submit("Configure", "{}").unwrap();
    assert_eq!(subarray.obs_state(), ObsState::Ready);

    subarray.refuse_next("End", "stay").unwrap().forget();
    subarray.submit("End", "").unwrap_err();
    subarray.submit("End", "").unwrap();
    assert_eq!(subarray.obs_state(), ObsState::Idle);
    subarray.stick("Confgure").unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_forced_obs_state_is_undone_unless_something_moved_on() {
    let (subarray, changes) = idle_subarray(Duration::ZERO);
    let guard = subarray.set_obs_state(ObsState::Fault);
    assert_eq!(subarray.obs_state(), ObsState::Fault);
    drop(guard);
    assert_eq!(subarray.obs_state(), ObsState::Idle);
    assert_eq!(changes.take_lines(), ["obsState: FAULT", "obsState: IDLE"]);

    let guard = subarray.set_obs_state(ObsState::Fault);
    subarray.submit("Restart", "").unwrap();
    drop(guard);
    assert_eq!(subarray.obs_state(), ObsState::Empty);

    subarray.set_obs_state(ObsState::Ready).forget();
    assert_eq!(subarray.obs_state(), ObsState::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_defect_is_a_fault_of_the_harness() {
    let (subarray, _) = idle_subarray(Duration::ZERO);
    let fault = subarray.fault(Defect::new(DefectKind::NotAllowedBeforeQueuing).of("End"));
    assert_eq!(
        fault.describe(),
        "test/subarray/01: End: COMMAND_NOT_ALLOWED_BEFORE_QUEUING"
    );
    let guard = fault.start().await.unwrap();
    subarray.submit("End", "").unwrap_err();
    guard.stop().await.unwrap();
    subarray.submit("End", "").unwrap();

    let unknown = subarray.fault(Defect::new(DefectKind::FailedResult).of("Explode"));
    let error = unknown.start().await.unwrap_err();
    assert!(error.to_string().contains("could not be started"));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_cycles_without_dwell_need_no_time() {
    let (subarray, _) = idle_subarray(Duration::ZERO);
    let start = Instant::now();
    for _ in 0..1000 {
        for command in ["Configure", "Scan", "EndScan", "End"] {
            subarray.submit(command, "{}").unwrap();
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(Instant::now(), start);
    assert_eq!(subarray.obs_state(), ObsState::Idle);
}
