//! Every test drives devices in memory on tokio's paused clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::*;
use crate::assertion::{changes_to, is_in_state, stops_on};
use crate::device::StackFrame;
use crate::journal::{EntryKind, Phase};
use crate::{BoxFuture, DeviceError, InMemoryDevice, Mark, Timeout, TracedDevice, Tracer, Value};

mod adapted;
mod commands;
mod losses;
mod parallel;
mod preconditions;
mod retried;
mod sequences;

/// A subarray in EMPTY. `Assign` is answered after half a second; the subarray is RESOURCING at
/// once and IDLE two seconds later, or in FAULT if asked for "trouble".
fn subarray() -> (InMemoryDevice, TracedDevice) {
    let device = InMemoryDevice::new("low-tmc/subarray/01")
        .with_attribute("obsState", "EMPTY")
        .with_async_command("Assign", |subarray, argument| async move {
            subarray.set("obsState", "RESOURCING");
            let end = if argument == Value::from("trouble") {
                "FAULT"
            } else {
                "IDLE"
            };
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(2)).await;
                subarray.set("obsState", end);
            });
            tokio::time::sleep(Duration::from_millis(500)).await;
            Ok(Value::from("1_Assign"))
        })
        .with_command("Refuse", |_, _| {
            Err(DeviceError::refused("low-tmc/subarray/01", "Refuse")
                .with_frame(StackFrame::new("NotAllowed", "not in EMPTY"))
                .with_frame(StackFrame::new("Below", "the lower layer")))
        });
    let traced = Tracer::default().device(Arc::new(device.clone()));
    (device, traced)
}

fn assign(subarray: &TracedDevice) -> CommandAction {
    CommandAction::new(subarray, "Assign", ())
        .precondition(is_in_state([subarray], "obsState", "EMPTY"))
        .postcondition(changes_to([subarray], "obsState", "RESOURCING"))
        .postcondition(changes_to([subarray], "obsState", "IDLE").from("RESOURCING"))
        .early_stop(stops_on([subarray], "obsState", "FAULT"))
}

fn steps(tracer: &Tracer, mark: &Mark) -> Vec<(String, Phase)> {
    let entries = tracer.journal().since(mark);
    let steps = entries.iter().filter_map(|entry| match &*entry.kind {
        EntryKind::Step { name, phase } => Some((name.to_string(), phase.clone())),
        _ => None,
    });
    steps.collect()
}

/// Writes down what is called, and can fail at one of the calls.
struct Noting {
    tracer: Tracer,
    calls: Arc<Mutex<Vec<String>>>,
    fails_at: &'static str,
    takes: Duration,
}

impl Noting {
    fn new(fails_at: &'static str) -> Self {
        Self {
            tracer: Tracer::default(),
            calls: Arc::default(),
            fails_at,
            takes: Duration::ZERO,
        }
    }

    fn call(&self, what: &str, detail: String) -> BoxFuture<'_, Result<(), ActionError>> {
        self.calls.lock().unwrap().push(format!("{what}{detail}"));
        let failed = what == self.fails_at;
        Box::pin(async move {
            tokio::time::sleep(self.takes).await;
            match failed {
                true => Err(ActionError::procedure(
                    "noting",
                    crate::Failure::new("as asked"),
                )),
                false => Ok(()),
            }
        })
    }
}

impl Action for Noting {
    fn name(&self) -> String {
        "noting".to_owned()
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        self.call("setup", String::new())
    }

    fn verify_preconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.call("before", format!(" mark {}", mark.sequence()))
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        self.tracer.journal().note("the procedure");
        self.call("procedure", format!(" started {}", timeout.is_started()))
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        let seen = mark.journal().since(mark).len();
        self.call(
            "after",
            format!(" {seen} entries, {:?} left", timeout.remaining()),
        )
    }
}

#[tokio::test(start_paused = true)]
async fn executes_in_the_order_stated_and_starts_the_clock_after_the_procedure() {
    let mut action = Noting::new("");
    action.takes = Duration::from_secs(1);
    action.execute(Timeout::seconds(10)).await.unwrap();
    assert_eq!(
        *action.calls.lock().unwrap(),
        [
            "setup",
            "before mark 1",
            "procedure started false",
            "after 1 entries, 10s left"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_ends_it() {
    for (fails_at, calls) in [("setup", 1), ("before", 2), ("procedure", 3), ("after", 4)] {
        let mut action = Noting::new(fails_at);
        let mark = action.tracer.mark();
        action.execute(Timeout::seconds(10)).await.unwrap_err();
        assert_eq!(action.calls.lock().unwrap().len(), calls, "{fails_at}");
        let failed = Phase::Failed {
            reason: "as asked".to_owned(),
        };
        assert_eq!(
            steps(&action.tracer, &mark),
            [
                ("noting".to_owned(), Phase::Started),
                ("noting".to_owned(), failed)
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_is_sent_and_what_it_causes_is_awaited() {
    let (_, subarray) = subarray();
    let mut action = assign(&subarray);
    let started = Instant::now();
    action.execute(Timeout::seconds(5)).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    assert_eq!(action.last_reply(), Some(&Value::from("1_Assign")));
    assert_eq!(action.name(), "Assign on low-tmc/subarray/01");
}

#[tokio::test(start_paused = true)]
async fn executing_again_subscribes_to_nothing_new() {
    let (device, subarray) = subarray();
    let mut action = assign(&subarray);
    for _ in 0..3 {
        action.execute(Timeout::seconds(5)).await.unwrap();
        device.set("obsState", "EMPTY");
    }
    assign(&subarray)
        .execute(Timeout::seconds(5))
        .await
        .unwrap();
    assert_eq!(device.subscriptions_made(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_its_precondition_nothing_is_sent() {
    let (device, subarray) = subarray();
    device.set("obsState", "READY");
    let mark = subarray.tracer().mark();
    let error = assign(&subarray)
        .execute(Timeout::seconds(5))
        .await
        .unwrap_err();
    assert!(matches!(error, ActionError::Precondition { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "Assign on low-tmc/subarray/01: a precondition does not hold; nothing was sent\n\
         \n\
         expected\n  \
           MISSING  low-tmc/subarray/01 obsState is EMPTY\n           \
                    but: it is READY"
    );
    let entries = subarray.tracer().journal().since(&mark);
    assert!(
        !entries
            .iter()
            .any(|entry| matches!(&*entry.kind, EntryKind::Command { .. }))
    );
}

#[tokio::test(start_paused = true)]
async fn all_missing_postconditions_are_told_with_what_happened() {
    let (_, subarray) = subarray();
    let mut action = CommandAction::new(&subarray, "Assign", ())
        .postcondition(changes_to([&subarray], "obsState", "RESOURCING"))
        .postcondition(changes_to([&subarray], "obsState", "READY"))
        .postcondition(changes_to([&subarray], "obsState", "IDLE").from("EMPTY"));
    let error = action.execute(Timeout::seconds(5)).await.unwrap_err();
    assert!(matches!(error, ActionError::Postcondition { .. }));
    assert_eq!(
        error.to_string(),
        "\
Assign on low-tmc/subarray/01: 2 of 3 expected things were not seen within 5s

expected
  seen     low-tmc/subarray/01 obsState changes to RESOURCING
  MISSING  low-tmc/subarray/01 obsState changes to READY
           but: last change RESOURCING -> IDLE at +2.000 s
  MISSING  low-tmc/subarray/01 obsState changes from EMPTY to IDLE
           but: RESOURCING -> IDLE at +2.000 s

what happened, in seconds after the command
  low-tmc/subarray/01
     +0.000  Assign()
     +0.000  obsState EMPTY -> RESOURCING
     +0.500  Assign answered 1_Assign
     +2.000  obsState RESOURCING -> IDLE"
    );
    assert_eq!(format!("{error:?}"), error.to_string());
}

#[tokio::test(start_paused = true)]
async fn an_early_stop_ends_it_at_once() {
    let (_, subarray) = subarray();
    let mut action = CommandAction::new(&subarray, "Assign", "trouble")
        .postcondition(changes_to([&subarray], "obsState", "IDLE"))
        .early_stop(stops_on([&subarray], "obsState", "FAULT"));
    let started = Instant::now();
    let error = action.execute(Timeout::seconds(60)).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    assert!(matches!(error, ActionError::EarlyStop { .. }));
    assert_eq!(
        error.failure().unwrap().headline(),
        "Assign on low-tmc/subarray/01: stopped early after 1s 500ms: \
         low-tmc/subarray/01 obsState RESOURCING -> FAULT"
    );
}

#[tokio::test(start_paused = true)]
async fn an_early_stop_looks_once_when_there_is_nothing_to_wait_for() {
    let (device, subarray) = subarray();
    let stopping = |device: InMemoryDevice| {
        ProcedureAction::new(subarray.tracer(), "break it", move || {
            device.set("obsState", "FAULT");
            std::future::ready(Ok::<_, std::io::Error>(()))
        })
        .early_stop(stops_on([&subarray], "obsState", "FAULT"))
    };
    let error = stopping(device.clone())
        .execute(Timeout::seconds(60))
        .await
        .unwrap_err();
    assert!(matches!(error, ActionError::EarlyStop { .. }));
    // already in FAULT: nothing changes
    stopping(device)
        .execute(Timeout::seconds(60))
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_is_told_in_the_words_of_the_device() {
    let (_, subarray) = subarray();
    let mut action = CommandAction::new(&subarray, "Refuse", ());
    let error = action.execute(Timeout::seconds(5)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "low-tmc/subarray/01 refused Refuse: not in EMPTY (NotAllowed)\n\
         \n\
         note: the lower layer (Below)"
    );
    let cause = error
        .cause()
        .unwrap()
        .downcast_ref::<DeviceError>()
        .unwrap();
    assert_eq!(cause.stack.len(), 2);
    assert_eq!(action.last_reply(), None);
}

#[tokio::test(start_paused = true)]
async fn the_reply_of_an_earlier_execution_does_not_outlive_it() {
    let (device, subarray) = subarray();
    let mut action = CommandAction::new(&subarray, "Assign", ());
    action.execute(Timeout::zero()).await.unwrap();
    assert!(action.last_reply().is_some());
    device.set_unreachable(true);
    action.execute(Timeout::zero()).await.unwrap_err();
    assert_eq!(action.last_reply(), None);
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_watched_is_told_before_anything_is_sent() {
    let (_, subarray) = subarray();
    let mark = subarray.tracer().mark();
    let error = CommandAction::new(&subarray, "Assign", ())
        .postcondition(changes_to([&subarray], "healthState", 0))
        .early_stop(stops_on([&subarray], "adminMode", 0))
        .execute(Timeout::seconds(5))
        .await
        .unwrap_err();
    assert!(matches!(error, ActionError::Subscribe { .. }));
    let text = error.to_string();
    assert!(
        text.contains("healthState") && text.contains("adminMode"),
        "{text}"
    );
    assert!(text.contains("does it push change events"), "{text}");
    assert_eq!(
        error.failure().unwrap().notes(),
        [
            "wanted by: low-tmc/subarray/01 healthState changes to 0",
            "wanted by: low-tmc/subarray/01 adminMode changes to 0"
        ]
    );
    assert_eq!(steps(subarray.tracer(), &mark).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_execution_leaves_nothing_behind() {
    let (_, subarray) = subarray();
    let tracer = subarray.tracer().clone();
    let mark = tracer.mark();
    let mut action = CommandAction::new(&subarray, "Assign", ()).postcondition(changes_to(
        [&subarray],
        "obsState",
        "READY",
    ));
    let given_up =
        tokio::time::timeout(Duration::from_secs(1), action.execute(Timeout::seconds(60)));
    assert!(given_up.await.is_err());
    let ended = Phase::Failed {
        reason: "given up before it ended".to_owned(),
    };
    assert_eq!(steps(&tracer, &mark)[1].1, ended);
    drop(mark);
    // nothing is pinned any more
    (0..5_000).for_each(|_| drop(tracer.journal().note("x")));
    assert_eq!(tracer.journal().kept(), 4096);
}

#[tokio::test(start_paused = true)]
async fn memory_stays_flat_over_thousands_of_actions() {
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("x", 0)
        .with_command("Next", |d, n| {
            d.set("x", n);
            Ok(Value::Void)
        });
    let traced = Tracer::default().device(Arc::new(device));
    for number in 1..3_000 {
        let mut action = CommandAction::new(&traced, "Next", number).postcondition(changes_to(
            [&traced],
            "x",
            number,
        ));
        action.execute(Timeout::seconds(1)).await.unwrap();
    }
    assert_eq!(traced.tracer().journal().kept(), 4096);
    assert!(traced.tracer().journal().next_sequence() > 14_000);
}

#[tokio::test(start_paused = true)]
async fn waiting_needs_no_command() {
    let (device, subarray) = subarray();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        device.set("obsState", "ABORTED");
    });
    WaitAction::new(subarray.tracer(), "settle")
        .postcondition(is_in_state([&subarray], "obsState", "ABORTED"))
        .execute(Timeout::seconds(5))
        .await
        .unwrap();
    WaitAction::new(subarray.tracer(), "settle")
        .postcondition(is_in_state([&subarray], "obsState", "ABORTED"))
        .execute(Timeout::zero())
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_procedure_can_fail_with_any_error() {
    let tracer = Tracer::default();
    let mut action = ProcedureAction::new(&tracer, "open the cover", || async {
        Err::<(), _>(std::io::Error::other("it is stuck"))
    });
    for _ in 0..2 {
        let error = action.execute(Timeout::zero()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "open the cover could not be done\n\nnote: it is stuck"
        );
        assert!(error.cause().unwrap().is::<std::io::Error>());
    }
}

#[tokio::test(start_paused = true)]
async fn a_gap_while_waiting_is_mentioned() {
    let (device, subarray) = subarray();
    let mut wait = WaitAction::new(subarray.tracer(), "settle").postcondition(changes_to(
        [&subarray],
        "obsState",
        "READY",
    ));
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let reason = "the counter jumped".to_owned();
        device.push(
            "obsState",
            crate::Signal::Gap {
                missed: Some(3),
                reason,
            },
        );
    });
    let error = wait.execute(Timeout::seconds(5)).await.unwrap_err();
    assert_eq!(
        error.failure().unwrap().notes(),
        ["3 events were missed at +1.000 s: low-tmc/subarray/01 obsState"]
    );
}
