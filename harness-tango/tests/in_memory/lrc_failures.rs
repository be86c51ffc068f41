//! What a tester reads when a long running command goes wrong.

use harness_core::Timeout;
use harness_core::action::Action;
use harness_core::assertion::{changes_to, is_in_state};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::lrc::LrcAction;

use crate::scripted::{Behaviour, Scripted};

/// The account of a Configure on a subarray that does so.
async fn account(behaviour: Behaviour) -> String {
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [behaviour]);
    let subarray = scripted.subarray();
    let outcome = LrcAction::new(&subarray, "Configure", r#"{"scan_type": "target:a"}"#)
        .precondition(is_in_state([&subarray], "obsState", ObsState::Idle))
        .postcondition(changes_to([&subarray], "obsState", ObsState::Configuring))
        .postcondition(changes_to([&subarray], "obsState", ObsState::Ready))
        .completes_with(ResultCode::Ok)
        .execute(Timeout::seconds(30))
        .await;
    outcome.expect_err("it goes wrong").to_string()
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_rejected_at_once() {
    let reason = "Validation 'Low TMC configure 4.1' Missing key: 'csp'";
    let rejects = Behaviour::Answers(ResultCode::Rejected, reason);
    insta::assert_snapshot!(account(rejects).await);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_fails_later_while_a_state_is_awaited() {
    let words = "Exception occurred on the following devices: low-csp/subarray/01: no beams left";
    let fails = Behaviour::Ends(ResultCode::Failed, words, ObsState::Fault);
    insta::assert_snapshot!(account(fails).await);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_never_ends() {
    insta::assert_snapshot!(account(Behaviour::Sticks).await);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_ends_with_another_code() {
    let words = "Command has been aborted";
    let aborts = Behaviour::Ends(ResultCode::Aborted, words, ObsState::Aborted);
    insta::assert_snapshot!(account(aborts).await);
}
