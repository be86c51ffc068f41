//! What the Python harness holds of long running commands, and the races it knows.
//! `docs/conformance.md` says which test stands for what.

use std::sync::Arc;
use std::time::Duration;

use harness_core::action::{Action, ActionError};
use harness_core::assertion::changes_to;
use harness_core::{InMemoryDevice, Reading, Signal, Timeout, TracedDevice, Tracer, Value};
use harness_tango::control_model::ResultCode;
use harness_tango::lrc::{LrcAction, ResultCodes};
use tokio::time::Instant;

const RESULT: &str = "longRunningCommandResult";

/// What a device tells of a command, that many milliseconds after it began to.
type Told = (u64, Value);

fn pair(id: &str, json: &str) -> Value {
    Value::from([id, json])
}

/// A device that knows one command, `Go`: it tells some things, answers with the id, and tells
/// others later.
fn device(id: &'static str, before: Vec<Value>, after: Vec<Told>) -> TracedDevice {
    let device = InMemoryDevice::new("t/subarray/01")
        .with_attribute("obsState", "EMPTY")
        .with_attribute(RESULT, pair("id0", r#"[3, "an old failure"]"#))
        .with_command("Go", move |device, _| {
            for told in &before {
                device.set(RESULT, told.clone());
            }
            for (milliseconds, told) in after.clone() {
                let device = device.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                    match told.as_str() {
                        Some(state) => device.set("obsState", state),
                        None => device.set(RESULT, told),
                    }
                });
            }
            let queued = [ResultCode::Queued.number()];
            Ok(Value::List(vec![queued.into(), [id].into()]))
        });
    Tracer::default().device(Arc::new(device))
}

/// Executes under a second and tells how long it took.
async fn execute(mut action: LrcAction) -> (Result<(), ActionError>, Duration) {
    let began = Instant::now();
    let outcome = action.execute(Timeout::seconds(1)).await;
    (outcome, began.elapsed())
}

fn go(device: &TracedDevice) -> LrcAction {
    LrcAction::new(device, "Go", ())
}

/// The shapes of a result, and whether they end the command; where the Python harness judges
/// otherwise, why.
#[tokio::test(start_paused = true)]
async fn the_shapes_of_a_result_are_told_apart() {
    let text = |json: &str| pair("id1", json);
    let shapes = [
        (text(r#"[0, "ok"]"#), true),
        (text("[0]"), true),
        (text(r#"[0,"a","b",1]"#), true),
        // devices in the field send a bare code; the Python harness waits in vain
        (text("0"), true),
        (text(r#""0""#), true),
        // a code that nobody knows ends it too; the Python harness waits in vain
        (text(r#"[99,"x"]"#), true),
        // no device means "started" by this; the Python harness takes it for 1
        (text(r#"[true,"x"]"#), false),
        (text(r#""OK""#), false),
        (text("OK"), false),
        (text(r#"{"a":1}"#), false),
        (text(r#"["0","x"]"#), false),
        (text(r#"["invalid"]"#), false),
        (text(r#"[0.0,"x"]"#), false),
        (text("[]"), false),
        (text(""), false),
        (pair("id2", r#"[0,"x"]"#), false),
        (pair("", ""), false),
        (Value::from(["id1"]), false),
        (Value::Void, false),
        // the Python harness raises in the thread of the events
        (Value::List(vec!["id1".into(), Value::Void]), false),
    ];
    for (told, ends) in shapes {
        let device = device("id1", vec![told.clone()], Vec::new());
        let (outcome, took) = execute(go(&device).completes_with(ResultCodes::any())).await;
        assert_eq!(outcome.is_ok(), ends, "{told}");
        let expected = if ends {
            Duration::ZERO
        } else {
            Duration::from_secs(1)
        };
        assert_eq!(took, expected, "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn completion_is_awaited_beside_the_other_postconditions() {
    let device = device("id1", Vec::new(), vec![(200, "IDLE".into())]);
    let action = go(&device)
        .postcondition(changes_to([&device], "obsState", "IDLE"))
        .completes_with([ResultCode::Ok, ResultCode::Failed]);
    let (outcome, took) = execute(action).await;
    assert_eq!(took, Duration::from_secs(1));
    let error = outcome.unwrap_err();
    let expected = error.failure().unwrap().expected();
    let told: Vec<_> = expected
        .iter()
        .map(|it| (it.description.as_str(), it.met))
        .collect();
    assert_eq!(
        told,
        [
            ("t/subarray/01 obsState changes to IDLE", true),
            ("t/subarray/01 Go completes with OK or FAILED", false),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_told_of_other_commands_is_passed_over() {
    let others = vec![
        pair("id2", r#"[3, "another one failed"]"#),
        pair("id2", r#"[0, "another one ended"]"#),
    ];
    let after = vec![
        (100, pair("id3", r#"[5, "another one was rejected"]"#)),
        (200, pair("id3", r#"[0, "another one ended"]"#)),
        (500, pair("id1", r#"[0, "ended"]"#)),
    ];
    let device = device("id1", others, after);
    let (outcome, took) = execute(go(&device).completes_with(ResultCode::Ok)).await;
    outcome.unwrap();
    assert_eq!(took, Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn the_result_that_was_there_is_not_believed_even_with_the_same_id() {
    let device = device(
        "id0",
        Vec::new(),
        vec![(500, pair("id0", r#"[0, "ended"]"#))],
    );
    let (outcome, took) = execute(go(&device).completes_with(ResultCode::Ok)).await;
    outcome.unwrap();
    assert_eq!(took, Duration::from_millis(500));
}

/// Even if it is told only after the command was sent, as when somebody subscribes meanwhile.
#[tokio::test(start_paused = true)]
async fn the_value_that_a_subscription_begins_with_is_no_result() {
    let device = InMemoryDevice::new("t/subarray/01")
        .with_attribute(RESULT, pair("", ""))
        .with_command("Go", |device, _| {
            let old = Reading::new(pair("id1", r#"[3, "an old failure"]"#));
            device.push(RESULT, Signal::Initial(old));
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(500)).await;
                device.set(RESULT, pair("id1", r#"[0, "ended"]"#));
            });
            Ok(Value::List(vec![[2].into(), ["id1"].into()]))
        });
    let device = Tracer::default().device(Arc::new(device));
    let (outcome, took) = execute(go(&device).completes_with(ResultCode::Ok)).await;
    outcome.unwrap();
    assert_eq!(took, Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn a_result_right_before_the_answer_counts() {
    let device = device("id1", vec![pair("id1", r#"[0, "ended"]"#)], Vec::new());
    let (outcome, took) = execute(go(&device).completes_with(ResultCode::Ok)).await;
    outcome.unwrap();
    assert_eq!(took, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_failure_ends_the_wait_for_whatever_else() {
    let failed = pair("id1", r#"[3, "no beams left"]"#);
    let device = device("id1", Vec::new(), vec![(500, failed)]);
    let action = go(&device)
        .postcondition(changes_to([&device], "obsState", "IDLE"))
        .stops_early_on_lrc_error();
    let (outcome, took) = execute(action).await;
    assert_eq!(took, Duration::from_millis(500));
    let error = outcome.unwrap_err();
    let headline = error.failure().unwrap().headline();
    assert!(headline.ends_with("FAILED: no beams left"), "{headline}");
}

/// Unlike the Python harness, which lets a later result overrule an earlier one.
#[tokio::test(start_paused = true)]
async fn a_command_ends_once_whatever_is_told_of_it_afterwards() {
    let after = vec![
        (100, pair("id1", r#"[0, "ended"]"#)),
        (200, pair("id1", r#"[3, "no, failed"]"#)),
        (300, "IDLE".into()),
    ];
    let device = device("id1", Vec::new(), after);
    let action = go(&device)
        .completes_with(ResultCode::Ok)
        .postcondition(changes_to([&device], "obsState", "IDLE"));
    let (outcome, took) = execute(action).await;
    outcome.unwrap();
    assert_eq!(took, Duration::from_millis(300));
}

#[tokio::test(start_paused = true)]
async fn an_error_after_all_was_seen_is_none_of_this_action() {
    let after = vec![
        (100, "IDLE".into()),
        (200, pair("id1", r#"[3, "too late"]"#)),
    ];
    let device = device("id1", Vec::new(), after);
    let action = go(&device)
        .postcondition(changes_to([&device], "obsState", "IDLE"))
        .stops_early_on_lrc_error();
    let (outcome, took) = execute(action).await;
    outcome.unwrap();
    assert_eq!(took, Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn any_end_will_do_when_any_code_is_asked_for() {
    for (number, code) in [
        (0, ResultCode::Ok),
        (3, ResultCode::Failed),
        (4, ResultCode::Unknown),
        (7, ResultCode::Aborted),
    ] {
        let ended = pair("id1", &format!(r#"[{number}, "x"]"#));
        let device = device("id1", Vec::new(), vec![(500, ended)]);
        execute(go(&device).completes_with(ResultCodes::any()))
            .await
            .0
            .unwrap();
        execute(go(&device).completes_with([ResultCode::Rejected, code]))
            .await
            .0
            .unwrap();
        let (outcome, took) = execute(go(&device).completes_with(ResultCode::Rejected)).await;
        assert!(matches!(outcome, Err(ActionError::EarlyStop { .. })));
        assert_eq!(took, Duration::from_millis(500), "{code}: told at once");
    }
}

#[tokio::test(start_paused = true)]
async fn two_commands_at_once_each_wait_for_their_own_result() {
    let ended = |code: u8| format!(r#"[{code}, "ended"]"#);
    let tracer = Tracer::default();
    let both = InMemoryDevice::new("t/subarray/01")
        .with_attribute(RESULT, pair("", ""))
        .with_command("Go", move |device, number| {
            let id = format!("id{number}");
            let answer = Value::List(vec![[2].into(), [id.as_str()].into()]);
            let first = number == Value::from(1);
            tokio::spawn(async move {
                let (milliseconds, code) = if first { (600, 0) } else { (300, 3) };
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                device.set(RESULT, pair(&id, &ended(code)));
            });
            Ok(answer)
        });
    let both = tracer.device(Arc::new(both));
    let go =
        |number: i64| execute(LrcAction::new(&both, "Go", number).completes_with(ResultCode::Ok));
    let ((first, first_took), (second, second_took)) = tokio::join!(go(1), go(2));
    first.unwrap();
    assert_eq!(first_took, Duration::from_millis(600));
    assert!(matches!(second, Err(ActionError::EarlyStop { .. })));
    assert_eq!(second_took, Duration::from_millis(300));
}
