//! Transitions as testers set them.

use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode, TaskStatus};

use super::bench::{Bench, MILLISECOND};
use crate::attribute::{Attribute, AttributeValue};
use crate::transition::{Outcome, Rejection, Scope, Setting, Transition};

const SECOND: Duration = Duration::from_secs(1);

fn bench_with(command: &str, setting: impl Into<Setting>) -> Bench {
    let bench = Bench::with_dwell(Duration::ZERO).in_state(ObsState::Idle);
    let scope = Scope::model("tango::subarray").command(command);
    bench.subarray.transitions().set(&scope, setting).unwrap();
    bench
}

fn read(bench: &mut Bench) -> ObsState {
    let now = bench.now;
    match bench.subarray.read(Attribute::ObsState, now) {
        AttributeValue::ObsState(state) => state,
        other => panic!("{other}"),
    }
}

#[test]
fn a_time_of_ten_minutes_is_over_after_ten_minutes() {
    let mut bench = bench_with("Configure", Transition::after(600 * SECOND));
    bench.send("Configure");
    bench.elapse(600 * SECOND - MILLISECOND);
    assert_eq!(bench.obs_state(), ObsState::Configuring);
    bench.elapse(MILLISECOND);
    assert_eq!(bench.obs_state(), ObsState::Ready);
}

#[test]
fn the_third_of_three_reads_gets_the_new_state() {
    let mut bench = bench_with("Configure", Transition::after_reads(3));
    bench.send("Configure");
    let states: Vec<_> = (0..4).map(|_| read(&mut bench)).collect();
    use ObsState::{Configuring, Ready};
    assert_eq!(states, [Configuring, Configuring, Ready, Ready]);
}

#[test]
fn what_is_held_waits_for_its_release() {
    let mut bench = bench_with("Configure", Transition::held_at("beam"));
    bench.send("Configure");
    bench.elapse(3600 * SECOND);
    assert_eq!(bench.obs_state(), ObsState::Configuring);
    bench.subarray.transitions().release("beam").unwrap();
    bench.elapse(Duration::ZERO);
    assert_eq!(bench.obs_state(), ObsState::Ready);
}

#[test]
fn a_change_under_way_holds_at_the_next_look() {
    let mut bench = bench_with("Configure", Transition::never());
    bench.send("Configure");
    bench.elapse(7 * SECOND);
    let scope = Scope::instance("test/subarray/01");
    let transitions = bench.subarray.transitions().clone();
    transitions
        .set(&scope, Transition::after(5 * SECOND))
        .unwrap();
    bench.elapse(Duration::ZERO);
    assert_eq!(bench.obs_state(), ObsState::Ready);
}

#[test]
fn outcomes_are_those_that_were_set_and_then_the_ordinary_ones() {
    let fault = Transition::after(SECOND).faulting("no power");
    let rejecting = Transition::new().with_outcome(Outcome::Reject {
        message: "not today".to_owned(),
        when: Rejection::AtItsTurn,
    });
    for (transition, state, result) in [
        (
            Transition::new().failing("no beam"),
            ObsState::Configuring,
            r#"[3, "no beam"]"#,
        ),
        (fault, ObsState::Fault, r#"[3, "no power"]"#),
        (rejecting, ObsState::Idle, r#"[5, "not today"]"#),
    ] {
        let mut bench = bench_with("Configure", transition.next(1));
        bench.send("Configure");
        bench.elapse(SECOND);
        assert_eq!(bench.obs_state(), state);
        let story = bench.story();
        assert!(story.last().unwrap().ends_with(result), "{story:?}");
        bench.subarray.force_obs_state(ObsState::Idle, bench.now);
        bench.send("Configure");
        assert_eq!(bench.obs_state(), ObsState::Ready);
    }
}

#[test]
fn a_rejection_by_the_reply_changes_nothing() {
    let mut bench = bench_with("Configure", Transition::new().rejecting("not today"));
    let reply = bench.send("Configure");
    assert_eq!(reply.code, ResultCode::Rejected);
    assert_eq!(reply.text, "not today");
    assert_eq!(bench.obs_states(), []);
}

#[test]
fn what_gets_stuck_in_another_state_is_ended_by_a_restart() {
    let stuck = Transition::after(SECOND).with_outcome(Outcome::Stuck {
        state: Some("FAULT".to_owned()),
    });
    let mut bench = bench_with("Configure", stuck);
    let reply = bench.send("Configure");
    bench.elapse(3600 * SECOND);
    assert_eq!(bench.obs_state(), ObsState::Fault);
    bench.send("Restart");
    assert_eq!(
        bench.subarray.command_status(&reply.text),
        TaskStatus::Aborted
    );
    assert_eq!(bench.obs_state(), ObsState::Empty);
}

#[test]
fn an_abort_that_is_rejected_at_its_turn_aborts_nothing() {
    let rejecting = Transition::new().with_outcome(Outcome::Reject {
        message: "never".to_owned(),
        when: Rejection::AtItsTurn,
    });
    let mut bench = bench_with("Abort", rejecting);
    bench.send("Abort");
    assert_eq!(bench.obs_state(), ObsState::Idle);
    let story = bench.story();
    assert_eq!(story, [r#"longRunningCommandResult: Abort#1 [5, "never"]"#]);
}

#[test]
fn the_history_tells_what_happened_and_why() {
    let mut bench = bench_with("Configure", Transition::after(SECOND));
    bench.send("Configure");
    bench.elapse(SECOND);
    bench.subarray.force_obs_state(ObsState::Fault, bench.now);
    let transitions = bench.subarray.transitions();
    let history = transitions.history("test/subarray/01").unwrap();
    let told: Vec<_> = history.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "1: EMPTY -> IDLE (injected)",
            "2: IDLE -> CONFIGURING (command Configure)",
            "3: CONFIGURING -> READY (1s passed)",
            "4: READY -> FAULT (injected)",
        ]
    );
}
