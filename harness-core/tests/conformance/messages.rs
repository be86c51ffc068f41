//! What is told.

use std::sync::Arc;
use std::time::Duration;

use harness_core::action::{Action, CommandAction};
use harness_core::assertion::Assertion;
use harness_core::{
    EnumValue, InMemoryDevice, Timeout, Tracer, Value, changes, changes_to, stops_on, stops_when,
};

use crate::bench::Bench;

#[test]
fn a_description_has_what_was_asked_for_and_nothing_else() {
    let bench = Bench::new(1);
    let subject = "t/subarray/01 obsState";
    let plain = changes(&bench.traced, "obsState");
    assert_eq!(plain.describe(), format!("{subject} changes"));
    let whole = changes_to(&bench.traced, "obsState", "READY")
        .from("CONFIGURING")
        .matching("a valid reading", |_| true)
        .stays_for(Duration::from_secs(5));
    assert_eq!(
        whole.describe(),
        format!(
            "{subject} changes from CONFIGURING to READY, matching a valid reading \
             and stays for 5s"
        )
    );
}

/// The device went to FAULT, and then where it was expected after all.
#[tokio::test(start_paused = true)]
async fn a_stop_is_told_with_what_was_expected_and_what_came_after_it() {
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("obsState", "EMPTY")
        .with_command("Go", |device, _| {
            device.set("obsState", "RESOURCING");
            device.set("obsState", "FAULT");
            device.set("obsState", "IDLE");
            Ok(Value::Void)
        });
    let traced = Tracer::default().device(Arc::new(device));
    let error = CommandAction::new(&traced, "Go", ())
        .postcondition(changes_to([&traced], "obsState", "RESOURCING"))
        .postcondition(changes_to([&traced], "obsState", "IDLE"))
        .early_stop(stops_on([&traced], "obsState", "FAULT"))
        .execute(Timeout::zero())
        .await
        .unwrap_err();
    let text = error.to_string();
    for words in [
        "Go on a/b/c: stopped early",
        "a/b/c obsState RESOURCING -> FAULT",
        "seen     a/b/c obsState changes to RESOURCING",
        "MISSING  a/b/c obsState changes to IDLE",
        "+0.000  obsState FAULT -> IDLE",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_enumeration_is_told_by_its_word_and_never_as_a_bare_number() {
    let state = |number, label| EnumValue::labelled(number, label);
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("obsState", state(0, "EMPTY"))
        .with_command("Go", move |device, _| {
            device.set("obsState", state(2, "IDLE"));
            Ok(Value::Void)
        });
    let traced = Tracer::default().device(Arc::new(device));
    let error = CommandAction::new(&traced, "Go", ())
        .postcondition(changes_to([&traced], "obsState", state(4, "READY")).from(state(2, "IDLE")))
        .execute(Timeout::zero())
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("changes from IDLE to READY"), "{text}");
    assert!(text.contains("last change EMPTY -> IDLE"), "{text}");
}

#[test]
fn every_early_stop_can_be_described() {
    use harness_core::assertion::EarlyStop;
    let bench = Bench::new(1);
    let closure = |_: &harness_core::Entry| None;
    assert_eq!(closure.describe(), "an early stop");
    assert_eq!(stops_when("a fault", |_| false).describe(), "a fault");
    assert_eq!(
        stops_on(&bench.traced, "obsState", "FAULT").describe(),
        "t/subarray/01 obsState changes to FAULT"
    );
}
