//! More happened than anyone can read.

use harness_core::journal::{EntryKind, Journal};
use harness_core::{CommandAction, Tracer, Value, changes_to};
use insta::assert_snapshot;

use super::bench::{SUBARRAY, configure, failure, subarray};

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_events() {
    let device = subarray(SUBARRAY, &[]).with_command("Track", |device, _| {
        (0..100_000).for_each(|step| device.set("pointing", step));
        Ok(Value::Void)
    });
    device.set("pointing", -1);
    let subarray = Tracer::default().device(std::sync::Arc::new(device));
    let action = CommandAction::new(&subarray, "Track", ()).postcondition(changes_to(
        [&subarray],
        "pointing",
        100_000,
    ));
    let error = failure(action).await;
    let lines = error.to_string().lines().count();
    assert!(lines <= 60, "{lines}");
    assert_snapshot!(error);
}

#[tokio::test(start_paused = true)]
async fn events_of_an_attribute_of_which_nothing_was_expected() {
    let device = subarray(SUBARRAY, &["CONFIGURING", "FAULT"]);
    device.set("pointing", -1);
    let subarray = Tracer::default().device(std::sync::Arc::new(device.clone()));
    subarray.watch("pointing").await.unwrap();
    let pointing = tokio::spawn(async move {
        for step in 0.. {
            device.set("pointing", step);
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    });
    assert_snapshot!(failure(configure(&subarray)).await);
    pointing.abort();
}

#[tokio::test(start_paused = true)]
async fn what_the_narrator_knows_is_told_in_its_words() {
    let told = |kind: &EntryKind| match kind {
        EntryKind::Event(event) if event.is_from(SUBARRAY, "lrcExecuting") => {
            let progress = event.reading()?.value.as_int()?;
            Some(format!("Configure is IN_PROGRESS, {progress} %"))
        }
        _ => None,
    };
    let device = subarray(SUBARRAY, &["CONFIGURING"]);
    device.set("lrcExecuting", 0);
    let tracer = Tracer::new(Journal::new().with_narrator(told));
    let subarray = tracer.device(std::sync::Arc::new(device.clone()));
    subarray.watch("lrcExecuting").await.unwrap();
    tokio::spawn(async move {
        for progress in [10, 20, 33] {
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            device.set("lrcExecuting", progress);
        }
    });
    assert_snapshot!(failure(configure(&subarray)).await);
}
