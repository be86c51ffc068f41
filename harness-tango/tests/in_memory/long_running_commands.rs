//! Long running commands against a scripted subarray.

use std::time::Duration;

use crate::scripted::{Behaviour, DWELL, NAME, Scripted};
use harness_core::action::{Action, ActionError};
use harness_core::assertion::{changes_to, is_in_state};
use harness_core::{Signal, Timeout, Value};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::lrc::{LrcAction, Refusal, RefusalClass, RefusedBy, ResultCodes, SendError};
use tokio::time::Instant;

fn assign(scripted: &Scripted) -> LrcAction {
    let subarray = scripted.subarray();
    let inputs = subarray.inputs();
    LrcAction::new(&subarray, "AssignResources", inputs.assign_resources())
        .precondition(is_in_state([&subarray], "obsState", ObsState::Empty))
        .postcondition(changes_to([&subarray], "obsState", ObsState::Resourcing))
        .postcondition(
            changes_to([&subarray], "obsState", ObsState::Idle).from(ObsState::Resourcing),
        )
        .completes_with(ResultCode::Ok)
        .stops_early_on_lrc_error()
}

/// Executes under 30 s and tells how long it took.
async fn execute(mut action: LrcAction) -> (Result<(), ActionError>, Duration) {
    let began = Instant::now();
    let outcome = action.execute(Timeout::seconds(30)).await;
    (outcome, began.elapsed())
}

fn refusal(error: &ActionError) -> &Refusal {
    error
        .cause()
        .and_then(|cause| cause.downcast_ref())
        .expect("the cause is a refusal")
}

#[tokio::test(start_paused = true)]
async fn the_sample_of_the_mission_works() {
    let scripted = Scripted::new(ObsState::Empty);
    let (outcome, took) = execute(assign(&scripted)).await;
    outcome.unwrap();
    assert_eq!(took, DWELL);
}

#[tokio::test(start_paused = true)]
async fn result_and_final_state_are_awaited_in_any_order() {
    let scripted = Scripted::new(ObsState::Empty).with("AssignResources", [Behaviour::StateFirst]);
    let (outcome, took) = execute(assign(&scripted)).await;
    outcome.unwrap();
    assert_eq!(took, DWELL * 2, "the state alone is not enough");
}

#[tokio::test(start_paused = true)]
async fn a_result_that_comes_before_the_answer_counts() {
    let scripted =
        Scripted::new(ObsState::Empty).with("AssignResources", [Behaviour::AllBeforeTheAnswer]);
    let (outcome, took) = execute(assign(&scripted)).await;
    outcome.unwrap();
    assert_eq!(took, DWELL, "the answer took that long, nothing else");
}

#[tokio::test(start_paused = true)]
async fn an_action_can_be_executed_again_and_gets_the_new_id() {
    let scripted = Scripted::new(ObsState::Idle);
    let subarray = scripted.subarray();
    let mut configure = LrcAction::new(&subarray, "Configure", "{}").completes_with(ResultCode::Ok);
    for _ in 0..2 {
        configure.execute(Timeout::seconds(30)).await.unwrap();
    }
    assert!(
        configure
            .last_reply()
            .unwrap()
            .id()
            .unwrap()
            .contains(".2_")
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_means_no_fails_at_once_with_the_devices_words() {
    for code in [
        ResultCode::Rejected,
        ResultCode::NotAllowed,
        ResultCode::Failed,
    ] {
        let reason = "Validation failed: Missing key: 'csp'";
        let scripted = Scripted::new(ObsState::Empty)
            .with("AssignResources", [Behaviour::Answers(code, reason)]);
        let (outcome, took) = execute(assign(&scripted)).await;
        let error = outcome.unwrap_err();
        assert_eq!(took, Duration::ZERO);
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(refusal(&error).by, RefusedBy::Reply(code));
        assert_eq!(refusal(&error).class, RefusalClass::Input);
    }
}

#[tokio::test(start_paused = true)]
async fn an_exception_fails_at_once_with_the_devices_words() {
    let words = "StateModelError: AssignResources command not permitted in observation state READY";
    let scripted = Scripted::new(ObsState::Empty).with(
        "AssignResources",
        [Behaviour::Raises("PyDs_PythonError", words)],
    );
    let (outcome, took) = execute(assign(&scripted)).await;
    let error = outcome.unwrap_err();
    assert_eq!(took, Duration::ZERO);
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test(start_paused = true)]
async fn any_other_end_fails_as_soon_as_it_comes() {
    for code in [
        ResultCode::Failed,
        ResultCode::Rejected,
        ResultCode::NotAllowed,
        ResultCode::Aborted,
        ResultCode::Unknown,
    ] {
        let scripted = Scripted::new(ObsState::Empty).with(
            "AssignResources",
            [Behaviour::Ends(
                code,
                "Exception occurred on device",
                ObsState::Resourcing,
            )],
        );
        let (outcome, took) = execute(assign(&scripted)).await;
        let error = outcome.unwrap_err();
        assert_eq!(took, DWELL, "{code}");
        assert!(matches!(error, ActionError::EarlyStop { .. }), "{error}");
        let headline = error.failure().unwrap().headline();
        assert!(
            headline.contains("Exception occurred on device"),
            "{headline}"
        );
        assert!(headline.contains(code.label()), "{headline}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_stops_a_wait_for_the_state_alone() {
    let ends = Behaviour::Ends(ResultCode::Failed, "no beams", ObsState::Resourcing);
    let scripted = Scripted::new(ObsState::Empty).with("AssignResources", [ends]);
    let subarray = scripted.subarray();
    let action = subarray
        .command("AssignResources", None)
        .postcondition(changes_to([&subarray], "obsState", ObsState::Idle))
        .stops_early_on_lrc_error();
    let (outcome, took) = execute(action).await;
    assert!(matches!(outcome, Err(ActionError::EarlyStop { .. })));
    assert_eq!(took, DWELL);
}

#[tokio::test(start_paused = true)]
async fn expected_codes_are_successes_whenever_they_come() {
    let ends = Behaviour::Ends(ResultCode::Failed, "as asked", ObsState::Fault);
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [ends]);
    let subarray = scripted.subarray();
    let fails = subarray
        .command("Configure", None)
        .completes_with(ResultCode::Failed);
    execute(fails).await.0.unwrap();

    let rejects = Behaviour::Answers(ResultCode::Rejected, "no");
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [rejects]);
    let action = scripted
        .subarray()
        .command("Configure", None)
        .completes_with([ResultCode::Ok, ResultCode::Rejected]);
    execute(action).await.0.unwrap();

    let done = Behaviour::Answers(ResultCode::Ok, "done already");
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [done]);
    let action = scripted
        .subarray()
        .command("Configure", None)
        .completes_with(ResultCodes::any());
    execute(action).await.0.unwrap();
}

#[tokio::test(start_paused = true)]
async fn started_is_an_end_only_for_those_who_ask_for_it() {
    let started = || Behaviour::Ends(ResultCode::Started, "Command Started", ObsState::Aborted);
    let scripted = Scripted::new(ObsState::Ready).with("Abort", [started(), started()]);
    let subarray = scripted.subarray();
    let both = [ResultCode::Ok, ResultCode::Started];
    execute(subarray.command("Abort", None).completes_with(both))
        .await
        .0
        .unwrap();
    let (outcome, took) = execute(
        subarray
            .command("Abort", None)
            .completes_with(ResultCode::Ok),
    )
    .await;
    assert!(matches!(outcome, Err(ActionError::Postcondition { .. })));
    assert_eq!(took, Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_command_that_never_ends_runs_into_the_timeout_and_names_its_id() {
    let scripted = Scripted::new(ObsState::Empty).with("AssignResources", [Behaviour::Hangs]);
    let (outcome, took) = execute(assign(&scripted)).await;
    let text = outcome.unwrap_err().to_string();
    assert_eq!(took, Duration::from_secs(30));
    assert!(
        text.contains("no result for the id 1700000000.1_42_AssignResources"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_another_shape_matters_only_when_completion_does() {
    let scripted =
        Scripted::new(ObsState::Idle).with("Configure", [Behaviour::Babbles, Behaviour::Babbles]);
    let subarray = scripted.subarray();
    execute(subarray.command("Configure", None))
        .await
        .0
        .unwrap();
    let (outcome, _) = execute(
        subarray
            .command("Configure", None)
            .completes_with(ResultCode::Ok),
    )
    .await;
    let text = outcome.unwrap_err().to_string();
    assert!(
        text.contains("done") && text.contains("CommandAction"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_result_that_could_not_be_heard_is_told_as_such() {
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [Behaviour::Hangs]);
    let subarray = scripted.subarray();
    let result = "longRunningCommandResult";
    subarray.traced().watch(result).await.unwrap();
    let reason = "no heartbeat".to_owned();
    scripted.device.push(result, Signal::Lost { reason });
    let configure = subarray.command("Configure", None);
    let (outcome, _) = execute(configure.completes_with(ResultCode::Ok)).await;
    let text = outcome.unwrap_err().to_string();
    assert!(
        text.contains("nothing can be heard of longRunningCommandResult"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn without_an_id_no_end_is_waited_for() {
    let no_id = || Behaviour::Answers(ResultCode::Started, "");
    let scripted = Scripted::new(ObsState::Idle).with("Configure", [no_id(), no_id(), no_id()]);
    let subarray = scripted.subarray();
    let configure = || subarray.command("Configure", None);
    let (outcome, took) = execute(configure().completes_with(ResultCode::Ok)).await;
    let text = outcome.unwrap_err().to_string();
    assert_eq!(took, Duration::ZERO);
    assert!(text.contains("STARTED without an id"), "{text}");

    let either = [ResultCode::Ok, ResultCode::Started];
    let (outcome, took) = execute(configure().completes_with(either)).await;
    outcome.unwrap();
    assert_eq!(took, Duration::ZERO);

    let began = Instant::now();
    let sent = subarray.send("Configure", None).await.unwrap();
    let failure = sent.completion(&Timeout::seconds(5)).await.unwrap_err();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert!(failure.headline().contains("without an id"), "{failure}");
    let end = sent.ends_with(either, &Timeout::seconds(5)).await.unwrap();
    assert_eq!(end.code, ResultCode::Started);
}

#[tokio::test(start_paused = true)]
async fn a_false_precondition_sends_nothing() {
    let scripted = Scripted::new(ObsState::Ready);
    let (outcome, _) = execute(assign(&scripted)).await;
    assert!(matches!(outcome, Err(ActionError::Precondition { .. })));
    assert!(scripted.received().is_empty());
}

#[tokio::test(start_paused = true)]
async fn sending_tells_the_answer_and_later_the_end() {
    let scripted = Scripted::new(ObsState::Idle);
    let sent = scripted.subarray().send("Configure", None).await.unwrap();
    assert_eq!(sent.reply().code(), ResultCode::Queued);
    assert_eq!(
        scripted.subarray().obs_state().await.unwrap(),
        ObsState::Configuring
    );
    let completion = sent.completion(&Timeout::seconds(10)).await.unwrap();
    assert_eq!(completion.code, ResultCode::Ok);
    assert_eq!(completion.message, "Command Completed");
    assert!(
        sent.refusal(&Timeout::zero()).await.unwrap().is_none(),
        "it can be asked again"
    );
}

#[tokio::test(start_paused = true)]
async fn sending_classifies_refusals_whichever_way_they_come() {
    let scripted = Scripted::new(ObsState::Empty).with(
        "Configure",
        [
            Behaviour::Raises(
                "API_CommandNotAllowed",
                "not allowed when the device is in FAULT state",
            ),
            Behaviour::Answers(
                ResultCode::Rejected,
                "Input queue supports a maximum of 32 commands",
            ),
            Behaviour::Ends(
                ResultCode::NotAllowed,
                "Command is not allowed",
                ObsState::Empty,
            ),
            Behaviour::Hangs,
        ],
    );
    let subarray = scripted.subarray();
    let refused = |error: SendError| {
        let refusal = error.refusal().expect("a refusal").clone();
        (refusal.by, refusal.class)
    };
    let first = subarray
        .send("Configure", None)
        .await
        .map(drop)
        .unwrap_err();
    assert_eq!(
        refused(first),
        (RefusedBy::Exception, RefusalClass::DeviceState)
    );
    let second = subarray
        .send("Configure", None)
        .await
        .map(drop)
        .unwrap_err();
    let rejected = RefusedBy::Reply(ResultCode::Rejected);
    assert_eq!(refused(second), (rejected, RefusalClass::QueueFull));
    let third = subarray.send("Configure", None).await.unwrap();
    let refusal = third.refusal(&Timeout::seconds(10)).await.unwrap().unwrap();
    assert_eq!(refusal.by, RefusedBy::Completion(ResultCode::NotAllowed));
    assert_eq!(refusal.class, RefusalClass::NotAllowedLater);
    let fourth = subarray.send("Configure", None).await.unwrap();
    let failure = fourth.completion(&Timeout::seconds(5)).await.unwrap_err();
    assert!(
        failure.headline().contains("did not end within 5 s"),
        "{failure}"
    );

    scripted.device.set_unreachable(true);
    let error = subarray
        .send("Configure", None)
        .await
        .map(drop)
        .unwrap_err();
    assert!(matches!(error, SendError::Device { .. }), "{error}");
    assert!(error.refusal().is_none());
}

#[tokio::test(start_paused = true)]
async fn given_arguments_are_sent_as_they_are_and_others_come_from_the_inputs() {
    let scripted = Scripted::new(ObsState::Idle);
    let subarray = scripted.subarray();
    subarray
        .send("Configure", Some("{ broken".into()))
        .await
        .unwrap();
    assert_eq!(
        scripted.argument_of("Configure"),
        Some(Value::from("{ broken"))
    );
    subarray.send("Configure", None).await.unwrap();
    let argument = scripted.argument_of("Configure").unwrap();
    assert!(argument.as_str().unwrap().contains("lowcbf"), "{argument}");
    subarray.send("Abort", None).await.unwrap();
    assert_eq!(scripted.argument_of("Abort"), Some(Value::Void));
    assert_eq!(&**subarray.traced().name(), NAME);
}
