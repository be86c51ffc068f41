//! The ways in which devices tell how their commands fare and end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use harness_core::action::{Action, ActionError};
use harness_core::assertion::changes_to;
use harness_core::device::{EventSink, Subscription};
use harness_core::{
    BoxFuture, Device, DeviceError, InMemoryDevice, Reading, Signal, Timeout, Tracer, Value,
};
use harness_tango::control_model::{ObsState, ResultCode};
use harness_tango::lrc::{ClassicProtocol, ListsProtocol, LrcAction, SendError};
use tokio::time::Instant;

use crate::scripted::{Behaviour, DWELL, FINISHED, RESULT, Scripted, Speaks};

const ALL: [Speaks; 5] = [
    Speaks::Classic,
    Speaks::Lists,
    Speaks::Both,
    Speaks::BothButClassicOnly,
    Speaks::BothButListsOnly,
];

fn configure(scripted: &Scripted) -> LrcAction {
    let subarray = scripted.subarray();
    LrcAction::new(&subarray, "Configure", "{}")
        .postcondition(changes_to([&subarray], "obsState", ObsState::Ready))
        .completes_with(ResultCode::Ok)
}

async fn execute(mut action: LrcAction) -> (Result<(), ActionError>, Duration) {
    let began = Instant::now();
    let outcome = action.execute(Timeout::seconds(30)).await;
    (outcome, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn an_end_is_heard_by_whichever_attributes_the_device_uses() {
    for speaks in ALL {
        let scripted = Scripted::speaking(speaks, ObsState::Idle);
        for took in [DWELL, DWELL] {
            let (outcome, after) = execute(configure(&scripted)).await;
            assert!(outcome.is_ok(), "{speaks:?}: {outcome:?}");
            assert_eq!(after, took, "{speaks:?}");
            scripted.device.set("obsState", ObsState::Idle);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_and_the_answer_come_in_any_order_in_all_protocols() {
    for speaks in ALL {
        for behaviour in [Behaviour::AllBeforeTheAnswer, Behaviour::StateFirst] {
            let scripted =
                Scripted::speaking(speaks, ObsState::Idle).with("Configure", [behaviour]);
            let (outcome, _) = execute(configure(&scripted)).await;
            assert!(outcome.is_ok(), "{speaks:?}: {outcome:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn any_other_end_fails_as_soon_as_it_comes_in_all_protocols() {
    for speaks in ALL {
        for code in [
            ResultCode::Failed,
            ResultCode::Rejected,
            ResultCode::NotAllowed,
            ResultCode::Aborted,
            ResultCode::Unknown,
        ] {
            let ends = Behaviour::Ends(code, "no beams left", ObsState::Configuring);
            let scripted = Scripted::speaking(speaks, ObsState::Idle).with("Configure", [ends]);
            let (outcome, took) = execute(configure(&scripted)).await;
            let error = outcome.unwrap_err();
            assert_eq!(took, DWELL, "{speaks:?} {code}");
            let headline = error.failure().unwrap().headline();
            let told = format!("Configure ended with {code}: no beams left");
            assert!(headline.ends_with(&told), "{speaks:?}: {headline}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn sending_tells_the_end_in_all_protocols() {
    for speaks in ALL {
        let scripted = Scripted::speaking(speaks, ObsState::Idle);
        let sent = scripted.subarray().send("Configure", None).await.unwrap();
        let completion = sent.completion(&Timeout::seconds(10)).await.unwrap();
        assert_eq!(
            completion.to_string(),
            "OK: Command Completed",
            "{speaks:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_tells_of_no_commands_is_named_and_sent_nothing() {
    let scripted = Scripted::speaking(Speaks::Neither, ObsState::Idle);
    let (outcome, _) = execute(configure(&scripted)).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error, ActionError::Subscribe { .. }), "{error}");
    let text = error.to_string();
    for part in [
        "longRunningCommandResult or lrcFinished",
        "is low-tmc/subarray/01 a device with long running commands?",
        "the device has no attribute lrcFinished",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let error = scripted.subarray().send("Configure", None).await;
    let error = error.map(drop).unwrap_err();
    assert!(matches!(error, SendError::NoProtocol { .. }), "{error}");
    assert!(scripted.received().is_empty());

    // started anew with the attributes, it is a device with long running commands
    scripted.device.set(RESULT, ["", ""]);
    scripted.subarray().send("Configure", None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_device_that_was_not_reached_has_not_said_that_it_has_none() {
    let scripted = Scripted::speaking(Speaks::Lists, ObsState::Idle);
    scripted.device.set_unreachable(true);
    let (outcome, _) = execute(configure(&scripted)).await;
    let text = outcome.unwrap_err().to_string();
    assert!(text.contains("can not be reached"), "{text}");
    assert!(!text.contains("a device with long running"), "{text}");
    scripted.device.set_unreachable(false);
    execute(configure(&scripted)).await.0.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_protocol_can_be_prescribed() {
    let scripted = Scripted::speaking(Speaks::BothButClassicOnly, ObsState::Idle);
    let subarray = scripted.subarray();
    let action = |protocol| {
        LrcAction::new(&subarray, "Configure", "{}")
            .with_protocol(protocol)
            .completes_with(ResultCode::Ok)
    };
    execute(action(Arc::new(ClassicProtocol))).await.0.unwrap();
    let (outcome, took) = execute(action(Arc::new(ListsProtocol))).await;
    assert!(outcome.is_err());
    assert_eq!(
        took,
        Duration::from_secs(30),
        "it was to hear of nothing else"
    );
}

#[tokio::test(start_paused = true)]
async fn an_end_that_is_told_twice_counts_once() {
    let abort = |speaks| {
        let scripted =
            Scripted::speaking(speaks, ObsState::Idle).with("Abort", [Behaviour::TellsItsStart]);
        let subarray = scripted.subarray();
        LrcAction::new(&subarray, "Abort", ()).postcondition(changes_to(
            [&subarray],
            "obsState",
            ObsState::Aborted,
        ))
    };
    // STARTED, from the one protocol, is the end that was asked for; the OK of the other comes
    // later, and before the state
    let (outcome, took) = execute(abort(Speaks::Both).completes_with(ResultCode::Started)).await;
    outcome.unwrap();
    assert_eq!(took, DWELL * 2);
    // and for those who did not ask for it, it is none
    let (outcome, took) = execute(abort(Speaks::Both).completes_with(ResultCode::Ok)).await;
    outcome.unwrap();
    assert_eq!(took, DWELL * 2);
    let either = [ResultCode::Ok, ResultCode::Started];
    for speaks in ALL {
        let (outcome, _) = execute(abort(speaks).completes_with(either)).await;
        assert!(outcome.is_ok(), "{speaks:?}: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_found_after_a_gap_counts_in_both_protocols() {
    let hangs =
        || Scripted::speaking(Speaks::Both, ObsState::Idle).with("Abort", [Behaviour::Hangs]);
    let id = "1700000000.1_42_Abort";
    let object = format!(r#"{{"uid": "{id}", "name": "Abort", "status": "COMPLETED"}}"#);
    for (attribute, value) in [
        (RESULT, Value::from([id, r#"[0, "Abort completed OK"]"#])),
        (FINISHED, Value::from(["{\"uid\": \"other\"}", &object])),
    ] {
        let scripted = hangs();
        let subarray = scripted.subarray();
        let mut abort = LrcAction::new(&subarray, "Abort", ()).completes_with(ResultCode::Ok);
        let later = async {
            tokio::time::sleep(DWELL).await;
            let reason = "the connection broke".to_owned();
            scripted.device.push(attribute, Signal::Lost { reason });
            let found = Signal::Back(Reading::new(value));
            scripted.device.push(attribute, found);
        };
        let (outcome, ()) = tokio::join!(abort.execute(Timeout::seconds(30)), later);
        assert!(outcome.is_ok(), "{attribute}: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_ends_of_other_commands_and_before_are_passed_over() {
    let scripted =
        Scripted::speaking(Speaks::Both, ObsState::Idle).with("Abort", [Behaviour::Hangs]);
    let subarray = scripted.subarray();
    let mut abort = LrcAction::new(&subarray, "Abort", ()).completes_with(ResultCode::Ok);
    let others = async {
        tokio::time::sleep(DWELL).await;
        scripted.device.set(RESULT, ["another_Scan", "[3, \"no\"]"]);
        let object = r#"{"uid": "another_Scan", "status": "FAILED"}"#;
        scripted.device.set(FINISHED, [object, "no JSON", "{}"]);
    };
    let (outcome, ()) = tokio::join!(abort.execute(Timeout::seconds(5)), others);
    let error = outcome.unwrap_err();
    assert!(
        matches!(error, ActionError::Postcondition { .. }),
        "{error}"
    );
    assert!(
        error.to_string().contains("no result for the id"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_device_says_of_a_command_is_recorded_in_words() {
    for (speaks, lines) in [
        (
            Speaks::Classic,
            &[
                "Configure (id 1700000000.1_42_Configure): QUEUED",
                "Configure answered QUEUED, id 1700000000.1_42_Configure",
                "Configure (id 1700000000.1_42_Configure): IN_PROGRESS",
                "Configure ended with OK: Command Completed",
                "Configure (id 1700000000.1_42_Configure): COMPLETED",
            ][..],
        ),
        (
            Speaks::Lists,
            &[
                "Configure (id 1700000000.1_42_Configure): QUEUED",
                "lrcExecuting is empty",
                "Configure answered QUEUED, id 1700000000.1_42_Configure",
                "lrcQueue is empty",
                "Configure (id 1700000000.1_42_Configure): IN_PROGRESS",
                "lrcExecuting is empty",
                "Configure ended with OK: Command Completed",
            ],
        ),
    ] {
        let scripted = Scripted::speaking(speaks, ObsState::Idle);
        let subarray = scripted.subarray();
        let mut action =
            LrcAction::new(&subarray, "Configure", "{}").completes_with(ResultCode::Ok);
        action.setup().await.unwrap();
        let mark = scripted.tracer.mark();
        action.execute(Timeout::seconds(30)).await.unwrap();
        tokio::task::yield_now().await;
        let journal = scripted.tracer.journal();
        let told: Vec<_> = journal
            .since(&mark)
            .iter()
            .filter_map(|entry| journal.narrate(&entry.kind))
            .collect();
        assert_eq!(told, lines);
    }
}

/// Counts how often it is asked for a subscription.
#[derive(Debug)]
struct Counting {
    device: InMemoryDevice,
    asked: AtomicUsize,
}

impl Device for Counting {
    fn name(&self) -> &str {
        self.device.name()
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        self.device.command(command, argument)
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        self.device.read(attribute)
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        self.device.write(attribute, value)
    }

    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.device.subscribe(attribute, sink)
    }
}

/// How often the device is asked for a subscription in the course of each of three commands.
async fn asked_by_three_commands(device: &InMemoryDevice) -> [usize; 3] {
    let counting = Arc::new(Counting {
        device: device.clone(),
        asked: AtomicUsize::new(0),
    });
    let traced = Tracer::default().device(counting.clone());
    let mut asked = [0; 3];
    for count in &mut asked {
        let action = LrcAction::new(&traced, "Configure", "{}").completes_with(ResultCode::Ok);
        execute(action).await.0.expect("it works");
        *count = counting.asked.swap(0, Ordering::Relaxed);
    }
    asked
}

#[tokio::test(start_paused = true)]
async fn what_a_device_has_is_found_out_once() {
    for (speaks, asked_for) in [
        // its own three, and whether it has lrcFinished
        (Speaks::Classic, 4),
        (Speaks::Lists, 4),
        (Speaks::Both, 6),
    ] {
        let scripted = Scripted::speaking(speaks, ObsState::Idle);
        let asked = asked_by_three_commands(&scripted.device).await;
        assert_eq!(asked, [asked_for, 0, 0], "{speaks:?}");
    }
    let done = |_: InMemoryDevice, _| Ok(Value::List(vec![[0].into(), ["done"].into()]));
    let bare = InMemoryDevice::new("low-tmc/subarray/01")
        .with_attribute(RESULT, ["", ""])
        .with_command("Configure", done);
    assert_eq!(asked_by_three_commands(&bare).await, [4, 0, 0]);
}
