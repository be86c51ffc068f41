//! States that are read.

use harness_core::action::{Action, WaitAction};
use harness_core::assertion::Assertion;
use harness_core::{Timeout, TracedDevice, is_in_state};

use crate::bench::Bench;

#[tokio::test(start_paused = true)]
async fn asking_for_the_state_of_no_device_is_a_mistake() {
    let bench = Bench::new(1);
    let nobody: [&TracedDevice; 0] = [];
    let assertion = is_in_state(nobody, "obsState", "READY");
    assert_eq!(assertion.describe(), "no device obsState is READY");
    let error = WaitAction::new(&bench.tracer, "wait")
        .postcondition(assertion)
        .execute(Timeout::zero())
        .await
        .unwrap_err();
    let account = error.failure().unwrap().to_string();
    assert!(account.contains("name at least one device"), "{account}");
}

#[tokio::test(start_paused = true)]
async fn the_failure_names_devices_attribute_and_both_values() {
    let bench = Bench::new(2);
    bench.set(1, "FAULT");
    let error = WaitAction::new(&bench.tracer, "begin")
        .precondition(is_in_state(&bench.traced, "obsState", "EMPTY"))
        .execute(Timeout::zero())
        .await
        .unwrap_err();
    let text = error.to_string();
    for words in [
        "seen     t/subarray/01 obsState is EMPTY",
        "MISSING  t/subarray/02 obsState is EMPTY",
        "it is FAULT",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}
