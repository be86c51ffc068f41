//! The steps about a telescope, on a telescope in memory.
#![cfg_attr(
    feature = "sim",
    expect(clippy::unwrap_used, reason = "a test may panic")
)]
#![cfg(feature = "sim")]

mod telescope;

use harness_bdd::{
    HarnessWorld, StepBook, books::telescope_steps, feature, suite::Suite, suite::Verdict,
};
use harness_tango::control_model::ObsState;

use telescope::{Subarray, failure};

const STUCK: &str = "subarray 1 will get stuck in CONFIGURING the next time it is sent Configure";

/// A scenario of these lines.
fn scenario(lines: &[&str]) -> String {
    format!("  Scenario: s\n    {}\n", lines.join("\n    "))
}

async fn passes(lines: &[&str]) {
    let outcome = Subarray::new().run(&scenario(lines)).await;
    assert_eq!(
        outcome.verdict(),
        Verdict::Passed,
        "{:?}",
        outcome.scenarios
    );
}

async fn fails(lines: &[&str]) -> String {
    failure(&Subarray::new().run(&scenario(lines)).await)
}

#[tokio::test(start_paused = true)]
async fn a_state_is_reached_from_wherever_the_subarray_is() {
    passes(&[
        "Given subarray 1 is in obsState READY",
        "Then subarray 1 is in obsState READY",
        "Given subarray 1 is in obsState ABORTED",
        "Then subarray 1 is in obsState ABORTED",
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_first_try_may_fail() {
    passes(&[
        "Given subarray 1 is in obsState IDLE",
        &format!("And {STUCK}"),
        "When subarray 1 is in obsState READY",
        "Then subarray 1 passes through CONFIGURING, ABORTED, EMPTY and READY in that order",
        "And subarray 1 is in obsState READY",
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_under_test_is_not_tried_twice() {
    let text = fails(&[
        "Given subarray 1 is in obsState IDLE",
        &format!("And {STUCK}"),
        "When I bring subarray 1 to obsState READY",
    ])
    .await;
    assert!(text.contains("READY"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_way_can_be_prescribed() {
    passes(&[
        "Given subarray 1 is in obsState READY",
        "When I bring subarray 1 to obsState IDLE through ABORTED",
        "Then subarray 1 passes through ABORTED, EMPTY, IDLE in that order",
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_state_that_it_had_before_the_command_does_not_satisfy_a_then() {
    let text = fails(&[
        "Given subarray 1 is in obsState READY",
        &format!("And {STUCK}"),
        "When the command Configure is sent to subarray 1",
        "Then subarray 1 is in obsState READY",
    ])
    .await;
    assert!(
        text.starts_with("subarray 1 is in obsState READY: "),
        "{text}"
    );
    assert!(text.contains("remains in obsState READY"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_command_and_what_it_causes() {
    passes(&[
        "Given subarray 1 is in obsState IDLE",
        "When the command Configure is sent to subarray 1",
        "Then subarray 1 transitions to obsState CONFIGURING",
        "And subarray 1 passes through CONFIGURING, READY in that order",
        "And the command completes with OK",
        "And subarray 1 is in obsState READY",
        "When I send the command Scan to subarray 1",
        "Then subarray 1 is in obsState SCANNING",
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_wrong_order_fails_and_the_account_says_what_happened() {
    let text = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When the command Configure is sent to subarray 1",
        "Then subarray 1 passes through READY, CONFIGURING in that order",
    ])
    .await;
    assert!(
        text.contains("CONFIGURING was not reached after that"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_unknown_state_is_told_with_the_known_ones() {
    let text = fails(&["Given subarray 1 is in obsState SLEEPING"]).await;
    assert!(text.starts_with("can't use `SLEEPING`"), "{text}");
    assert!(text.contains("EMPTY, RESOURCING, IDLE"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_subarray_is_told_with_the_known_ones() {
    let text = fails(&["Given subarray 7 is in obsState EMPTY"]).await;
    assert!(
        text.contains("no subarray 7") && text.contains("it has 1"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_rejection_may_come_in_any_of_its_ways() {
    for command in ["Scan", "Break", "NotNow"] {
        passes(&[
            "Given subarray 1 is in obsState IDLE",
            &format!("When the command {command} is sent to subarray 1"),
            "Then the command is rejected",
            "And subarray 1 remains in obsState IDLE",
        ])
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_that_was_not_rejected_is_told() {
    let text = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When the command Configure is sent to subarray 1",
        "Then the command is rejected",
    ])
    .await;
    assert!(
        text.contains("Configure was not rejected in IDLE"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_rejection_that_changed_the_state_is_none() {
    let text = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When the command Drift is sent to subarray 1",
        "Then the command is rejected",
    ])
    .await;
    assert!(
        text.contains("the obsState changed") && text.contains("FAULT"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_rejection_that_no_line_expects_fails_the_next_line() {
    for next in [
        "Then subarray 1 is in obsState SCANNING",
        "Then subarray 1 passes through SCANNING in that order",
        "When the command Configure is sent to subarray 1",
    ] {
        let text = fails(&[
            "Given subarray 1 is in obsState IDLE",
            "When the command Scan is sent to subarray 1",
            next,
        ])
        .await;
        assert!(
            text.contains("not permitted in observation state IDLE"),
            "{text}"
        );
        assert!(text.contains("Then the command is rejected"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejection_that_no_line_expects_fails_the_scenario_at_its_end() {
    for lines in [
        &["When the command Scan is sent to subarray 1"][..],
        &[
            "When the command Scan is sent to subarray 1",
            "Then subarray 1 remains in obsState EMPTY",
        ],
    ] {
        let text = fails(lines).await;
        assert!(text.contains("Then the command is rejected"), "{text}");
    }
    passes(&[
        "When the command Scan is sent to subarray 1",
        "Then the command is rejected",
        "And subarray 1 remains in obsState EMPTY",
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_a_failing_command_should_cause_is_not_awaited_to_the_end() {
    let before = tokio::time::Instant::now();
    let text = fails(&[
        "Given subarray 1 is in obsState EMPTY",
        "When the command Drift is sent to subarray 1",
        "Then subarray 1 is in obsState READY",
    ])
    .await;
    assert!(
        text.contains("no longer awaited") && text.contains("no beam"),
        "{text}"
    );
    let now = "now, read again";
    assert!(
        text.contains(now) && text.contains("obsState is FAULT"),
        "{text}"
    );
    // One second for the command, one of grace, and the way back; the timeout is five.
    assert!(before.elapsed().as_secs() < 5, "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn remaining_in_a_state_means_all_the_time() {
    let text = fails(&[
        "Given subarray 1 is in obsState IDLE",
        "When the command Drift is sent to subarray 1",
        "Then subarray 1 remains in obsState IDLE for 3 seconds",
    ])
    .await;
    assert!(text.contains("it changed to FAULT"), "{text}");
    let now = "now, read again";
    assert!(
        text.contains(now) && text.contains("obsState is FAULT"),
        "{text}"
    );
    passes(&[
        "Given subarray 1 is in obsState IDLE",
        &format!("And {STUCK}"),
        "When the command Configure is sent to subarray 1",
        "Then subarray 1 remains in obsState CONFIGURING for 3.5 seconds",
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_then_without_a_when_says_what_is_missing() {
    let text = fails(&["Then subarray 1 passes through IDLE in that order"]).await;
    assert!(text.contains("needs a When before it"), "{text}");
    let text = fails(&["Then the command is rejected"]).await;
    assert!(text.contains("no command was sent yet"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_subarray_is_put_back_and_its_faults_are_ended() {
    let subarray = Subarray::new();
    let lines = [
        "Given subarray 1 is in obsState IDLE",
        &format!("And {STUCK}"),
    ];
    let outcome = subarray.run(&scenario(&lines)).await;
    assert_eq!(outcome.verdict(), Verdict::Passed);
    assert_eq!(subarray.state().await, ObsState::Empty);
    let set = subarray.defects_set();
    assert_eq!(set.len(), 2);
    assert!(set[0].contains(r#""intermediate_state":3"#), "{}", set[0]);
    assert_eq!(set[1], r#"{"enabled":false}"#);
}

#[tokio::test(start_paused = true)]
async fn the_subarray_is_put_back_after_a_failure_too() {
    let subarray = Subarray::new();
    let lines = [
        "Given subarray 1 is in obsState SCANNING",
        "Then the command is rejected",
    ];
    let outcome = subarray.run(&scenario(&lines)).await;
    assert_eq!(outcome.verdict(), Verdict::Failed);
    assert_eq!(outcome.scenarios[0].tear_down, None);
    assert_eq!(subarray.state().await, ObsState::Empty);
}

#[tokio::test(start_paused = true)]
async fn a_subarray_that_cannot_be_put_back_fails_the_run() {
    let subarray = Subarray::new();
    let lines = ["Given subarray 1 is in obsState IDLE"];
    let device = subarray
        .device
        .clone()
        .with_command("ReleaseAllResources", |device, _| {
            device.set_unreachable(true);
            Ok(harness_core::Value::Void)
        });
    let outcome = subarray.run(&scenario(&lines)).await;
    drop(device);
    assert!(outcome.scenarios[0].has_passed());
    let told = outcome.scenarios[0].tear_down.as_deref().unwrap();
    assert!(told.contains("subarray 1"), "{told}");
    assert_eq!(outcome.verdict(), Verdict::Failed);
}

#[tokio::test]
async fn a_world_without_a_telescope_says_what_to_do() {
    let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
    let text = "Feature: f\n  Scenario: s\n    Given subarray 1 is in obsState EMPTY\n";
    let suite = Suite::new(book).with_feature(feature::parse("f.feature", text).unwrap());
    let outcome = suite.run().await.unwrap();
    assert!(
        failure(&outcome).contains("Suite::on_telescope"),
        "{}",
        failure(&outcome)
    );
}

#[test]
fn every_expression_of_the_books_is_sound_and_none_is_there_twice() {
    let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
    assert!(book.errors().is_empty(), "{:?}", book.errors());
    assert!(book.catalogue().entries().len() >= 14);
}

#[tokio::test(start_paused = true)]
async fn lines_about_transitions_need_the_telescope_that_is_simulated_here() {
    for line in [
        "Given the CSP subarray takes 5 seconds to configure",
        "Given the next AssignResources on SDP fails with \"no beam\"",
        "Given the Configure of subarray 1 is held",
    ] {
        let told = fails(&[line]).await;
        assert!(told.contains("simulated in this process"), "{told}");
    }
}
