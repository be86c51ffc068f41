//! Events that get lost, come twice, late or out of order: what clients see of it.

use std::time::Duration;

use harness_core::Timeout;
use harness_core::fault::Fault;
use harness_sim::attribute::Attribute;
use harness_sim::wire_fault::{EventFault, EventFaultGuard};
use harness_sim::{DeviceHandle, RunningTelescope, SimulatedTelescope};
use harness_tango::control_model::ObsState;
use harness_tango::telescope::Telescope;
use tokio::time::Instant;

use crate::watcher::{Watcher, send, subarray, telescope};

const AN_HOUR: Duration = Duration::from_secs(3600);

/// Puts a fault on the obsState of subarray 1.
fn disturb(telescope: &RunningTelescope, fault: EventFault) -> EventFaultGuard {
    let handle = telescope.subarray(1).expect("it has two");
    handle
        .disturb_events(fault.of(Attribute::ObsState))
        .expect("it has the attribute")
}

/// What a client sees of Configure, with the fault, and of End, without; of gaps only how many
/// events are missing.
async fn seen(fault: EventFault) -> Vec<String> {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["obsState"]).await;
    // numbers begin with the first event: what is lost before it, nobody can miss
    send(&device, "AssignResources").await;
    assert_eq!(events.until("IDLE").await, ["RESOURCING", "IDLE"]);
    let guard = disturb(&telescope, fault);
    send(&device, "Configure").await;
    drop(guard);
    send(&device, "End").await;
    let lines = events.until("IDLE").await.into_iter();
    lines
        .map(|line| match line.split_once("missed: ") {
            Some((_, rest)) => format!("gap of {}", rest.split(", reason").next().unwrap_or(rest)),
            None => line,
        })
        .collect()
}

#[tokio::test]
async fn an_event_that_is_not_pushed_is_not_missed() {
    let expected = ["READY", "IDLE"];
    assert_eq!(seen(EventFault::unsent().times(1)).await, expected);
    assert_eq!(seen(EventFault::unsent()).await, expected[1..]);
}

#[tokio::test]
async fn an_event_that_is_lost_is_told_with_the_next_one() {
    assert_eq!(
        seen(EventFault::lost().times(1)).await,
        ["gap of Some(1)", "READY", "IDLE"]
    );
    assert_eq!(seen(EventFault::lost()).await, ["gap of Some(2)", "IDLE"]);
}

#[tokio::test]
async fn an_event_that_is_pushed_twice_is_seen_twice() {
    assert_eq!(
        seen(EventFault::repeated().times(1)).await,
        ["CONFIGURING", "CONFIGURING", "READY", "IDLE"]
    );
}

#[tokio::test]
async fn a_message_that_arrives_twice_is_one_event() {
    assert_eq!(
        seen(EventFault::doubled()).await,
        ["CONFIGURING", "READY", "IDLE"]
    );
}

/// Configure's two events the wrong way round, and told.
const OUT_OF_ORDER: [&str; 6] = [
    "gap of Some(1)",
    "READY",
    "gap of None",
    "CONFIGURING",
    "gap of Some(1)",
    "IDLE",
];

#[tokio::test]
async fn events_out_of_order_are_told() {
    assert_eq!(seen(EventFault::swapped()).await, OUT_OF_ORDER);
}

#[tokio::test]
async fn a_late_event_that_is_overtaken_is_told() {
    let fault = EventFault::late(AN_HOUR).overtaken().times(1);
    assert_eq!(seen(fault).await, OUT_OF_ORDER);
}

#[tokio::test]
async fn late_events_come_at_once_when_their_guard_is_dropped_and_in_order() {
    let expected = ["CONFIGURING", "READY", "IDLE"];
    assert_eq!(seen(EventFault::late(AN_HOUR)).await, expected);
    // the second event is not late itself: it waits behind the first
    assert_eq!(seen(EventFault::late(AN_HOUR).times(1)).await, expected);
}

#[tokio::test]
async fn events_can_be_late_without_end() {
    let expected = ["CONFIGURING", "READY", "IDLE"];
    assert_eq!(seen(EventFault::late(Duration::MAX)).await, expected);
}

/// What a client sees of Configure, with two faults of which one ends before the other, and of
/// End, without.
async fn seen_of_two(faults: [EventFault; 2], first_ends: usize) -> Vec<String> {
    let telescope = telescope(Duration::ZERO).await;
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["obsState"]).await;
    send(&device, "AssignResources").await;
    events.until("IDLE").await;
    let mut guards: Vec<_> = faults
        .into_iter()
        .map(|fault| disturb(&telescope, fault))
        .collect();
    send(&device, "Configure").await;
    drop(guards.remove(first_ends));
    drop(guards);
    send(&device, "End").await;
    events.until("IDLE").await
}

#[tokio::test]
async fn nothing_overtakes_an_event_that_is_late_in_order() {
    let late = EventFault::late(AN_HOUR).times(1);
    for second in [
        EventFault::doubled(),
        EventFault::swapped(),
        EventFault::late(AN_HOUR),
    ] {
        for first_ends in [0, 1] {
            let seen = seen_of_two([late, second], first_ends).await;
            assert_eq!(
                seen,
                ["CONFIGURING", "READY", "IDLE"],
                "{second}, {first_ends}"
            );
        }
    }
}

#[tokio::test]
async fn an_event_that_waits_for_the_next_one_comes_when_its_guard_is_dropped() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["obsState"]).await;
    let guard = disturb(&telescope, EventFault::swapped());
    handle.set_obs_state(ObsState::Fault).forget();
    drop(guard);
    assert_eq!(events.next().await, "FAULT");
}

#[tokio::test]
async fn other_attributes_are_not_disturbed() {
    let telescope = telescope(Duration::ZERO).await;
    let handle = telescope.subarray(1).unwrap();
    let device = subarray(&telescope, 1).await;
    let mut events = Watcher::of(&device, &["commandedObsState"]).await;
    let _guard = disturb(&telescope, EventFault::lost());
    send(&device, "AssignResources").await;
    assert!(events.next().await.starts_with("commandedObsState"));
    let error = handle
        .disturb_events(EventFault::lost().of(Attribute::DishMode))
        .unwrap_err();
    let words = error.to_string();
    assert!(
        words.starts_with("low-tmc/subarray/01 has no attribute dishMode; it has State, adminMode"),
        "{words}"
    );
}

async fn connected(simulated: SimulatedTelescope) -> (RunningTelescope, Telescope) {
    let simulated = simulated.start().await.expect("loopback has free ports");
    let telescope = Telescope::connect(simulated.telescope_config()).await;
    (simulated, telescope.expect("its devices answer"))
}

#[tokio::test]
async fn the_harness_waits_for_what_comes_late() {
    let (simulated, telescope) = connected(SimulatedTelescope::new()).await;
    let late = Duration::from_millis(300);
    let _guard = disturb(&simulated, EventFault::late(late));
    let subarray = telescope.subarray(1).unwrap();
    let timeout = || Timeout::new(Duration::from_secs(10));
    let before = Instant::now();
    subarray
        .reach(ObsState::Ready)
        .within(timeout())
        .await
        .unwrap();
    // AssignResources and Configure, whose last events were late
    assert!(before.elapsed() >= 2 * late, "{:?}", before.elapsed());
}

#[tokio::test]
async fn the_harness_believes_no_state_that_nobody_has_told_it() {
    let (simulated, telescope) = connected(SimulatedTelescope::new()).await;
    let subarray = telescope.subarray(1).unwrap();
    let timeout = |seconds| Timeout::new(Duration::from_secs(seconds));
    for fault in [EventFault::lost(), EventFault::unsent()] {
        let fault = fault.of(Attribute::ObsState);
        let handle: DeviceHandle = (*simulated.subarray(1).unwrap()).clone();
        let guard = handle.wire_fault(fault).start().await.unwrap();
        let target = match handle.value(Attribute::ObsState).to_string().as_str() {
            "EMPTY" => ObsState::Idle,
            _ => ObsState::Ready,
        };
        let failed = subarray.reach(target).within(timeout(1)).await;
        let failed = failed.unwrap_err().to_string();
        assert!(failed.contains("failed ("), "{failed}");
        // it is there, as who asks can see
        assert_eq!(simulated.subarray(1).unwrap().obs_state(), target);
        guard.stop().await.unwrap();
        subarray.reach(target).within(timeout(10)).await.unwrap();
    }
}

#[tokio::test]
async fn doubled_and_repeated_events_mislead_no_wait() {
    for fault in [EventFault::doubled(), EventFault::repeated()] {
        let (simulated, telescope) = connected(SimulatedTelescope::new()).await;
        let handle = simulated.subarray(1).unwrap();
        let _guard = handle.disturb_events(fault).unwrap();
        let subarray = telescope.subarray(1).unwrap();
        for target in [ObsState::Ready, ObsState::Empty, ObsState::Scanning] {
            let timeout = Timeout::new(Duration::from_secs(10));
            subarray.reach(target).within(timeout).await.unwrap();
            assert_eq!(handle.obs_state(), target);
        }
    }
}
