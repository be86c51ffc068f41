//! One action: its steps, its conditions, its command.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use harness_core::action::{Action, ActionError, CommandAction, Sequence, WaitAction};
use harness_core::assertion::{Assertion, Watch, stops_when};
use harness_core::{
    BoxFuture, Entry, Failure, InMemoryDevice, Timeout, Tracer, Value, changes_to, stops_on,
};

use crate::bench::{Bench, commands, steps};

/// Holds at once, and counts how often it is set up and verified.
#[derive(Default)]
struct Counted {
    setups: AtomicUsize,
    verifications: AtomicUsize,
}

impl Assertion for Counted {
    fn describe(&self) -> String {
        "it is counted".to_owned()
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        self.setups.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(Ok(())))
    }

    fn verify<'a>(&'a self, _watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        self.verifications.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Counted {
    fn counts(&self) -> (usize, usize) {
        (
            self.setups.load(Ordering::Relaxed),
            self.verifications.load(Ordering::Relaxed),
        )
    }
}

#[tokio::test(start_paused = true)]
async fn making_one_does_nothing() {
    let bench = Bench::new(1);
    let go = CommandAction::new(&bench.traced[0], "Go", "IDLE")
        .precondition(bench.is("EMPTY"))
        .postcondition(changes_to(&bench.traced, "obsState", "IDLE"))
        .early_stop(stops_on(&bench.traced, "obsState", "FAULT"));
    let _sequence = Sequence::new(&bench.tracer, "all").then(go);
    assert_eq!(bench.devices[0].subscriptions_made(), 0);
    assert_eq!(bench.tracer.journal().next_sequence(), 0);
}

#[tokio::test(start_paused = true)]
async fn without_conditions_it_is_only_done() {
    let bench = Bench::new(1);
    let mark = bench.tracer.mark();
    CommandAction::new(&bench.traced[0], "Go", "IDLE")
        .execute(Timeout::zero())
        .await
        .unwrap();
    let entries = bench.tracer.journal().since(&mark);
    assert_eq!(commands(&entries), [("Go".to_owned(), "IDLE".into())]);
    assert_eq!(bench.devices[0].subscriptions_made(), 0);
}

#[tokio::test(start_paused = true)]
async fn preconditions_can_be_left_out_by_taking_the_steps_oneself() {
    let bench = Bench::new(1);
    let mut go = CommandAction::new(&bench.traced[0], "Go", "IDLE")
        .precondition(bench.is("READY"))
        .postcondition(changes_to(&bench.traced, "obsState", "IDLE"));
    let timeout = Timeout::seconds(1);
    go.setup().await.unwrap();
    let mark = bench.tracer.mark();
    go.procedure(&timeout).await.unwrap();
    go.verify_postconditions(&mark, &timeout).await.unwrap();
    assert!(go.execute(timeout).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn postconditions_can_be_left_out_by_taking_the_steps_oneself() {
    let bench = Bench::new(1);
    let mut go = CommandAction::new(&bench.traced[0], "Go", "IDLE")
        .precondition(bench.is("EMPTY"))
        .postcondition(changes_to(&bench.traced, "obsState", "READY"));
    go.setup().await.unwrap();
    let mark = bench.tracer.mark();
    go.verify_preconditions(&mark).await.unwrap();
    go.procedure(&Timeout::seconds(1)).await.unwrap();
    assert_eq!(go.last_reply(), Some(&Value::from("IDLE")));
}

#[tokio::test(start_paused = true)]
async fn an_execution_is_on_record_from_its_start_to_its_end() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    CommandAction::new(&bench.traced[0], "Go", "IDLE")
        .postcondition(changes_to(&bench.traced, "obsState", "IDLE"))
        .execute(Timeout::seconds(1))
        .await
        .unwrap();
    let entries = bench.tracer.journal().since(&mark);
    let kinds: Vec<String> = entries
        .iter()
        .map(|entry| {
            serde_json::to_value(entry).unwrap()["kind"]
                .as_str()
                .unwrap()
                .into()
        })
        .collect();
    assert_eq!(kinds, ["step", "command", "event", "reply", "step"]);
    let name = "Go on t/subarray/01";
    assert_eq!(
        steps(&entries),
        [format!("{name} started"), format!("{name} finished")]
    );
}

#[tokio::test(start_paused = true)]
async fn preconditions_are_told_in_the_order_they_were_given() {
    let bench = Bench::new(1);
    let error = CommandAction::new(&bench.traced[0], "Go", "IDLE")
        .precondition(bench.is("READY"))
        .precondition(bench.is("EMPTY"))
        .precondition(bench.is("FAULT"))
        .execute(Timeout::seconds(1))
        .await
        .unwrap_err();
    let told: Vec<_> = error
        .failure()
        .unwrap()
        .expected()
        .iter()
        .map(|expected| (expected.description.clone(), expected.met))
        .collect();
    let is = |state: &str| format!("t/subarray/01 obsState is {state}");
    assert_eq!(
        told,
        [
            (is("READY"), false),
            (is("EMPTY"), true),
            (is("FAULT"), false)
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn every_condition_is_set_up_and_verified_once_an_execution() {
    let bench = Bench::new(1);
    let before = Arc::new(Counted::default());
    let after = Arc::new(Counted::default());
    let mut go = CommandAction::new(&bench.traced[0], "Nothing", ())
        .precondition(Arc::clone(&before))
        .postcondition(Arc::clone(&after));
    for count in 1..=3 {
        go.execute(Timeout::seconds(1)).await.unwrap();
        assert_eq!(before.counts(), (count, count));
        assert_eq!(after.counts(), (count, count));
    }
}

#[tokio::test(start_paused = true)]
async fn early_stops_are_asked_one_after_another_until_one_fires() {
    let bench = Bench::new(1);
    let asked = Arc::new(AtomicUsize::new(0));
    let silent = || {
        let asked = Arc::clone(&asked);
        move |_: &Entry| {
            asked.fetch_add(1, Ordering::Relaxed);
            None
        }
    };
    let go = |to: &str| {
        CommandAction::new(&bench.traced[0], "Go", to)
            .postcondition(changes_to(&bench.traced, "obsState", to))
            .early_stop(silent())
            .early_stop(silent())
    };
    go("IDLE").execute(Timeout::seconds(1)).await.unwrap();
    let after_one = asked.load(Ordering::Relaxed);
    assert!(
        after_one > 0 && after_one.is_multiple_of(2),
        "both see every entry"
    );

    let error = go("READY")
        .early_stop(stops_when("the last one", |entry| entry.event().is_some()))
        .execute(Timeout::seconds(1))
        .await
        .unwrap_err();
    assert!(matches!(error, ActionError::EarlyStop { .. }), "{error}");
    assert!(error.to_string().contains("the last one"), "{error}");
    assert!(asked.load(Ordering::Relaxed) > after_one);
}

#[tokio::test(start_paused = true)]
async fn what_happened_before_the_answer_counts_without_waiting() {
    let bench = Bench::new(1);
    let go = |to: &str| {
        CommandAction::new(&bench.traced[0], "Go", to).postcondition(changes_to(
            &bench.traced,
            "obsState",
            "IDLE",
        ))
    };
    go("IDLE").execute(Timeout::zero()).await.unwrap();
    let error = go("READY").execute(Timeout::zero()).await.unwrap_err();
    assert!(
        matches!(error, ActionError::Postcondition { .. }),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_argument_is_sent_as_it_is_and_the_answer_kept() {
    let echo = InMemoryDevice::new("a/b/c").with_command("Echo", |_, argument| Ok(argument));
    let echo = Tracer::default().device(Arc::new(echo));
    for argument in [
        Value::from(0),
        Value::from(false),
        Value::from(""),
        Value::from([0, 1]),
    ] {
        let mut action = CommandAction::new(&echo, "Echo", argument.clone());
        action.execute(Timeout::zero()).await.unwrap();
        assert_eq!(action.last_reply(), Some(&argument));
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_without_argument_is_sent_nothing() {
    let bench = Bench::new(1);
    let mark = bench.tracer.mark();
    CommandAction::new(&bench.traced[0], "Nothing", ())
        .execute(Timeout::zero())
        .await
        .unwrap();
    let sent = commands(&bench.tracer.journal().since(&mark));
    assert_eq!(sent, [("Nothing".to_owned(), Value::Void)]);
}

#[test]
fn the_description_tells_command_device_and_argument_even_a_zero() {
    let bench = Bench::new(1);
    let described =
        |argument: Value| CommandAction::new(&bench.traced[0], "Go", argument).description();
    let sends = "sends Go to t/subarray/01";
    assert_eq!(described(().into()), sends);
    assert_eq!(described("IDLE".into()), format!("{sends} with IDLE"));
    assert_eq!(described(0.into()), format!("{sends} with 0"));
    assert_eq!(described(false.into()), format!("{sends} with false"));
    assert_eq!(described("".into()), format!("{sends} with \"\""));
    assert_eq!(described([0, 1].into()), format!("{sends} with [0, 1]"));
}

#[tokio::test(start_paused = true)]
async fn what_is_read_before_may_be_awaited_after() {
    let bench = Bench::new(1);
    CommandAction::new(&bench.traced[0], "Go", "IDLE")
        .precondition(bench.is("EMPTY"))
        .postcondition(bench.is("IDLE"))
        .execute(Timeout::seconds(1))
        .await
        .unwrap();
    bench.set_after(500, 0, "READY");
    WaitAction::new(&bench.tracer, "settle")
        .postcondition(bench.is("READY"))
        .execute(Timeout::seconds(1))
        .await
        .unwrap();
}
