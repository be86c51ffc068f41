//! The harness as a test writer sees it, on devices in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness_core::action::Conditions;
use harness_core::assertion::{Assertion, EarlyStop, Watch, changes, stops_when};
use harness_core::journal::Journal;
use harness_core::{
    Action, ActionError, BoxFuture, CommandAction, Entry, Failure, InMemoryDevice, Mark, Sequence,
    Timeout, TracedDevice, Tracer, Value, changes_to, is_in_state, passes_through, stops_on,
};

/// A subarray whose commands take it through a passing state to a lasting one.
fn subarray(number: usize) -> InMemoryDevice {
    let passing = [
        ("AssignResources", "RESOURCING", "IDLE"),
        ("Configure", "CONFIGURING", "READY"),
        ("End", "RESOURCING", "IDLE"),
        ("ReleaseAllResources", "RESOURCING", "EMPTY"),
    ];
    let device = InMemoryDevice::new(format!("low-tmc/subarray/{number:02}"))
        .with_attribute("obsState", "EMPTY");
    passing
        .into_iter()
        .fold(device, |device, (command, through, to)| {
            device.with_command(command, move |subarray, _| {
                subarray.set("obsState", through);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    subarray.set("obsState", to);
                });
                Ok(Value::from([1]))
            })
        })
}

fn step(subarray: &TracedDevice, command: &str, from: &str, to: &str) -> CommandAction {
    CommandAction::new(subarray, command, "{}")
        .precondition(is_in_state([subarray], "obsState", from))
        .postcondition(changes_to([subarray], "obsState", to))
        .early_stop(stops_on([subarray], "obsState", "FAULT"))
}

#[tokio::test(start_paused = true)]
async fn an_observation_runs_and_is_on_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let journal = Journal::new();
    journal.write_to_file(&path).unwrap();
    let tracer = Tracer::new(journal.clone());
    let subarray = tracer.device(Arc::new(subarray(1)));
    let mark = tracer.mark();
    Sequence::new(&tracer, "observe")
        .then(step(&subarray, "AssignResources", "EMPTY", "IDLE"))
        .then(step(&subarray, "Configure", "IDLE", "READY"))
        .then(step(&subarray, "End", "READY", "IDLE"))
        .execute(Timeout::seconds(10))
        .await
        .unwrap();
    let way = [
        "RESOURCING",
        "IDLE",
        "CONFIGURING",
        "READY",
        "RESOURCING",
        "IDLE",
    ];
    let watch = Watch::new(&tracer, &mark, &Timeout::zero());
    let took = passes_through(&subarray, "obsState", way);
    watch
        .verify_all("afterwards", &[Box::new(took)])
        .await
        .unwrap();

    journal.flush().await.unwrap();
    let lines: Vec<serde_json::Value> = std::fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["kind"], "journal");
    for (index, line) in lines.iter().skip(1).enumerate() {
        assert_eq!(line["sequence"], index);
    }
    let count = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!(
        [
            count("command"),
            count("reply"),
            count("event"),
            count("step")
        ],
        [3, 3, 7, 8]
    );
}

/// Many subarrays at once, on several threads: every change is seen by the action that caused it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_actions_at_once_share_one_record() {
    const SUBARRAYS: usize = 40;
    const ROUNDS: i64 = 50;
    let tracer = Tracer::default();
    let start = tracer.mark();
    let running: Vec<_> = (0..SUBARRAYS)
        .map(|number| {
            let counter = InMemoryDevice::new(format!("test/counter/{number}"))
                .with_attribute("count", 0)
                .with_async_command("Next", |counter, next| async move {
                    // the event comes from another task, before or after the reply
                    tokio::spawn(async move { counter.set("count", next) });
                    Ok(Value::Void)
                });
            let counter = tracer.device(Arc::new(counter));
            tokio::spawn(async move {
                for round in 1..=ROUNDS {
                    CommandAction::new(&counter, "Next", round)
                        .precondition(is_in_state([&counter], "count", round - 1))
                        .postcondition(changes_to([&counter], "count", round).from(round - 1))
                        .execute(Timeout::seconds(60))
                        .await?;
                }
                Ok::<_, ActionError>(())
            })
        })
        .collect();
    for task in running {
        task.await.unwrap().unwrap();
    }
    let entries = tracer.journal().since(&start);
    assert!(
        entries
            .windows(2)
            .all(|pair| pair[1].sequence == pair[0].sequence + 1)
    );
    for number in 0..SUBARRAYS {
        let changes = tracer.changes_since(&start, &format!("test/counter/{number}"), "count");
        assert_eq!(changes.len(), usize::try_from(ROUNDS).unwrap());
        for (change, round) in changes.iter().zip(1i64..) {
            assert_eq!(change.reading.value, Value::from(round));
            assert_eq!(change.previous, Some(Value::from(round - 1)));
        }
    }
}

/// An assertion of one's own: so many entries of any kind.
struct Entries(usize);

impl Assertion for Entries {
    fn describe(&self) -> String {
        format!("{} entries are recorded", self.0)
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let mut entries = watch.entries();
            for _ in 0..self.0 {
                if entries.next().await.is_err() {
                    return Err(Failure::new("too few entries"));
                }
            }
            Ok(())
        })
    }
}

/// An action of one's own, which writes a note.
struct Note {
    tracer: Tracer,
    conditions: Conditions,
}

impl Action for Note {
    fn name(&self) -> String {
        "write a note".to_owned()
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn procedure<'a>(
        &'a mut self,
        _timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        self.tracer.journal().note("noted");
        Box::pin(std::future::ready(Ok(())))
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let Self { tracer, conditions } = &*self;
            conditions
                .verify_postconditions(tracer, "write a note", mark, timeout)
                .await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn assertions_early_stops_and_actions_of_ones_own_fit_in() {
    let stopping = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stopping);
    let closure = move |_: &Entry| asked.load(Ordering::Relaxed).then(|| "asked to".to_owned());
    let mut note = Note {
        tracer: Tracer::default(),
        conditions: Conditions::new()
            .postcondition(Entries(1))
            .early_stop(closure),
    };
    note.execute(Timeout::seconds(1)).await.unwrap();

    note.conditions = std::mem::take(&mut note.conditions).postcondition(Entries(2));
    let error = note.execute(Timeout::seconds(1)).await.unwrap_err();
    assert!(
        matches!(error, ActionError::Postcondition { .. }),
        "{error}"
    );

    stopping.store(true, Ordering::Relaxed);
    let error = note.execute(Timeout::seconds(1)).await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("write a note: stopped early after 0s: asked to")
    );
    let error: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert!(error.downcast_ref::<ActionError>().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_named_early_stop_sees_commands_too() {
    let tracer = Tracer::default();
    let device = subarray(1);
    let subarray = tracer.device(Arc::new(device));
    let stop = stops_when("somebody aborted", |entry| {
        matches!(&*entry.kind, harness_core::journal::EntryKind::Command { command, .. }
            if &**command == "Abort")
    });
    assert_eq!(stop.describe(), "somebody aborted");
    let meddler = subarray.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        meddler.command("Abort", ()).await
    });
    let error = CommandAction::new(&subarray, "AssignResources", "{}")
        .postcondition(changes([&subarray], "obsState").at_least(5))
        .early_stop(stop)
        .execute(Timeout::seconds(60))
        .await
        .unwrap_err();
    let headline = error.failure().unwrap().headline();
    assert!(
        headline.ends_with("stopped early after 50ms: somebody aborted"),
        "{headline}"
    );
}
