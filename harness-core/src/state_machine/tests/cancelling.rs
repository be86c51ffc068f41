//! Navigations that are called off.

use std::sync::Arc;
use std::time::Duration;

use super::lamp::Lamp;
use super::navigating::minute;
use crate::Value;
use crate::action::CommandAction;
use crate::assertion::changes_to;
use crate::device::InMemoryDevice;
use crate::journal::{EntryKind, Phase};
use crate::state_machine::{
    AttributeObserver, Cancel, Cancelled, NavigationError, StateMachine, StepMoment, Transition,
};
use crate::tracer::Tracer;

fn cancelled(error: NavigationError<String>) -> Cancelled<String> {
    match error {
        NavigationError::Cancelled(account) => *account,
        other => panic!("not cancelled: {other}"),
    }
}

/// A lamp that is heated by a command and is never warm.
fn cold_lamp(tracer: &Tracer) -> StateMachine<String> {
    let device = InMemoryDevice::new("lab/lamp/1")
        .with_attribute("state", "OFF")
        .with_command("Heat", |device, _| {
            device.set("state", "HEATING");
            Ok(Value::Void)
        });
    let traced = tracer.device(Arc::new(device));
    let observer = AttributeObserver::converting(&traced, "state", |value| {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| "not a text".into())
    });
    let heat = Transition::to("WARM".to_owned())
        .named("Heat")
        .from(["OFF".to_owned()])
        .action(move || {
            CommandAction::new(&traced, "Heat", ()).postcondition(changes_to(
                [&traced],
                "state",
                "WARM",
            ))
        });
    StateMachine::new(tracer, observer)
        .with_transition(heat)
        .unwrap()
        .with_transition(Transition::to("ON".to_owned()).from(["WARM".to_owned()]))
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_called_off_at_once_and_tells_where_it_stopped() {
    let tracer = Tracer::default();
    let cancel = Cancel::new();
    let machine = cold_lamp(&tracer).cancelled_by(&cancel);
    let mark = tracer.mark();
    let began = tokio::time::Instant::now();
    let (outcome, ()) = tokio::join!(machine.reach("ON".to_owned(), minute()), async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        cancel.cancel();
    });
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    let error = outcome.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cancelled on the way from OFF to ON, during Heat (OFF -> WARM): Heat to lab/lamp/1 was \
         sent; the state is HEATING now"
    );
    assert_eq!(error.last_seen().map(String::as_str), Some("HEATING"));
    assert!(error.failure().is_none());
    let account = cancelled(error);
    assert!(account.taken.is_empty());
    assert_eq!(account.sent, ["Heat to lab/lamp/1"]);
    // The record tells the same, and that the action was given up.
    let entries = tracer.journal().since(&mark);
    assert!(entries.iter().any(|entry| matches!(
        &*entry.kind,
        EntryKind::Step { phase: Phase::Failed { reason }, .. } if reason.contains("given up")
    )));
    assert!(entries.iter().any(|entry| matches!(
        &*entry.kind,
        EntryKind::Note { text } if text.contains("cancelled on the way from OFF to ON")
    )));
}

#[tokio::test]
async fn called_off_beforehand_nothing_is_executed() {
    let lamp = Lamp::new("OFF");
    let cancel = Cancel::new();
    let machine = lamp
        .machine()
        .with_transition(lamp.step("light", "OFF", "ON", &["ON"]))
        .unwrap()
        .cancelled_by(&cancel);
    cancel.cancel();
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cancelled before the way to ON was planned; the state is OFF now"
    );
    assert!(lamp.done().is_empty());
}

#[tokio::test]
async fn called_off_between_two_steps_the_next_is_not_begun() {
    let lamp = Lamp::new("OFF");
    let cancel = Cancel::new();
    let cancelling = cancel.clone();
    let machine = lamp
        .machine()
        .with_transition(lamp.step("heat", "OFF", "WARM", &["WARM"]))
        .unwrap()
        .with_transition(lamp.step("light", "WARM", "ON", &["ON"]))
        .unwrap()
        .cancelled_by(&cancel)
        .with_step_hook(move |moment: StepMoment<String>| {
            if matches!(moment, StepMoment::Taken(_)) {
                cancelling.cancel();
            }
            async { Ok::<(), String>(()) }
        });
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cancelled on the way from OFF to ON, after heat (OFF -> WARM); the state is WARM now"
    );
    let account = cancelled(error);
    assert_eq!((account.taken.len(), account.under_way), (1, None));
    assert_eq!(lamp.done(), ["heat"]);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_is_not_told_does_not_hold_up_the_end() {
    let cancel = Cancel::new();
    let machine = StateMachine::new(&Tracer::default(), || {
        std::future::pending::<Result<String, std::io::Error>>()
    })
    .cancelled_by(&cancel);
    cancel.cancel();
    let outcome = tokio::time::timeout(
        Duration::from_secs(10),
        machine.reach("ON".to_owned(), minute()),
    );
    let account = cancelled(outcome.await.unwrap().unwrap_err());
    assert_eq!((account.from, account.found), (None, None));
}

#[tokio::test]
async fn a_machine_that_may_be_called_off_reaches_all_the_same() {
    let lamp = Lamp::new("OFF");
    let cancel = Cancel::new();
    let machine = lamp
        .machine()
        .with_transition(lamp.step("light", "OFF", "ON", &["ON"]))
        .unwrap()
        .cancelled_by(&cancel);
    machine.reach("ON".to_owned(), minute()).await.unwrap();
    assert!(!cancel.is_cancelled());
}

#[tokio::test]
async fn called_off_by_the_hook_before_a_step_nothing_of_it_is_done() {
    let lamp = Lamp::new("OFF");
    let cancel = Cancel::new();
    let cancelling = cancel.clone();
    let machine = lamp
        .machine()
        .with_transition(lamp.step("light", "OFF", "ON", &["ON"]))
        .unwrap()
        .cancelled_by(&cancel)
        .with_step_hook(move |_: StepMoment<String>| {
            cancelling.cancel();
            async { Ok::<(), String>(()) }
        });
    let error = machine.reach("ON".to_owned(), minute()).await.unwrap_err();
    assert!(lamp.done().is_empty(), "{error}");
    assert!(cancelled(error).sent.is_empty());
}

/// A lamp that takes its time for two steps.
fn slow_lamp(tracer: &Tracer) -> StateMachine<String> {
    let switch = |to: &'static str| {
        move |device: InMemoryDevice, _| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let later = device.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                later.set("state", to);
            });
            Ok(Value::Void)
        }
    };
    let device = InMemoryDevice::new("lab/lamp/1")
        .with_attribute("state", "OFF")
        .with_async_command("Heat", switch("WARM"))
        .with_async_command("Light", switch("ON"));
    let traced = tracer.device(Arc::new(device));
    let observer = AttributeObserver::converting(&traced, "state", |value| {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| "not a text".into())
    });
    let step = |command: &'static str, from: &str, to: &'static str| {
        let traced = traced.clone();
        Transition::to(to.to_owned())
            .named(command)
            .from([from.to_owned()])
            .action(move || {
                let changes = changes_to([&traced], "state", to);
                CommandAction::new(&traced, command, ()).postcondition(changes)
            })
    };
    StateMachine::new(tracer, observer)
        .with_transition(step("Heat", "OFF", "WARM"))
        .unwrap()
        .with_transition(step("Light", "WARM", "ON"))
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn wherever_it_is_called_off_the_account_tells_what_was_sent() {
    let mut cancellations = 0;
    for polls in 0.. {
        let tracer = Tracer::default();
        let cancel = Cancel::new();
        let machine = slow_lamp(&tracer).cancelled_by(&cancel);
        let mark = tracer.mark();
        let mut reaching = Box::pin(machine.reach("ON".to_owned(), minute()));
        let mut polled = 0;
        let outcome = std::future::poll_fn(|context| {
            if polled == polls {
                cancel.cancel();
            }
            polled += 1;
            reaching.as_mut().poll(context)
        });
        let outcome = outcome.await;
        let entries = tracer.journal().since(&mark);
        let sent = entries
            .iter()
            .filter(|entry| matches!(&*entry.kind, EntryKind::Command { .. }))
            .count();
        match outcome {
            Ok(arrival) => {
                assert!(polled <= polls + 1, "called off and arrived all the same");
                assert_eq!((arrival.steps.len(), sent), (2, 2));
                break;
            }
            Err(error) => {
                let account = cancelled(error);
                assert_eq!(account.taken.len() + account.sent.len(), sent, "{account}");
                let told = account.to_string();
                assert!(account.found.is_some(), "{told}");
                cancellations += 1;
            }
        }
    }
    assert!(cancellations > 8, "{cancellations}");
}
