//! How long commands take.

use std::time::Duration;

use harness_tango::control_model::ObsState;

use super::bench::{Bench, MILLISECOND};
use crate::attribute::{Attribute, AttributeValue};
use crate::model::{Delays, Progression};

#[test]
fn a_command_has_its_own_dwell() {
    let mut delays = Delays::new(Progression::Immediate);
    delays.set("Configure", Progression::After(Duration::from_secs(600)));
    let mut bench = Bench::with_delays(delays);
    bench.send("AssignResources");
    assert_eq!(bench.obs_state(), ObsState::Idle);
    bench.send("Configure");
    bench.elapse(Duration::from_secs(600) - MILLISECOND);
    assert_eq!(bench.obs_state(), ObsState::Configuring);
    bench.elapse(MILLISECOND);
    assert_eq!(bench.obs_state(), ObsState::Ready);
}

#[test]
fn progress_is_told_at_a_third_and_two_thirds() {
    let mut bench = Bench::with_dwell(Duration::from_millis(30));
    bench.send("AssignResources");
    let mut seen = Vec::new();
    for time in 1..=30 {
        bench.elapse(MILLISECOND);
        for line in bench.changes.take_lines() {
            if line.starts_with("longRunningCommandProgress") {
                seen.push((time, line));
            }
        }
    }
    let expected = |time, percent| {
        (
            time,
            format!("longRunningCommandProgress: AssignResources#1 {percent}"),
        )
    };
    assert_eq!(seen, [expected(10, 33), expected(20, 66)]);
}

#[test]
fn a_command_can_wait_for_reads_of_obs_state() {
    let mut bench = Bench::with_delays(Delays::new(Progression::AfterReads(3)));
    bench.send("AssignResources");
    bench.elapse(Duration::from_secs(3600));
    let now = bench.now;
    let mut reads: Vec<_> = (0..4)
        .map(|_| bench.subarray.read(Attribute::ObsState, now))
        .collect();
    let idle = reads.pop().unwrap();
    assert_eq!(idle, AttributeValue::ObsState(ObsState::Idle));
    let resourcing = AttributeValue::ObsState(ObsState::Resourcing);
    assert_eq!(reads, vec![resourcing; 3]);
    assert_eq!(
        bench.story(),
        [
            "obsState: RESOURCING",
            r#"longRunningCommandResult: AssignResources#1 [0, "AssignResources completed OK"]"#,
            "obsState: IDLE",
        ]
    );
}

#[test]
fn waiting_for_no_reads_is_not_waiting() {
    let mut bench = Bench::with_delays(Delays::new(Progression::AfterReads(0)));
    bench.send("AssignResources");
    assert_eq!(bench.obs_state(), ObsState::Idle);
}

#[test]
fn reads_of_other_attributes_do_not_count() {
    let mut bench = Bench::with_delays(Delays::new(Progression::AfterReads(1)));
    bench.send("AssignResources");
    bench.subarray.read(Attribute::State, bench.now);
    assert_eq!(bench.obs_state(), ObsState::Resourcing);
}

#[test]
fn delays_can_be_set_and_taken_back() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    bench
        .subarray
        .set_delays(r#"{"AssignResources": 2}"#)
        .unwrap();
    bench.send("AssignResources");
    assert_eq!(bench.obs_state(), ObsState::Resourcing);
    bench.elapse(Duration::from_secs(2));
    assert_eq!(bench.obs_state(), ObsState::Idle);
    bench.subarray.reset_delays();
    bench.send("AssignResources");
    assert_eq!(bench.obs_state(), ObsState::Idle);
}
