//! Long running commands on several devices at once.

use std::time::Duration;

use harness_core::Timeout;
use harness_core::action::{Action, ActionError};
use harness_core::assertion::{changes_to, is_in_state};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::lrc::{LrcAction, LrcGroup};
use harness_tango::subarray::Subarray;
use tokio::time::Instant;

use crate::scripted::{Behaviour, DWELL, Scripted, Speaks};

fn three() -> [Scripted; 3] {
    let first = Scripted::named("low-tmc/subarray/01", Speaks::Classic, ObsState::Idle);
    let [second, third] = [
        ("low-tmc/subarray/02", Speaks::Lists),
        ("low-tmc/subarray/03", Speaks::BothButListsOnly),
    ]
    .map(|(name, speaks)| Scripted::named(name, speaks, ObsState::Idle).beside(&first));
    [first, second, third]
}

fn configure(scripted: &[Scripted]) -> LrcGroup {
    let subarrays: Vec<Subarray> = scripted.iter().map(Scripted::subarray).collect();
    LrcAction::on_each(&subarrays, "Configure", "{}")
        .each(|action| {
            let ready = changes_to([action.device()], "obsState", ObsState::Ready);
            action.postcondition(ready)
        })
        .completes_with(ResultCode::Ok)
}

#[tokio::test(start_paused = true)]
async fn each_device_has_its_own_id_and_protocol_and_all_go_at_once() {
    let scripted = three();
    let began = Instant::now();
    let mut group = configure(&scripted);
    assert_eq!(group.name(), "Configure on 3 devices");
    group.execute(Timeout::seconds(30)).await.unwrap();
    assert_eq!(began.elapsed(), DWELL);
    for one in &scripted {
        one.device.set("obsState", ObsState::Idle);
    }
    group.execute(Timeout::seconds(30)).await.unwrap();
    assert!(scripted.iter().all(|it| it.received().len() == 2));
}

#[tokio::test(start_paused = true)]
async fn all_devices_that_fail_are_told_and_not_the_first_alone() {
    let [first, second, third] = three();
    let ends = |words| [Behaviour::Ends(ResultCode::Failed, words, ObsState::Idle)];
    let scripted = [
        first.with("Configure", ends("no beams")),
        second,
        third.with("Configure", ends("no stations")),
    ];
    let began = Instant::now();
    let outcome = configure(&scripted).execute(Timeout::seconds(30)).await;
    let error = outcome.unwrap_err();
    assert_eq!(began.elapsed(), DWELL);
    let failed: Vec<_> = error.each().map(ActionError::action).collect();
    assert_eq!(
        failed,
        [
            "Configure on low-tmc/subarray/01",
            "Configure on low-tmc/subarray/03"
        ]
    );
    let text = error.to_string();
    for part in ["no beams", "no stations", "2 of 3"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_unless_all_preconditions_hold() {
    let scripted = three();
    scripted[1].device.set("obsState", ObsState::Ready);
    let mut group = configure(&scripted).each(|action| {
        let idle = is_in_state([action.device()], "obsState", ObsState::Idle);
        action.precondition(idle)
    });
    let error = group.execute(Timeout::seconds(30)).await.unwrap_err();
    assert!(error.to_string().contains("low-tmc/subarray/02"), "{error}");
    assert!(scripted.iter().all(|it| it.received().is_empty()));
}

#[tokio::test(start_paused = true)]
async fn no_device_at_all_is_a_failure() {
    let began = Instant::now();
    let outcome = configure(&[]).execute(Timeout::seconds(30)).await;
    assert!(outcome.unwrap_err().to_string().contains("on no device"));
    assert_eq!(began.elapsed(), Duration::ZERO);
}
