//! The ways of being refused, and the expectation of it.

use std::sync::Arc;
use std::time::Duration;

use harness_core::action::{Action, ActionError};
use harness_core::assertion::is_in_state;
use harness_core::{DeviceError, InMemoryDevice, Timeout, Tracer};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::lrc::{ExpectedRefusal, LrcAction, Refusal, RefusalClass, RefusedBy};
use tokio::time::Instant;

use crate::scripted::{Behaviour, DWELL, RESULT, Scripted, Speaks};

/// One way of being refused: what the device does, how that is told, and a part of the advice.
type Way = (Behaviour, RefusedBy, RefusalClass, &'static str);

const STATE_MODEL: &str = "ska_tango_base.faults.StateModelError: Configure command not permitted \
                           in observation state EMPTY";
const NOT_ALLOWED: &str = "Command Configure not allowed when the device is in FAULT state";
const NOT_JSON: &str = "JSONDecodeError: Expecting value: line 1 column 1 (char 0)";
const MISSING_KEY: &str = "Validation 'Low TMC configure 4.1' Missing key: 'csp'";
const QUEUE_FULL: &str = "Input queue supports a maximum of 32 commands";
const QUEUE_ABORTED: &str = "Queue is being aborted";
const LATER: &str = "Command is not allowed";
const LATER_BY_EXCEPTION: &str = "Exception from 'is_cmd_allowed' method: no resources";

fn ways() -> Vec<Way> {
    let raises = |reason, words| Behaviour::Raises(reason, words);
    let rejects = |words| Behaviour::Answers(ResultCode::Rejected, words);
    let by_answer = RefusedBy::Reply(ResultCode::Rejected);
    let by_result = RefusedBy::Completion;
    vec![
        // 1. an exception because of the obsState
        (
            raises("PyDs_PythonError", STATE_MODEL),
            RefusedBy::Exception,
            RefusalClass::ObsState,
            "harness graph",
        ),
        // 2. an exception because of the state of the device
        (
            raises("API_CommandNotAllowed", NOT_ALLOWED),
            RefusedBy::Exception,
            RefusalClass::DeviceState,
            "ONLINE",
        ),
        // 3. invalid input, by an exception or with the reason in place of the id
        (
            raises("PyDs_PythonError", NOT_JSON),
            RefusedBy::Exception,
            RefusalClass::Input,
            "correct the argument of Configure",
        ),
        (
            rejects(MISSING_KEY),
            by_answer,
            RefusalClass::Input,
            "correct the argument of Configure",
        ),
        // 4. the queue is full, or being aborted
        (
            rejects(QUEUE_FULL),
            by_answer,
            RefusalClass::QueueFull,
            "worked off its queue",
        ),
        (
            rejects(QUEUE_ABORTED),
            by_answer,
            RefusalClass::QueueAborted,
            "the Abort under way",
        ),
        // 5. accepted, and not allowed when its turn came
        (
            Behaviour::RefusesLater(ResultCode::NotAllowed, LATER),
            by_result(ResultCode::NotAllowed),
            RefusalClass::NotAllowedLater,
            "wait for the end of that",
        ),
        (
            Behaviour::RefusesLater(ResultCode::Rejected, LATER_BY_EXCEPTION),
            by_result(ResultCode::Rejected),
            RefusalClass::NotAllowedLater,
            "wait for the end of that",
        ),
    ]
}

fn refuses_so(speaks: Speaks, behaviour: &Behaviour) -> Scripted {
    Scripted::speaking(speaks, ObsState::Empty).with("Configure", [behaviour.clone()])
}

fn configure(scripted: &Scripted) -> LrcAction {
    scripted.subarray().command("Configure", None)
}

async fn refused(action: &mut ExpectedRefusal) -> (Result<(), ActionError>, Duration) {
    let began = Instant::now();
    let outcome = action.execute(Timeout::seconds(30)).await;
    (outcome, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn the_five_ways_of_being_refused_are_told_apart() {
    for speaks in [Speaks::Classic, Speaks::Lists, Speaks::Both] {
        for (behaviour, by, class, advice) in ways() {
            let scripted = refuses_so(speaks, &behaviour);
            let mut action = configure(&scripted).completes_with(ResultCode::Ok);
            let began = Instant::now();
            let error = action.execute(Timeout::seconds(30)).await.unwrap_err();
            let at_once = !matches!(by, RefusedBy::Completion(_));
            let took = if at_once { Duration::ZERO } else { DWELL };
            assert_eq!(began.elapsed(), took, "{behaviour:?}");
            let refusal = action.last_refusal().expect("it was refused").clone();
            assert_eq!((refusal.by, refusal.class), (by, class), "{behaviour:?}");
            assert_eq!(refusal.command, "Configure");
            if at_once {
                let cause = error.cause().and_then(|it| it.downcast_ref::<Refusal>());
                assert_eq!(cause.map(|it| it.class), Some(class));
            }
            let failure = error.failure().unwrap();
            assert!(failure.headline().contains(&refusal.words), "{failure}");
            let told = failure.advice().iter().any(|it| it.contains(advice));
            assert!(told, "{behaviour:?}: {failure}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_expects_a_refusal_gets_it_in_any_way() {
    for speaks in [Speaks::Classic, Speaks::Lists, Speaks::Both] {
        for (behaviour, by, class, _) in ways() {
            let scripted = refuses_so(speaks, &behaviour);
            let mut action = configure(&scripted).is_refused();
            let mark = scripted.tracer.mark();
            refused(&mut action).await.0.unwrap();
            let refusal = action.last_refusal().unwrap();
            assert_eq!((refusal.by, refusal.class), (by, class));
            let entries = scripted.tracer.journal().since(&mark);
            let noted = format!("as expected, {refusal}");
            let is_noted = entries.iter().any(|it| format!("{it:?}").contains(&noted));
            assert!(is_noted, "{noted}");

            let scripted = refuses_so(speaks, &behaviour);
            let mut action = configure(&scripted).is_refused_with(class);
            refused(&mut action).await.0.unwrap();

            let scripted = refuses_so(speaks, &behaviour);
            let mut action = configure(&scripted).is_refused_with(RefusalClass::AlreadyThere);
            let error = refused(&mut action).await.0.unwrap_err();
            assert!(error.to_string().contains("for another reason"), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_accepted_command_is_no_refusal_and_told_as_soon_as_it_is_known() {
    let works = Scripted::new(ObsState::Idle);
    let (outcome, took) = refused(&mut configure(&works).is_refused()).await;
    let text = outcome.unwrap_err().to_string();
    assert_eq!(took, Duration::ZERO, "the obsState changed");
    assert!(text.contains("it was accepted, and then"), "{text}");
    assert!(text.contains("obsState IDLE -> CONFIGURING"), "{text}");

    let ends = Behaviour::RefusesLater(ResultCode::Aborted, "Command has been aborted");
    let aborted = Scripted::new(ObsState::Idle).with("Configure", [ends]);
    let (outcome, took) = refused(&mut configure(&aborted).is_refused()).await;
    let text = outcome.unwrap_err().to_string();
    assert_eq!(took, DWELL);
    assert!(text.contains("ended with ABORTED"), "{text}");

    for (behaviour, answer) in [
        (Behaviour::Answers(ResultCode::Ok, "done already"), "OK"),
        (Behaviour::Answers(ResultCode::Started, ""), "STARTED"),
        (Behaviour::Babbles, "done"),
    ] {
        let done = Scripted::new(ObsState::Idle).with("Configure", [behaviour]);
        let (outcome, took) = refused(&mut configure(&done).is_refused()).await;
        let text = outcome.unwrap_err().to_string();
        assert_eq!(took, Duration::ZERO);
        let told = format!("it was not refused, but answered {answer}");
        assert!(text.contains(&told), "{text}");
    }

    // Scan goes through no transient state
    let hangs = Scripted::new(ObsState::Ready).with("Scan", [Behaviour::Hangs]);
    let mut scan = hangs.subarray().command("Scan", None).is_refused();
    let (outcome, took) = refused(&mut scan).await;
    let text = outcome.unwrap_err().to_string();
    assert_eq!(took, Duration::from_secs(30));
    assert!(text.contains("it was accepted; no result"), "{text}");
    assert!(scan.last_refusal().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_changes_something_is_not_the_expected_one() {
    // the event tells it
    let ends = Behaviour::Ends(ResultCode::Rejected, LATER, ObsState::Empty);
    let scripted = Scripted::new(ObsState::Empty).with("Configure", [ends]);
    let (outcome, _) = refused(&mut configure(&scripted).is_refused()).await;
    let text = outcome.unwrap_err().to_string();
    assert!(text.contains("obsState EMPTY -> CONFIGURING"), "{text}");

    // another attribute that was named
    let rejects = Behaviour::Answers(ResultCode::Rejected, QUEUE_FULL);
    let scripted = Scripted::new(ObsState::Empty).with("Configure", [rejects.clone()]);
    scripted.device.set("healthState", "OK");
    let mut action = configure(&scripted)
        .is_refused()
        .leaves_unchanged(scripted.traced(), "healthState");
    action.setup().await.unwrap();
    let mark = scripted.tracer.mark();
    let timeout = Timeout::seconds(5);
    action.procedure(&timeout).await.unwrap();
    scripted.device.set("healthState", "DEGRADED");
    let error = action.verify_postconditions(&mark, &timeout).await;
    let text = error.unwrap_err().to_string();
    assert!(text.contains("healthState changed to DEGRADED"), "{text}");

    let scripted = Scripted::new(ObsState::Empty).with("Configure", [rejects]);
    let mut action = configure(&scripted)
        .is_refused()
        .leaves_unchanged(scripted.traced(), "healthState");
    let error = refused(&mut action).await.0.unwrap_err();
    assert!(matches!(error, ActionError::Subscribe { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn who_was_not_reached_refused_nothing_and_preconditions_hold_for_refusals_too() {
    let scripted = Scripted::new(ObsState::Empty);
    let subarray = scripted.subarray();
    let mut action = configure(&scripted).is_refused();
    action.setup().await.unwrap();
    scripted.device.set_unreachable(true);
    let outcome = action.procedure(&Timeout::seconds(5)).await;
    assert!(matches!(outcome, Err(ActionError::Procedure { .. })));
    assert!(action.last_refusal().is_none());
    scripted.device.set_unreachable(false);

    let mut action = configure(&scripted)
        .precondition(is_in_state([&subarray], "obsState", ObsState::Ready))
        .is_refused();
    let error = refused(&mut action).await.0.unwrap_err();
    assert!(matches!(error, ActionError::Precondition { .. }), "{error}");
    assert!(scripted.received().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_command_that_does_not_exist_was_not_refused_for_any_good_reason() {
    let scripted = Scripted::new(ObsState::Empty);
    let mut action = scripted.subarray().command("Scann", None).is_refused();
    let error = refused(&mut action).await.0.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("it has no such command"), "{text}");
    assert!(text.contains("is Scann spelled as"), "{text}");

    let mut action = LrcAction::new(scripted.traced(), "Scann", ());
    let error = action.execute(Timeout::seconds(5)).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("(it has no such command)"), "{text}");

    // whoever means it can ask for it
    let class = RefusalClass::UnknownCommand;
    let mut action = LrcAction::new(scripted.traced(), "Scann", ()).is_refused_with(class);
    refused(&mut action).await.0.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_device_that_was_too_busy_to_look_at_a_command_has_not_refused_it() {
    let words = "Not able to acquire serialization (dev, class or process) monitor";
    let busy = Behaviour::Raises("API_CommandTimedOut", words);
    let scripted = refuses_so(Speaks::Classic, &busy);
    let mut action = configure(&scripted).is_refused();
    let error = refused(&mut action).await.0.unwrap_err();
    assert!(error.to_string().contains(words), "{error}");
    assert!(action.last_refusal().is_none());
}

#[tokio::test(start_paused = true)]
async fn an_obs_state_without_events_must_not_change_either() {
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("obsState", ObsState::Empty)
        .without_events("obsState")
        .with_attribute(RESULT, ["", ""])
        .with_async_command("Configure", |device, _| async move {
            device.set("obsState", ObsState::Fault);
            Err(DeviceError::refused("a/b/c", "Configure"))
        });
    let device = Tracer::default().device(Arc::new(device));
    let mut action = LrcAction::new(&device, "Configure", ()).is_refused();
    let error = refused(&mut action).await.0.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("obsState is FAULT, no longer EMPTY"),
        "{text}"
    );
}
