//! What came behind an early stop, or after the deadline.

use super::*;
use crate::Value;
use crate::action::{Action, CommandAction};

/// What `Go` causes, which sets these values one after the other.
async fn after_go(values: &'static [&'static str]) -> String {
    let device = InMemoryDevice::new("t/subarray/01")
        .with_attribute("obsState", "EMPTY")
        .with_command("Go", |device, _| {
            values
                .iter()
                .for_each(|value| device.set("obsState", *value));
            Ok(Value::Void)
        });
    let subarray = Tracer::default().device(Arc::new(device));
    let error = CommandAction::new(&subarray, "Go", ())
        .postcondition(changes_to(&subarray, "obsState", "IDLE"))
        .early_stop(stops_on(&subarray, "obsState", "FAULT"))
        .execute(Timeout::zero())
        .await
        .unwrap_err();
    error.failure().unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn a_change_behind_an_early_stop_is_told_as_such() {
    let account = after_go(&["FAULT", "IDLE"]).await;
    assert!(!account.contains("had that value already"), "{account}");
    assert!(!account.contains("no change"), "{account}");
    let told = "but: changed to IDLE at +0.000 s, after the stop";
    assert!(account.contains(told), "{account}");
}

#[tokio::test(start_paused = true)]
async fn what_stopped_the_wait_is_not_taken_for_the_value_of_before() {
    let account = after_go(&["FAULT"]).await;
    let told = "but: no change before the stop; it was EMPTY";
    assert!(account.contains(told), "{account}");
    let account = after_go(&["RESOURCING", "FAULT", "READY"]).await;
    let told = "but: last change EMPTY -> RESOURCING at +0.000 s";
    assert!(account.contains(told), "{account}");
}

/// A watch of a second that began two seconds ago, while nothing happened.
async fn late(bench: &Bench) -> (Mark, Timeout) {
    bench.traced[0].watch("obsState").await.unwrap();
    let (mark, timeout) = (bench.tracer.mark(), Timeout::seconds(1));
    timeout.start();
    tokio::time::advance(Duration::from_secs(2)).await;
    (mark, timeout)
}

async fn verify(
    bench: &Bench,
    (mark, timeout): &(Mark, Timeout),
    assertion: impl Assertion + 'static,
) -> Failure {
    let watch = Watch::new(&bench.tracer, mark, timeout);
    let assertion: Box<dyn Assertion> = Box::new(assertion);
    watch.verify_all("test", &[assertion]).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_change_after_the_deadline_is_too_late_and_no_value_of_before() {
    let bench = Bench::new(1);
    let late = late(&bench).await;
    bench.set(0, "IDLE");
    let idle = changes_to(&bench.traced, "obsState", "IDLE");
    let failure = verify(&bench, &late, idle).await;
    assert!(!failure.to_string().contains("had that value already"));
    assert_eq!(
        nearest(Err(failure)),
        ["changed to IDLE at +2.000 s, too late"]
    );
    let fault = changes_to(&bench.traced, "obsState", "FAULT");
    let failure = verify(&bench, &late, fault).await;
    assert_eq!(nearest(Err(failure)), ["no change in time; it was EMPTY"]);
    // the value of before is the one before what came too late
    let empty = changes_to(&bench.traced, "obsState", "EMPTY");
    let failure = verify(&bench, &late, empty).await;
    assert!(failure.to_string().contains("had that value already"));
}

#[tokio::test(start_paused = true)]
async fn what_is_still_missing_of_several_changes_may_come_too_late() {
    let bench = Bench::new(1);
    bench.traced[0].watch("obsState").await.unwrap();
    let (mark, timeout) = (bench.tracer.mark(), Timeout::seconds(1));
    timeout.start();
    bench.set(0, "IDLE");
    bench.set(0, "EMPTY");
    tokio::time::advance(Duration::from_secs(2)).await;
    bench.set(0, "IDLE");
    bench.set(0, "READY");
    let late = (mark, timeout);
    let twice = changes_to(&bench.traced, "obsState", "IDLE").at_least(2);
    let failure = verify(&bench, &late, twice).await;
    assert_eq!(
        nearest(Err(failure)),
        ["1 of 2 times, last EMPTY -> IDLE at +0.000 s; changed to IDLE at +2.000 s, too late"]
    );
    let step = |value: &str| changes_to(&bench.traced, "obsState", value);
    let order = step("EMPTY").then(step("READY"));
    let failure = verify(&bench, &late, order).await;
    assert_eq!(
        nearest(Err(failure)),
        ["changed to READY at +2.000 s, too late"]
    );
    let way = passes_through(&bench.traced, "obsState", ["EMPTY", "IDLE"]);
    let failure = verify(&bench, &late, way).await;
    assert_eq!(
        nearest(Err(failure)),
        ["EMPTY at +0.000 s; changed to IDLE at +2.000 s, too late"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_came_when_another_device_had_broken_it_is_told() {
    let bench = Bench::new(2);
    let once = || changes_to(&bench.traced, "obsState", "IDLE").exactly(1);
    let mark = bench.marked(&once()).await;
    for value in ["IDLE", "EMPTY", "IDLE"] {
        bench.set(0, value);
    }
    bench.set(1, "IDLE");
    let outcome = bench.verify(&mark, 1.0, once()).await;
    assert_eq!(
        nearest(outcome),
        [
            "twice, the one too many EMPTY -> IDLE at +0.000 s",
            "changed to IDLE at +0.000 s, when it had failed already"
        ]
    );
}
